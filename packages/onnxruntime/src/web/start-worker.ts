import { ConfigError, FormatError } from "@sonde/core";
import type { Answer, Frame } from "../protocol.js";
import { firstLine } from "../words.js";
import type { WorkerAnswer, WorkerQuestion } from "./question.js";

/** As much of a `Worker` as is used. */
export interface WorkerLike {
  addEventListener(kind: "message" | "error", listener: (event: Event) => void): void;
  postMessage(message: object): void;
  terminate(): void;
}

/** A worker that answers one question after the other. */
export interface AskedWorker {
  /** Loads onnxruntime-web, and gives its version. Throws an error with the reason where it does not start. */
  readonly start: (question: Extract<WorkerQuestion, { ask: "start" }>) => Promise<string>;
  /** Throws `FormatError` with one sentence where the answer is a refusal, `ConfigError` where the worker ends or is silent. */
  readonly ask: (question: WorkerQuestion, blobs?: readonly Uint8Array[]) => Promise<Frame<Answer>>;
  /** Ends it. */
  readonly end: () => void;
}

export interface WorkerOptions {
  /** In sentences. */
  readonly name: () => string;
  /** Milliseconds that an answer may take. */
  readonly patience: number;
  /** Bytes of memory, as they are told. */
  readonly memory: number;
  readonly signal?: AbortSignal;
  readonly loaded?: (bytes: number) => void;
}

/** Starts the worker that onnxruntime-web runs in, and ends it where it fails, is silent or is no longer wanted: what it computes cannot be interrupted otherwise. */
export function startWorker(create: () => WorkerLike, { name, patience, memory, signal, loaded }: WorkerOptions): AskedWorker {
  signal?.throwIfAborted();
  const worker = create();
  let ended: Error | undefined;
  let settle: { readonly give: (frame: Frame<WorkerAnswer>) => void; readonly fail: (error: Error) => void } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = (error: Error) => {
    worker.terminate();
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
    ended ??= error;
    settle?.fail(ended);
  };
  const abort = () => end(signal?.reason);
  const wait = () => {
    clearTimeout(timer);
    const seconds = Math.round(patience / 1000);
    timer = setTimeout(() => end(new ConfigError(`${name()} gave no answer for ${seconds} s, and was ended`)), patience);
  };
  signal?.addEventListener("abort", abort, { once: true });
  worker.addEventListener("error", (event) => {
    const { message = "" } = event as Partial<ErrorEvent>;
    end(new ConfigError(`${name()} failed (${firstLine(message) || "no reason told"})`));
  });
  worker.addEventListener("message", (event) => {
    const frame = (event as MessageEvent<Frame<WorkerAnswer>>).data;
    if ("loaded" in frame.head) {
      wait();
      loaded?.(frame.head.loaded);
    } else settle?.give(frame);
  });
  const asked = async (head: WorkerQuestion, blobs: readonly Uint8Array[]): Promise<Frame<WorkerAnswer>> => {
    if (ended) throw ended;
    try {
      return await new Promise((give, fail) => {
        settle = { give, fail };
        wait();
        worker.postMessage({ head, blobs });
      });
    } finally {
      settle = undefined;
      clearTimeout(timer);
    }
  };
  return {
    async start(question) {
      const { head } = await asked(question, []);
      if ("started" in head) return head.started;
      const reason = new Error("failed" in head ? head.failed : "it does not start");
      end(reason);
      throw reason;
    },
    async ask(question, blobs = []) {
      const { head, blobs: found } = await asked(question, blobs);
      if ("refused" in head) throw new FormatError(`${name()} does not run it: ${firstLine(head.refused)}`);
      if ("outputs" in head || "tensors" in head) return { head, blobs: found };
      end(new ConfigError(told(name(), "failed" in head ? head.failed : "", memory)));
      throw ended;
    },
    end: () => end(new ConfigError(`${name()} was ended`)),
  };
}

function told(name: string, failed: string, memory: number): string {
  return failed === "memory"
    ? `${name} needs more memory than the ${Math.round(memory / 2 ** 20)} MiB that it may take here: use sonde check on your machine`
    : `${name} ${firstLine(failed)}`;
}
