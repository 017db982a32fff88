import { log2 } from "@sonde/core/math";
import { measureAngles } from "@sonde/metrics-correlation";
import { deathProbability, singlePointBound } from "@sonde/metrics-death";
import { mlp } from "@sonde/nets";
import { lineFigure } from "@sonde/plots";
import type { Claim, Settings } from "../claim.js";
import { below, type Comparison, type Value } from "../comparison.js";

interface ComplexitySettings extends Settings {
  readonly hiddenLayers: number;
  readonly width: number;
  readonly networks: number;
}

interface ComplexityResult {
  readonly alive: Required<Value>;
  /** Of a single point. */
  readonly bound: number;
  /** 1 - E cos of two opposite inputs' images at the last layer: the part of the output's power that varies. */
  readonly varies: Required<Value>;
}

export const growingComplexity: Claim<ComplexitySettings, ComplexityResult> = {
  id: "neuron-death/growing-complexity",
  number: "2.5",
  sentence:
    "The true probability goes to the lower bound as the network's complexity grows, under an assumption on the output's variance over the inputs.",
  runs: "P(alive) over the single-point bound in networks whose depth H and width log2 H grow together, and how much of the output's power varies over the inputs",
  seconds: { quick: 2, standard: 20, full: 200 },
  parts({ scale }) {
    const depths = { quick: [4, 256], standard: [4, 16, 64, 256, 1024], full: [4, 16, 64, 256, 1024, 4096] }[scale];
    const networks = { quick: 500, standard: 4000, full: 40_000 }[scale];
    return depths.map((hiddenLayers) => ({
      name: `H = ${hiddenLayers}`,
      settings: { hiddenLayers, width: Math.round(log2(hiddenLayers)), networks, seed: 600 + hiddenLayers },
    }));
  },
  async measure({ hiddenLayers, width, networks, seed }, { threads, createWorker, signal }) {
    const run = { networks, seed, threads, createWorker, signal };
    const dead = await deathProbability(mlp(`1-${width}x${hiddenLayers}-1`), { domain: [-1, 1], ...run });
    const angles = await measureAngles(mlp(`2-${width}x${hiddenLayers}-1`), {
      theta0: Math.PI / 2,
      ...run,
      networks: Math.min(networks, 1000),
    });
    const { cosine } = angles.layers[hiddenLayers - 1];
    return {
      alive: { value: 1 - dead.value, standardError: dead.standardError, networks },
      bound: 1 - singlePointBound(new Array<number>(hiddenLayers).fill(width)),
      varies: { value: 1 - cosine.value, standardError: cosine.standardError, networks: cosine.networks },
    };
  },
  compare(parts) {
    const excess = ({ result: { alive, bound } }: (typeof parts)[number]) => ({
      value: alive.value / bound - 1,
      standardError: alive.standardError / bound,
      networks: alive.networks,
    });
    const [first, last] = [parts[0], parts[parts.length - 1]];
    const comparisons: Comparison[] = [
      below(`P(alive) / bound - 1, ${last.name}, below half of that at ${first.name}`, excess(last), {
        value: excess(first).value / 2,
      }),
    ];
    for (let k = 1; k < parts.length; k++)
      comparisons.push(
        below(
          `P(alive) / bound - 1, ${parts[k].name}, below that at ${parts[k - 1].name}`,
          excess(parts[k]),
          excess(parts[k - 1]),
        ),
      );
    return comparisons;
  },
  figure: (parts, { title = "Alive over its lower bound, depth and width growing", subtitle }) =>
    lineFigure({
      title,
      subtitle,
      x: { label: "hidden layers H, of width log2 H", scale: "log" },
      y: { label: "share" },
      series: [
        {
          name: "P(alive) / bound - 1, ± 2 standard errors",
          x: parts.map(({ settings }) => settings.hiddenLayers),
          y: parts.map(({ result: { alive, bound } }) => alive.value / bound - 1),
          low: parts.map(({ result: { alive, bound } }) => (alive.value - 2 * alive.standardError) / bound - 1),
          high: parts.map(({ result: { alive, bound } }) => (alive.value + 2 * alive.standardError) / bound - 1),
        },
        {
          name: "power that varies over the inputs",
          dash: "dashed",
          x: parts.map(({ settings }) => settings.hiddenLayers),
          y: parts.map(({ result }) => result.varies.value),
        },
      ],
    }),
};
