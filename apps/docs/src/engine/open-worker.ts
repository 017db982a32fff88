/** What a worker does: answers questions, trains networks, reads files, or runs models by onnxruntime-web. */
export type Trade = "answers" | "training" | "files" | "onnxruntime";

/** Why nothing is computed, where a worker cannot start. */
export const noEngine = "this browser cannot run the engine: it needs WebAssembly and module workers";

/** Starts a worker of the engine. The one place that does: the server's build leaves it out. */
export function openWorker(trade: Trade): Worker {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  worker.postMessage(trade);
  return worker;
}
