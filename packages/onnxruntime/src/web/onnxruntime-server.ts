import { type OpenModel, openModel } from "../open-model.js";
import type { Frame } from "../protocol.js";
import { messageOf } from "../words.js";
import { loadRuntime, type WebRuntime } from "./load-runtime.js";
import type { Opening, WorkerAnswer, WorkerQuestion } from "./question.js";

/** Sends a message to the page or worker that started this one, and hands over what is listed. */
export type Post = (message: Frame<WorkerAnswer>, handedOver: readonly ArrayBuffer[]) => void;

/** What onnxruntime-web says where there is no more memory. */
const outOfMemory = /bad_alloc|failed to allocate|out of memory|\bOOM\b/i;

/**
 * What a worker of the application does, which runs onnxruntime-web for `webOnnxruntime`: gives the function that takes its messages. Such a worker does nothing else, and `load` is `() => import("onnxruntime-web/wasm")`, so that the application says which one and bundles it.
 */
export function onnxruntimeServer(post: Post, load: () => Promise<unknown>): (message: Frame<WorkerQuestion>) => void {
  let runtime: WebRuntime | undefined;
  let opened: OpenModel | undefined;
  const answer = async ({ head, blobs }: Frame<WorkerQuestion>): Promise<Frame<WorkerAnswer>> => {
    switch (head.ask) {
      case "start": {
        const told = (bytes: number) => post({ head: { loaded: bytes }, blobs: [] }, []);
        try {
          runtime = await loadRuntime(load, head, told);
        } catch (error) {
          return { head: { failed: messageOf(error) }, blobs: [] };
        }
        return { head: { started: runtime.env.versions.web ?? "" }, blobs: [] };
      }
      case "open":
        await opened?.close();
        opened = undefined;
        opened = await openModel(runtime as WebRuntime, () => bytesOf(head));
        return { head: { outputs: opened.outputs }, blobs: [] };
      default:
        return (opened as OpenModel).answer(head, blobs);
    }
  };
  return (question) => {
    void answer(question)
      .catch((error: unknown): Frame<WorkerAnswer> => ({ head: failure(error), blobs: [] }))
      .then(({ head, blobs }) => {
        const own = blobs.map(inOwnMemory);
        post(
          { head, blobs: own },
          own.map(({ buffer }) => buffer),
        );
      });
  };
}

function failure(error: unknown): WorkerAnswer {
  const message = messageOf(error);
  if (outOfMemory.test(message) || error instanceof RangeError) return { failed: "memory" };
  if (error instanceof WebAssembly.RuntimeError || /^Aborted\(/.test(message))
    return { failed: `crashed on this model (${message})` };
  // Its own words alone, as onnxruntime-node has them.
  return { refused: message.replace(/^.*?ERROR_MESSAGE: /, "") };
}

async function bytesOf({ model, beside }: Opening) {
  const read = async (file: Blob) => new Uint8Array(await file.arrayBuffer());
  return {
    model: await read(model),
    beside: await Promise.all(beside.map(async ({ name, file }) => ({ path: name, data: await read(file) }))),
  };
}

/** Bytes of which nobody else sees a part, so that they can be handed over. */
function inOwnMemory(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? new Uint8Array(buffer) : Uint8Array.from(bytes);
}
