import type { Metric } from "../../packages/nets/src/index.js";

/** For every network a hash for every layer. */
export declare const bits: Metric<unknown, number[], number[][]>;
export declare const unserved: typeof bits;
