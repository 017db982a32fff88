import { addRunning, running, runningEstimate, split, stream } from "@sonde/core";
import { mlp } from "@sonde/nets";
import { joinFigures, lineFigure } from "@sonde/plots";
import { labelledData, trainSteps, xorData } from "@sonde/training";
import type { Claim, ClaimContext, Settings } from "../claim.js";
import { above, type Comparison, type Value } from "../comparison.js";
import { type Variant, variantNames, variants } from "./variants.js";

interface DuringSettings extends Settings {
  readonly task: "exclusive or, squared error" | "exclusive or, cross-entropy" | "digits, cross-entropy";
  readonly variant: Variant;
  readonly optimizer: "sgd" | "adam";
  readonly learningRate: number;
  readonly steps: number;
  readonly networks: number;
}

interface DuringResult {
  readonly steps: readonly number[];
  readonly vni: readonly Required<Value>[];
  /** After less before, network by network. */
  readonly change: Required<Value>;
}

const tasks = [
  { task: "exclusive or, squared error", sgd: 0.1, adam: 1e-3, share: 1 },
  { task: "exclusive or, cross-entropy", sgd: 0.1, adam: 3e-3, share: 1 },
  { task: "digits, cross-entropy", sgd: 0.03, adam: 1e-3, share: 1 / 3 },
] as const;

export const duringTraining: Claim<DuringSettings, DuringResult> = {
  id: "vanishing-nodes/during-training",
  number: "5.5",
  sentence: "The indicator grows during back-propagation.",
  figureOf: "the indicator in training",
  runs: "the VNI of the last hidden layer while networks of eight hidden layers learn exclusive or (by squared error and by cross-entropy) and digits, by SGD and Adam",
  correction:
    "It grows where classes are learned by cross-entropy, most with orthogonal weights; where exclusive or is learned by squared error it falls or stays.",
  seconds: { quick: 5, standard: 90, full: 900 },
  parts({ scale }) {
    const networks = { quick: 8, standard: 12, full: 400 }[scale];
    const chosen = scale === "quick" ? tasks.slice(0, 2) : tasks;
    return chosen.flatMap(({ task, share, ...rates }, t) =>
      (scale === "quick" ? variantNames.slice(1, 3) : variantNames).flatMap((variant, v) =>
        (["sgd", "adam"] as const).map((optimizer, o) => ({
          name: `${task}, ${variant}, ${optimizer === "sgd" ? "SGD" : "Adam"}`,
          settings: {
            task,
            variant,
            optimizer,
            learningRate: rates[optimizer],
            steps: 500,
            networks: Math.round(networks * share),
            seed: 2700 + 100 * t + 10 * v + o,
          },
        })),
      ),
    );
  },
  async measure(settings, context) {
    const { variant, task, networks, seed, ...recipe } = settings;
    const { model, ...options } = await taskOf(task, context);
    const looks: { step: number; values: number[] }[] = [];
    for await (const { step, looks: now } of trainSteps(mlp(model, variants[variant]), {
      ...options,
      ...recipe,
      runs: networks,
      seed,
      looks: [1, 2, 5, 10, 20, 50, 100, 200, 350],
      monitors: ["vni"],
      threads: context.threads,
      createWorker: context.createTrainingWorker,
      signal: context.signal,
    }))
      looks.push({ step, values: now.map(({ layers: { vni = [] } }) => vni[vni.length - 1] ?? Number.NaN) });
    const [first, last] = [looks[0].values, looks[looks.length - 1].values];
    return {
      steps: looks.map(({ step }) => step),
      vni: looks.map(({ values }) => meanOf(values)),
      change: meanOf(last.map((value, k) => value - first[k])),
    };
  },
  compare(parts) {
    const comparisons: Comparison[] = [];
    const all = meanOf(parts.map(({ result }) => result.change.value));
    comparisons.push(above("change of the VNI, mean over the settings", all, { value: 0 }, { origin: "claim" }));
    for (const { name, result } of parts)
      comparisons.push(above(`change of the VNI, ${name}`, result.change, { value: 0 }, { origin: "claim", bears: "value" }));
    return comparisons;
  },
  figure: (parts, { title = "The indicator in training", subtitle }) =>
    joinFigures(
      tasks.flatMap(({ task }) => {
        const own = parts.filter(({ settings }) => settings.task === task);
        if (own.length === 0) return [];
        return [
          lineFigure({
            title: task,
            x: { label: "step + 1", scale: "log" },
            y: { label: "VNI of the last hidden layer", domain: [0, 1] },
            series: own.map(({ settings: { variant, optimizer }, result }) => ({
              name: `${variant}, ${optimizer === "sgd" ? "SGD" : "Adam"}`,
              tone: variantNames.indexOf(variant),
              dash: optimizer === "sgd" ? ("dashed" as const) : ("solid" as const),
              x: result.steps.map((step) => step + 1),
              y: result.vni.map(({ value }) => value),
              low: result.vni.map(({ value, standardError }) => value - 2 * standardError),
              high: result.vni.map(({ value, standardError }) => value + 2 * standardError),
            })),
          }),
        ];
      }),
      { title, subtitle },
    ),
};

async function taskOf(task: DuringSettings["task"], { readData }: ClaimContext) {
  const batches = { batch: 64, batches: "own" } as const;
  if (task === "exclusive or, squared error")
    return { model: "2-16x8-1", data: xorData({ points: 256 }), loss: "mse", ...batches } as const;
  if (task === "exclusive or, cross-entropy")
    return { model: "2-16x8-2", data: xorData({ points: 256 }), loss: "cross-entropy", ...batches } as const;
  if (!readData) throw new TypeError("this claim needs images: the application passes readData");
  const { points, labels } = await readData("digits", { random: split(stream(19), 0) });
  const scaled = { ...points, data: points.data.map((value) => value / 16) };
  return {
    model: "64-32x8-10",
    data: labelledData({ name: "digits", points: scaled, labels }),
    loss: "cross-entropy",
    ...batches,
  } as const;
}

/** Of the numbers among values. */
function meanOf(values: readonly number[]): Required<Value> {
  const sum = running();
  for (const value of values) if (Number.isFinite(value)) addRunning(sum, value);
  const { value, standardError, networks } = runningEstimate(sum);
  return { value, standardError, networks };
}
