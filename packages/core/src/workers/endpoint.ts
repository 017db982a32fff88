/** A worker as an application makes it: the browser's `Worker`, or `Worker` of `node:worker_threads`; or one that a `workerPool` lends. */
export type AnyWorker = Worker | NodeWorker | Endpoint;

/** What is used of a `Worker` of `node:worker_threads`, so that browsers need none of its types. */
interface NodeWorker {
  postMessage(message: unknown): void;
  // biome-ignore lint/suspicious/noExplicitAny: each event has listeners of its own shape
  on(event: string, listener: (value: any) => void): unknown;
  removeAllListeners(event: string): unknown;
  terminate(): Promise<number>;
}

interface NodeMessagePort {
  postMessage(message: unknown): void;
  on(event: "message", listener: (value: unknown) => void): unknown;
  close(): void;
}

/** One end of a channel between the main thread and a worker. */
export interface Endpoint {
  send(message: unknown): void;
  /** Called for each message; `failed` when the other side died, with the reason. */
  listen(received: (message: unknown) => void, failed: (reason: string) => void): void;
  close(): Promise<void>;
}

/** The main thread's end of a worker's channel. */
export function workerEndpoint(worker: AnyWorker): Endpoint {
  if ("send" in worker) return worker;
  if (!("on" in worker)) {
    return {
      send: (message) => worker.postMessage(message),
      listen: (received, failed) => {
        worker.addEventListener("message", (event) => received(event.data));
        worker.addEventListener("error", (event) => failed(event.message ?? "the worker could not be loaded"));
        worker.addEventListener("messageerror", () => failed("a message could not be read"));
      },
      close: async () => worker.terminate(),
    };
  }
  return {
    send: (message) => worker.postMessage(message),
    listen: (received, failed) => {
      worker.on("message", received);
      worker.on("error", (error) => failed(error instanceof Error ? error.message : String(error)));
      worker.on("exit", (code) => failed(`it exited with code ${code}`));
    },
    close: async () => {
      worker.removeAllListeners("exit");
      await worker.terminate();
    },
  };
}

/** The worker's end of the channel to the thread that made it. Throws outside a worker. */
export function parentEndpoint(): Endpoint {
  const port = nodeParentPort();
  if (port) {
    return {
      send: (message) => port.postMessage(message),
      listen: (received) => port.on("message", received),
      close: async () => port.close(),
    };
  }
  const scope = globalThis as unknown as Worker & { close(): void };
  if (typeof scope.postMessage !== "function") throw new Error("parentEndpoint() works inside a worker only");
  return {
    send: (message) => scope.postMessage(message),
    listen: (received) => scope.addEventListener("message", (event) => received(event.data)),
    close: async () => scope.close(),
  };
}

/** Node's own port, found without an import so that bundlers for browsers see nothing of Node. */
function nodeParentPort(): NodeMessagePort | null {
  const node = (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }).process;
  const threads = node?.getBuiltinModule?.("node:worker_threads") as { parentPort: NodeMessagePort | null } | undefined;
  return threads?.parentPort ?? null;
}
