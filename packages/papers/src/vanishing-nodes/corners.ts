import { quantiles } from "@sonde/core";
import { type MlpOptions, mlp } from "@sonde/nets";
import { type TrainedNetwork, train, xorData } from "@sonde/training";
import type { ClaimContext, Measured, Settings } from "../claim.js";

/** Networks that learn the four corners of exclusive or, all corners in every batch. */
export interface CornerSettings extends Settings {
  readonly model: string;
  readonly options: Pick<MlpOptions, "activation" | "init" | "weightVariance">;
  readonly optimizer: "sgd" | "adam";
  readonly steps: number;
  readonly networks: number;
}

/** One network: its diagnosis at initialisation and what became of it. */
interface Corner {
  /** Of the last hidden layer; null where fewer than two units vary. */
  readonly vni: number | null;
  /** Of the first layer's weights, over that of networks with one hidden layer that learned. */
  readonly gradient: number | null;
  readonly outcome: string;
}

export interface CornerResult {
  /** That most of four networks of another seed learn with; a network of any depth may fail at a rate that is not its own. */
  readonly learningRate: number;
  readonly networks: readonly Corner[];
}

export type CornerPart = Measured<CornerSettings, CornerResult>;

const rates = { sgd: [0.003, 0.01, 0.03, 0.1, 0.3], adam: [1e-4, 3e-4, 1e-3, 3e-3, 1e-2] } as const;
const piloted = 4;

/** Trains networks, each at the rate of a pilot, and shallow ones beside them. */
export async function learnCorners(
  { model, options, optimizer, steps, networks, seed }: CornerSettings,
  { threads, createTrainingWorker, signal }: ClaimContext,
): Promise<CornerResult> {
  const run = { data: xorData(), loss: "mse", optimizer, steps, monitors: [], signal } as const;
  const workers = { threads, createWorker: createTrainingWorker };
  const tried = [];
  for (const learningRate of rates[optimizer]) {
    const pilot = await train(mlp(model, options), { ...run, learningRate, runs: piloted, seed: seed + 500_000, looks: [] });
    const loss = pilot.curves.loss[pilot.curves.loss.length - 1].p50 ?? Number.POSITIVE_INFINITY;
    tried.push({ learningRate, learned: pilot.outcomes.learned, loss });
  }
  const [{ learningRate }] = tried.sort((a, b) => b.learned - a.learned || a.loss - b.loss);
  const asked = { ...run, ...workers, learningRate, runs: networks, seed, looks: [5, 50, 150] };
  const shallow = await train(mlp(model.replace(/x\d+/, "x1"), options), asked);
  const { networks: each } = await train(mlp(model, options), asked);
  const reference = middle(shallow.networks.filter(({ outcome }) => outcome === "learned")) ?? middle(shallow.networks);
  return {
    learningRate,
    networks: each.map(({ diagnosis, outcome }) => {
      const { vni = null, gradientNorm = null } = diagnosis;
      return { vni, gradient: gradientNorm === null || !reference ? null : gradientNorm / reference, outcome };
    }),
  };
}

function middle(networks: readonly TrainedNetwork[]): number | undefined {
  const norms = networks.flatMap(({ diagnosis }) => diagnosis.gradientNorm ?? []).filter(Number.isFinite);
  return norms.length === 0 ? undefined : quantiles(norms, [0.5])[0];
}

/** Within a factor 10 of the shallow networks', by the package's rule. */
export function isHealthy({ gradient }: Corner): boolean {
  return gradient !== null && gradient >= 0.1 && gradient <= 10;
}

export function learnedOf(networks: readonly Corner[]): { count: number; networks: number } {
  return { count: networks.filter(({ outcome }) => outcome === "learned").length, networks: networks.length };
}
