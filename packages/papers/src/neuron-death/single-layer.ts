import { type Estimate, matrix } from "@sonde/core";
import { boxLayerDeath, deathProbability } from "@sonde/metrics-death";
import { mlp } from "@sonde/nets";
import { lineFigure } from "@sonde/plots";
import type { Claim, Settings } from "../claim.js";
import { equal } from "../comparison.js";

interface LayerSettings extends Settings {
  readonly width: number;
  readonly inputs: number;
  readonly networks: number;
}

export const singleLayer: Claim<LayerSettings, Estimate> = {
  id: "neuron-death/single-layer",
  number: "2.3",
  sentence: "The upper bound is the true probability for one layer on the largest possible input set.",
  figureOf: "a single layer on the largest set",
  runs: "the share of dead layers of N units on the box [0, 1]^d, which a layer without biases cannot tell from its d unit vectors, beside 2^(-N d)",
  seconds: { quick: 1, standard: 4, full: 40 },
  parts: ({ scale }) =>
    [1, 2, 3].flatMap((width) =>
      [1, 2, 3].map((inputs) => ({
        name: `N = ${width}, d = ${inputs}`,
        settings: {
          width,
          inputs,
          networks: { quick: 4000, standard: 40_000, full: 1_000_000 }[scale],
          seed: 400 + 3 * width + inputs,
        },
      })),
    ),
  async measure({ width, inputs, networks, seed }, { threads, createWorker, signal }) {
    const data = matrix(inputs, inputs);
    for (let i = 0; i < inputs; i++) data.data[i * inputs + i] = 1;
    const asked = { data, networks, seed, method: "count", threads, createWorker, signal } as const;
    const { value, standardError, low, high } = await deathProbability(mlp(`${inputs}-${width}-1`), asked);
    return { value, standardError, low, high, networks };
  },
  compare: (parts) =>
    parts.map(({ name, settings: { width, inputs }, result }) =>
      equal(`P(dead), ${name}`, result, { value: boxLayerDeath(width, inputs) }),
    ),
  figure: (parts, { title = "One layer on the box [0, 1]^d", subtitle }) =>
    lineFigure({
      title,
      subtitle,
      x: { label: "weights N d", whole: true },
      y: { label: "P(dead)", scale: "log" },
      series: [
        { name: "2^(-N d)", tone: "neutral", dash: "dashed", x: [1, 2, 3, 4, 6, 9], y: [1, 2, 3, 4, 6, 9].map((n) => 2 ** -n) },
      ],
      marks: [
        {
          kind: "dots",
          tone: 0,
          name: "counted, 95 % interval",
          x: parts.map(({ settings }) => settings.width * settings.inputs),
          y: parts.map(({ result }) => result.value),
          low: parts.map(({ result }) => result.low),
          high: parts.map(({ result }) => result.high),
        },
      ],
    }),
};
