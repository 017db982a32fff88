import { matrix, normals, stream } from "../../packages/core/src/index.js";
import { deathRequest } from "../../packages/metrics-death/src/index.js";
import {
  type Architecture,
  type EnsembleRun,
  type EstimationOptions,
  type Executor,
  estimateOver,
  type MetricRequest,
  mlp,
} from "../../packages/nets/src/index.js";
import { bits, unserved } from "./bits.mjs";

const points = matrix(5, 6, normals(stream(12), new Float64Array(30)));

/** Enough steps a network, by their word, to be worth workers and several chunks. */
const steps = 1e8;
const networks = 24;

const seen: MetricRequest<number[][]> = { metric: bits, options: {}, steps, watched: () => undefined };

const plain = mlp("6-16x20-1");
const residual = mlp("6-8x4-1", { skip: "residual", norm: "batch", activation: "gelu", bias: "normal:0.1" });
const orthogonal = mlp("6-9-7-8-1", { init: "orthogonal", norm: "layer", activation: "tanh" });
const clipped = mlp("6-8x3-1", { activation: "relu6" });

/** What is drawn, how, and in which precision, which together decide the executor. */
const cases: readonly [Architecture, "weights" | "law", "float32" | "float64", Executor][] = [
  [plain, "weights", "float32", "kernels"],
  [plain, "weights", "float64", "reference"],
  [plain, "law", "float64", "law"],
  [residual, "weights", "float32", "kernels"],
  [residual, "weights", "float64", "reference"],
  [residual, "law", "float64", "law"],
  [orthogonal, "weights", "float64", "reference"],
  [orthogonal, "law", "float64", "law"],
  [clipped, "law", "float64", "law-reference"],
];

/** What ensembles find with each executor, down to the bits of all activations. Runs in Node and in a page. */
export async function ensembleBits(options: Pick<EstimationOptions, "threads" | "createWorker">): Promise<EnsembleRun[]> {
  const found: EnsembleRun[] = [];
  for (const [architecture, method, precision, executor] of cases) {
    const requests = [{ ...seen, precision }, deathRequest()];
    const run = await estimateOver(architecture, points, requests, { ...options, method, networks, seed: 5 });
    if (run.executor !== executor) throw new Error(`this case is for ${executor}, but ${run.executor} was chosen`);
    found.push(run);
  }
  const rays = matrix(2, 1, Float64Array.of(-1, 1));
  const survivors = { ...deathRequest(), steps };
  found.push(await estimateOver(mlp("1-3x8-1"), rays, [survivors], { ...options, method: "conditional", networks }));
  const pair = matrix(2, 6, points.data.slice(0, 12));
  const apart = { ...seen, precision: "difference" } as const;
  found.push(await estimateOver(mlp("6-8x80-1"), pair, [apart], { ...options, networks }));
  const own = { ...seen, metric: unserved, module: new URL("./bits.mjs", import.meta.url).href };
  found.push(await estimateOver(plain, points, [own], { ...options, networks }));
  return found;
}

/** Milliseconds from the abort of a run whose every chunk takes minutes to its end. */
export async function msToAbort(options: Pick<EstimationOptions, "threads" | "createWorker">): Promise<number> {
  const many = matrix(400, 6, normals(stream(13), new Float64Array(2400)));
  const controller = new AbortController();
  const reason = new Error("changed my mind");
  let aborted = 0;
  setTimeout(() => {
    aborted = performance.now();
    controller.abort(reason);
  }, 1000);
  try {
    await estimateOver(mlp("6-4000x40-1"), many, [seen], {
      ...options,
      method: "weights",
      networks: 16,
      signal: controller.signal,
    });
  } catch (error) {
    if (error === reason) return performance.now() - aborted;
    throw error;
  }
  throw new Error("the run ended before it was aborted");
}
