import type { AnyWorker } from "../../packages/core/src/index.js";
import { digests } from "./digest.js";
import { ensembleBits, msToAbort } from "./ensembles.js";
import { trainingBits } from "./training.js";

const createWorker = () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });

/** What the tests ask this page for. */
const answers = {
  digests,
  inline: () => ensembleBits({}),
  bits: (threads: number) => ensembleBits({ createWorker, threads }),
  training: trainingBits,
  msToAbort: () => msToAbort({ createWorker, threads: 2 }),
  missingWorker: () =>
    ensembleBits({ createWorker: () => new Worker("/no-such-worker.js", { type: "module" }) as AnyWorker }).catch(String),
};
export type Answers = typeof answers;

Object.assign(globalThis, { answers });
