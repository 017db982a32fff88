import { PassThrough } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frames, sendFrame } from "../src/frames.js";
import type { Frame } from "../src/protocol.js";

const frame = fc.record({
  head: fc.dictionary(fc.string(), fc.jsonValue()),
  blobs: fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 }),
});

/** All frames that come out of bytes that arrive in pieces of that size. */
async function received(bytes: Uint8Array, piece: number): Promise<Frame<object>[]> {
  const stream = new PassThrough();
  for (let at = 0; at < bytes.length; at += piece) stream.write(bytes.subarray(at, at + piece));
  stream.end();
  const found: Frame<object>[] = [];
  for await (const one of frames<object>(stream)) found.push(one);
  return found;
}

async function sent(all: readonly Frame<object>[]): Promise<Buffer> {
  const stream = new PassThrough({ highWaterMark: 2 ** 24 });
  for (const { head, blobs } of all) await sendFrame(stream, head, blobs);
  stream.end();
  return Buffer.concat(await stream.toArray());
}

describe("frames", () => {
  it("come out as they went in, whatever pieces they arrive in", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 4 }), fc.integer({ min: 1, max: 64 }), async (all, piece) => {
        const found = await received(await sent(all), piece);
        expect(found.map(({ head, blobs }) => ({ head, blobs: blobs.map((blob) => [...blob]) }))).toEqual(
          all.map(({ head, blobs }) => ({ head: JSON.parse(JSON.stringify(head)), blobs: blobs.map((blob) => [...blob]) })),
        );
      }),
      { numRuns: 50 },
    );
  });

  it("that are cut are no frames", async () => {
    const bytes = await sent([{ head: { ask: "run" }, blobs: [Uint8Array.of(1, 2, 3)] }]);
    for (let length = 0; length < bytes.length; length++) expect(await received(bytes.subarray(0, length), 7)).toEqual([]);
    expect(await received(bytes, 7)).toHaveLength(1);
  });

  it("hold blobs that may be looked at as numbers", async () => {
    const [{ blobs }] = await received(
      await sent([{ head: {}, blobs: [new Uint8Array(3), new Uint8Array(Float64Array.of(7).buffer)] }]),
      5,
    );
    expect(new Float64Array(blobs[1].buffer, blobs[1].byteOffset, 1)[0]).toBe(7);
  });
});
