import type { Readable, Writable } from "node:stream";
import type { Frame } from "./protocol.js";

/** Bytes of a head at most: names and shapes. */
const mostHead = 2 ** 28;

/** Sends a frame: the length of its head (4 bytes, little-endian), the head as JSON with the lengths of its blobs, and these. */
export async function sendFrame(to: Writable, head: object, blobs: readonly Uint8Array[] = []): Promise<void> {
  const text = Buffer.from(JSON.stringify({ head, blobs: blobs.map(({ byteLength }) => byteLength) }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  for (const part of [length, text, ...blobs]) if (part.byteLength > 0 && !to.write(part)) await drained(to);
}

function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of ["drain", "close", "error"]) stream.off(event, done);
      resolve();
    };
    for (const event of ["drain", "close", "error"]) stream.on(event, done);
  });
}

/** The frames that come in, each with memory of its own, until the stream ends. */
export async function* frames<Head>(from: Readable): AsyncGenerator<Frame<Head>, void> {
  const chunks = from[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer = Buffer.alloc(0);
  /** Undefined where the stream ends before. */
  const exactly = async (count: number): Promise<Buffer | undefined> => {
    const result = Buffer.from(new ArrayBuffer(count));
    for (let done = 0; done < count; ) {
      if (rest.length === 0) {
        const next = await chunks.next();
        if (next.done) return undefined;
        rest = next.value;
      }
      const some = Math.min(rest.length, count - done);
      rest.copy(result, done, 0, some);
      rest = rest.subarray(some);
      done += some;
    }
    return result;
  };
  for (;;) {
    const length = (await exactly(4))?.readUInt32LE();
    if (length === undefined || length > mostHead) return;
    const text = await exactly(length);
    if (!text) return;
    const { head, blobs: lengths } = JSON.parse(text.toString()) as { head: Head; blobs: number[] };
    const blobs: Buffer[] = [];
    for (const one of lengths) {
      const blob = await exactly(one);
      if (!blob) return;
      blobs.push(blob);
    }
    yield { head, blobs };
  }
}
