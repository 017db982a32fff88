import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

/** The file that is this program: what starts it once more. */
export const programFile = (): string => fileURLToPath(entry("main"));

/** A new thread of this program. */
export const thread = (name: "worker" | "training-worker" | "sweep-worker" | "products-worker"): Worker =>
  new Worker(entry(name));

/** Entry files lie side by side, with this one among them: compiled as well as bundled. */
const entry = (name: string): URL => new URL(`./${name}.js`, import.meta.url);

/**
 * Makes threads like `thread(name)`, of which the first `count` begin to load at once, before it is known what they are to do: for work that is sure to need them. Those that are never taken do not keep the program from ending.
 */
export function threadsAhead(name: Parameters<typeof thread>[0], count: number): () => Worker {
  const ready = Array.from({ length: count }, () => {
    const worker = thread(name);
    worker.unref();
    return worker;
  });
  return () => {
    const worker = ready.pop() ?? thread(name);
    worker.ref();
    return worker;
  };
}
