import { addRunning, type Estimate, integer, matrix, quantiles, running, runningEstimate, split, stream } from "@sonde/core";
import { measureAngles } from "@sonde/metrics-correlation";
import { mlp } from "@sonde/nets";
import { type DotMark, joinFigures } from "@sonde/plots";
import { predictAngles } from "@sonde/predictor";
import { labelledData, train } from "@sonde/training";
import type { Claim, Measured, Settings } from "../claim.js";
import { above, type Comparison, equal } from "../comparison.js";
import { grouped } from "../pooled.js";
import { rankCorrelation } from "../rank-correlation.js";

interface AccuracySettings extends Settings {
  readonly width: number;
  readonly depth: number;
  readonly data: string;
  /** Images, of which a sixth is kept for the test. */
  readonly points: number;
  readonly steps: number;
  readonly networks: number;
}

interface AccuracyResult {
  readonly accuracies: readonly number[];
  readonly infinite: number;
  readonly published: number;
  readonly finite: number;
  readonly simulated: { readonly value: number; readonly standardError: number };
}

type AccuracyPart = Measured<AccuracySettings, AccuracyResult>;

/** Test accuracies of two networks each, on Fashion-MNIST, and the angle that was predicted there. */
const published = [
  { width: 85, depth: 2, x: -0.5003, accuracies: [0.8345, 0.8068] },
  { width: 100, depth: 10, x: -1.7265, accuracies: [0.8193, 0.8337] },
  { width: 30, depth: 15, x: -3.5954, accuracies: [0.785, 0.8054] },
  { width: 75, depth: 35, x: -4.1258, accuracies: [0.6869, 0.6442] },
  { width: 50, depth: 50, x: -6.2297, accuracies: [0.374, 0.1967] },
  { width: 15, depth: 30, x: -13.7225, accuracies: [0.4112, 0.2851] },
] as const;

const grid = (widths: readonly number[], depths: readonly number[]) =>
  widths.flatMap((width) => depths.map((depth) => ({ width, depth })));
const wide = grid([15, 20, 30, 40, 50, 75, 100], [2, 5, 10, 20, 35, 50]);
const architectures = {
  quick: grid([10, 30], [2, 8, 20]),
  standard: [...published, ...grid([15], [2, 50]), ...grid([30], [2, 35])],
  // Those of the paper: widths by depths, and the three of the published that are not among them.
  full: [...published, ...wide].filter(
    ({ width, depth }, k, all) => all.findIndex((one) => one.width === width && one.depth === depth) === k,
  ),
};
const effort = {
  quick: { points: 1797, steps: 150, networks: 4 },
  standard: { points: 12_000, steps: 600, networks: 4 },
  full: { points: 60_000, steps: 600, networks: 12 },
};

