import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

/** The file that is this program: what starts it once more. */
export const programFile = (): string => fileURLToPath(entry("main"));

/** A new thread of this program. */
export const thread = (name: "worker" | "training-worker" | "sweep-worker" | "products-worker"): Worker =>
  new Worker(entry(name));

/** Entry files lie side by side, with this one among them: compiled as well as bundled. */
const entry = (name: string): URL => new URL(`./${name}.js`, import.meta.url);
