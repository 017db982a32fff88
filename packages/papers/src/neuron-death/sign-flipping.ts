import { addRunning, matrix, normals, running, runningEstimate, split, stream } from "@sonde/core";
import { type Metric, mlp, planEnsemble, runEnsemble } from "@sonde/nets";
import { lineFigure } from "@sonde/plots";
import type { Claim, Settings } from "../claim.js";
import { above, type Comparison, equal, type Value } from "../comparison.js";

interface FlipSettings extends Settings {
  readonly width: number;
  readonly hiddenLayers: number;
  readonly init: string;
  readonly sets: number;
  /** Of each set of points. */
  readonly networks: number;
}

interface FlipResult {
  /** Living points after every layer: the mean over all networks, and the least of any. */
  readonly mean: readonly number[];
  readonly least: readonly number[];
  /** Of the last layer, over sets of points. */
  readonly last: Required<Value>;
}

/** Means over 2000 networks of an independent program: no flip, flips of layers, flips of units. */
const replicated = [
  { width: 2, hiddenLayers: 10, values: { none: 0.051, layers: 0.626, units: 0.701 } },
  { width: 5, hiddenLayers: 20, values: { none: 0.528, layers: 0.855, units: 0.964 } },
] as const;

const inits = { none: "he-normal", layers: "sign-flip-layer", units: "sign-flip-neuron" } as const;
/** Depths at which 2^-k is drawn. */
const halvings = Array.from({ length: 20 }, (_, k) => k + 1);
const points = 64;
const inputs = 6;

/** Living ratios: one network's are a sample, the least is kept beside. */
const living: Metric<object, undefined, { mean: number[]; least: number[]; networks: number }> = {
  name: "living ratios",
  needs: ["living"],
  trace: () => undefined,
  observe() {},
  empty: ({ layers }) => ({ mean: new Array(layers).fill(0), least: new Array(layers).fill(1), networks: 0 }),
  fold(state, _trace, { layers }, finished) {
    const ratio = finished.living?.ratio ?? [];
    state.networks++;
    for (let l = 0; l < layers; l++) {
      state.mean[l] += ratio[l];
      state.least[l] = Math.min(state.least[l], ratio[l]);
    }
  },
  merge(state, next) {
    state.networks += next.networks;
    for (const [l, sum] of next.mean.entries()) {
      state.mean[l] += sum;
      state.least[l] = Math.min(state.least[l], next.least[l]);
    }
  },
};

export const signFlipping: Claim<FlipSettings, FlipResult> = {
  id: "neuron-death/sign-flipping",
  number: "2.7",
  sentence: "Sign flipping: at least 2^-k of the data points live in a k-layer network.",
  figureOf: "living points after sign flips against 2^-k",
  runs: "the share of 64 Gaussian points in six dimensions that lives through every layer, without flips, with flips of layers and of units, and the least over all networks",
  seconds: { quick: 2, standard: 15, full: 200 },
  parts: ({ scale }) =>
    replicated.flatMap(({ width, hiddenLayers }, r) =>
      Object.entries(inits).map(([flip, init], k) => ({
        name: `6-${width}x${hiddenLayers}-1, ${flip}`,
        settings: {
          width,
          hiddenLayers,
          init,
          sets: 20,
          networks: { quick: 10, standard: 100, full: 1000 }[scale],
          seed: 700 + 10 * r + k,
        },
      })),
    ),
  async measure({ width, hiddenLayers, init, sets, networks, seed }, { signal }) {
    const over = running();
    const mean = new Array<number>(hiddenLayers).fill(0);
    const least = new Array<number>(hiddenLayers).fill(1);
    for (let set = 0; set < sets; set++) {
      signal?.throwIfAborted();
      const data = normals(split(stream(seed), set), new Float64Array(points * inputs));
      const plan = planEnsemble({
        architecture: mlp(`${inputs}-${width}x${hiddenLayers}-1`, { init }),
        inputs: matrix(points, inputs, data),
        seed: 1000 * seed + set,
        method: "weights",
        networks,
        metrics: [{ name: living.name, options: {} }],
      });
      const { states } = await runEnsemble(plan, { metrics: [living], signal });
      const state = states[0] as { mean: number[]; least: number[] };
      addRunning(over, state.mean[hiddenLayers - 1] / networks);
      for (let l = 0; l < hiddenLayers; l++) {
        mean[l] += state.mean[l] / networks / sets;
        least[l] = Math.min(least[l], state.least[l]);
      }
    }
    const { value, standardError } = runningEstimate(over);
    return { mean, least, last: { value, standardError, networks: sets * networks } };
  },
  compare(parts) {
    const comparisons: Comparison[] = [];
    for (const { name, settings, result } of parts) {
      if (settings.init !== inits.none) {
        const worst = Math.min(...result.least.map((ratio, l) => ratio * 2 ** (l + 1)));
        comparisons.push(
          above(
            `least living ratio times 2^k, ${name}`,
            { value: worst, networks: settings.sets * settings.networks },
            { value: 1 },
            { tolerance: 1e-12 },
          ),
        );
      }
      const row = replicated.find(({ width }) => width === settings.width);
      const flip = Object.entries(inits).find(([, init]) => init === settings.init)?.[0] as keyof typeof inits;
      if (row)
        comparisons.push(
          equal(
            `mean living ratio, ${name}`,
            result.last,
            { value: row.values[flip], standardError: result.last.standardError },
            {
              origin: "replicated here",
              bears: "context",
              tolerance: 0.0005,
            },
          ),
        );
    }
    return comparisons;
  },
  figure: (parts, { title = "Living points with sign flips", subtitle }) =>
    lineFigure({
      title,
      subtitle,
      x: { label: "hidden layers k", whole: true },
      y: { label: "living points (share)", scale: "log", domain: [1e-3, 1] },
      series: [
        ...parts.map(({ name, result }, tone) => ({
          name: `${name}: mean`,
          tone,
          x: result.mean.map((_, l) => l + 1),
          y: result.mean,
        })),
        ...parts.flatMap(({ settings, result }, tone) =>
          settings.init === inits.none
            ? []
            : [
                {
                  tone,
                  dash: "dotted" as const,
                  x: result.least.map((_, l) => l + 1),
                  y: result.least,
                  ...(tone === 1 && { name: "least of any network" }),
                },
              ],
        ),
        { name: "2^-k", tone: "neutral" as const, dash: "dashed" as const, x: halvings, y: halvings.map((k) => 2 ** -k) },
      ],
    }),
};