export const accuracy: Claim<AccuracySettings, AccuracyResult> = {
  id: "angles/accuracy",
  number: "4.3",
  sentence: "The predicted degeneracy is related to how the network trains: smaller predicted angle, worse accuracy.",
  figureOf: "figure 1: accuracy against the predicted angle for 45 architectures",
  runs: "networks of ReLU layers without biases trained by Adam at 0.001 in batches of 100 with cross-entropy, and the rank correlation of their test accuracy with the angle that was predicted before",
  needsImages: true,
  substitute:
    "Fashion-MNIST for MNIST, Fashion-MNIST and CIFAR-10, at standard scale 10,000 of its images for 600 steps and 10 architectures; at quick scale digits",
  correction:
    "The relation holds, and predictions at finite width tell more than infinite width does, but not by more than chance over these architectures.",
  seconds: { quick: 8, standard: 150, full: 1500 },
  parts: ({ scale, images }) => {
    const asked = { ...effort[scale], data: images };
    // The digits are no more.
    if (images === "digits") asked.points = Math.min(asked.points, 1797);
    return architectures[scale].map(({ width, depth }, k) => ({
      name: `[${width}] x ${depth}`,
      settings: { width, depth, ...asked, seed: 1700 + k },
    }));
  },
  async measure(
    { width, depth, data, points, steps, networks, seed },
    { threads, createWorker, createTrainingWorker, readData, signal },
  ) {
    if (!readData) throw new TypeError("this claim needs images: the application passes readData");
    const set = await readData(data, { points, random: split(stream(17), 0) });
    const largest = set.points.data.reduce((most, value) => Math.max(most, value), 0);
    const scaled = matrix(
      set.points.rows,
      set.points.cols,
      set.points.data.map((value) => value / largest),
    );
    const model = `${scaled.cols}-${width}x${depth}-10`;
    const record = await train(mlp(model), {
      data: labelledData({ name: data, points: scaled, labels: set.labels }, { test: 1 / 6, seed: 17 }),
      loss: "cross-entropy",
      optimizer: "adam",
      batch: 100,
      batches: "own",
      trainBiases: false,
      steps,
      runs: networks,
      seed,
      looks: 0,
      monitors: [],
      threads,
      createWorker: createTrainingWorker,
      signal,
    });
    const architecture = mlp(model);
    const { infiniteWidth, finiteWidth, published: update } = last(predictAngles(architecture).layers);
    const { logSin2 } = last(
      (await measureAngles(architecture, { method: "law", networks: 2000, seed: 1, threads, createWorker, signal })).layers,
    );
    return {
      accuracies: record.networks.map(({ testAccuracy }) => testAccuracy ?? Number.NaN),
      infinite: infiniteWidth.logSin2,
      published: update?.mean ?? Number.NaN,
      finite: finiteWidth.mean,
      simulated: { value: logSin2.value, standardError: logSin2.standardError },
    };
  },
  compare(parts) {
    const comparisons: Comparison[] = [];
    for (const [name, of] of [
      ["published prediction", ({ published: x }: AccuracyResult) => x],
      ["prediction here", ({ finite }: AccuracyResult) => finite],
      ["infinite width", ({ infinite }: AccuracyResult) => infinite],
    ] as const)
      comparisons.push(
        above(
          `rank correlation of accuracy with the angle, ${name}`,
          correlationOf(parts, of),
          { value: 0 },
          {
            origin: "claim",
            bears: name === "published prediction" ? "claim" : "context",
          },
        ),
      );
    const rank = correlationOf(parts, ({ published: x }) => x);
    comparisons.push(
      equal(
        "rank correlation of accuracy with the published prediction",
        rank,
        { value: 0.9 },
        { origin: "read off a figure", bears: "context", tolerance: 0.1 },
      ),
    );
    for (const one of published) {
      const part = parts.find(
        ({ settings: { width, depth, data } }) => width === one.width && depth === one.depth && data === "fashion-mnist",
      );
      if (!part) continue;
      const ours = accuracyOf(part);
      const [a, b] = one.accuracies;
      // Two networks do not tell their own spread: ours is taken for theirs.
      const spread = ours.standardError * Math.sqrt(ours.networks / 2);
      comparisons.push(
        equal(
          `test accuracy, [${one.width}] x ${one.depth}`,
          ours,
          { value: (a + b) / 2, standardError: spread, networks: 2 },
          {
            origin: "published",
            bears: "context",
            tolerance: 0.02,
          },
        ),
      );
    }
    return comparisons;
  },
  figure(parts, { title = "Accuracy against the angle before training", subtitle }) {
    const accuracies = parts.map(accuracyOf);
    const panel = (name: string, of: (result: AccuracyResult) => number) => {
      const x = parts.map(({ result }) => of(result));
      const told = published.filter(() => parts.some(({ settings }) => settings.data === "fashion-mnist"));
      const marks: DotMark[] = [
        {
          kind: "dots",
          tone: 0,
          name: "ours, 95 % interval",
          x,
          y: accuracies.map(({ value }) => value),
          low: accuracies.map(({ low }) => low),
          high: accuracies.map(({ high }) => high),
        },
        ...(name === "published prediction" && told.length > 0
          ? [
              {
                kind: "dots",
                tone: 1,
                name: "published, two networks each",
                x: told.map((one) => one.x),
                y: told.map(({ accuracies: [a, b] }) => (a + b) / 2),
              } as const,
            ]
          : []),
      ];
      return {
        title: name,
        description: `Test accuracy against ${name}.`,
        panels: [
          {
            x: { label: "mean of ln sin² of the angle at the last layer" },
            y: { label: "test accuracy", domain: [0, 1] as const },
            marks,
          },
        ],
      };
    };
    return joinFigures(
      [
        panel("published prediction", ({ published: x }) => x),
        panel("prediction here", ({ finite }) => finite),
        panel("infinite width", ({ infinite }) => infinite),
        panel("simulated", ({ simulated }) => simulated.value),
      ],
      { title, subtitle },
    );
  },
};

function last<Layer>(layers: readonly Layer[]): Layer {
  return layers[layers.length - 1];
}

function accuracyOf({ result }: AccuracyPart): Estimate {
  const sum = running();
  for (const one of result.accuracies) addRunning(sum, one);
  return runningEstimate(sum);
}

/** Spearman's, with the standard error of 2000 bootstrap samples of architectures. */
function correlationOf(parts: readonly AccuracyPart[], of: (result: AccuracyResult) => number) {
  const rows = [...grouped(parts).values()].map(([part]) => ({ x: of(part.result), y: accuracyOf(part).value }));
  const rank = (chosen: typeof rows) =>
    rankCorrelation(
      chosen.map(({ x }) => x),
      chosen.map(({ y }) => y),
    );
  const samples = Array.from({ length: 2000 }, (_, r) => {
    const random = split(stream(18), r);
    return rank(rows.map((_, k) => rows[integer(random, k, rows.length)]));
  }).filter((value) => !Number.isNaN(value));
  const [low, high] = quantiles(samples, [0.15865525393145707, 0.8413447460685429]);
  return { value: rank(rows), standardError: (high - low) / 2, networks: rows.length };
}
