import { quantiles } from "@sonde/core";
import { mlp, type NormName } from "@sonde/nets";
import { functionData, train } from "@sonde/training";
import type { ClaimContext, Settings } from "../claim.js";

/** How the papers train: Adam at 0.001, batches of 128 of 3000 points. */
export interface CollapseSettings extends Settings {
  readonly model: string;
  readonly target: string;
  readonly loss: "mse" | "mae";
  readonly init: string;
  readonly bias?: string;
  readonly norm?: NormName;
  readonly networks: number;
  readonly steps: number;
}

/** Counts of what became of the networks. */
export interface CollapseResult {
  readonly networks: number;
  readonly collapsed: number;
  readonly atMean: number;
  readonly atMedian: number;
  readonly elsewhere: number;
  readonly learned: number;
  readonly bornDead: number;
  readonly bornDeadLearned: number;
  readonly revived: number;
  /** Of the training targets, output by output. */
  readonly mean: readonly number[];
  readonly median: readonly number[];
  /** The median of the constants that collapsed networks ended at, output by output; empty where none collapsed. */
  readonly constant: readonly number[];
}

/** Trains the networks and counts. */
export async function trainToCollapse(
  { model, target, loss, init, bias, norm, networks, steps, seed }: CollapseSettings,
  { threads, createTrainingWorker, signal }: ClaimContext,
): Promise<CollapseResult> {
  const architecture = mlp(model, { init, bias, norm });
  const [inputs] = architecture.input;
  const { outcomes, constants, deaths, ...record } = await train(architecture, {
    // One input has one output, the plane two.
    data: functionData(target, { points: 3000, inputs, outputs: inputs, seed }),
    loss,
    seed,
    steps,
    runs: networks,
    looks: 0,
    // The affine norms of PyTorch and Keras.
    trainNorms: norm !== undefined,
    threads,
    createWorker: createTrainingWorker,
    signal,
  });
  const reached = record.networks.flatMap(({ constant }) => (constant ? [constant] : []));
  return {
    networks,
    collapsed: reached.length,
    atMean: outcomes.collapsedMean,
    atMedian: outcomes.collapsedMedian,
    elsewhere: outcomes.collapsedOther,
    learned: outcomes.learned,
    bornDead: record.networks.filter((network) => network.bornDead).length,
    bornDeadLearned: record.bornDead.dead.learned,
    revived: deaths.revived,
    mean: constants.mean,
    median: constants.median ?? [],
    constant:
      reached.length === 0
        ? []
        : constants.mean.map(
            (_, j) =>
              quantiles(
                reached.map((one) => one[j]),
                [0.5],
              )[0],
          ),
  };
}
