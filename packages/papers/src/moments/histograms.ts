import { matrix } from "@sonde/core";
import { measureMoments, oneInputLaw } from "@sonde/moments";
import { mlp } from "@sonde/nets";
import { histogramFigure, joinFigures, lineFigure } from "@sonde/plots";
import type { Claim, Settings } from "../claim.js";
import { type Comparison, equal } from "../comparison.js";

interface HistogramSettings extends Settings {
  readonly width: number;
  readonly depth: number;
  readonly networks: number;
}

interface HistogramResult {
  readonly layers: readonly {
    readonly layer: number;
    readonly mean: number;
    readonly sd: number;
    readonly networks: number;
    /** Of the noise, linearised. */
    readonly noiseMean: number;
    readonly noiseSd: number;
    /** ln nu2 of the first networks, for the histogram. */
    readonly sample: readonly number[];
    readonly noiseSample: readonly number[];
  }[];
  /** Of nu2 after one layer over that before it. */
  readonly oneStep: { readonly variance: number; readonly networks: number };
}

const marked = [50, 100, 150, 200];
/** N times the variance of a step of nu2, by width. */
const published: Readonly<Record<number, number>> = { 128: 4.985, 512: 4.975 };

export const histograms: Claim<HistogramSettings, HistogramResult> = {
  id: "moments/histograms",
  number: "3.2",
  sentence:
    "In plain networks the powers of signal and noise diffuse: their logarithms spread with a variance proportional to depth, so moments become ill-behaved.",
  figureOf: "figure 2, fully connected, a single input",
  runs: "ln nu2 of the signal and of the noise of one input through plain networks of width 128 at layers 50, 100, 150 and 200: mean and variance against the exact law of one layer",
  substitute: "the paper's convolutions on batches of 1024: one input, of which the law is exact",
  correction: "The variance of a step is 5/N exactly; what was published is its estimate.",
  seconds: { quick: 1, standard: 10, full: 60 },
  parts: ({ scale }) =>
    (scale === "quick" ? [32] : [128, 512]).map((width) => ({
      name: `width ${width}`,
      settings: {
        width,
        depth: scale === "quick" ? 100 : 200,
        networks: { quick: 500, standard: 2000, full: 10_000 }[scale],
        seed: 1000 + width,
      },
    })),
  async measure({ width, depth, networks, seed }, { threads, createWorker, signal }) {
    const data = matrix(1, 4, Float64Array.of(1, -1, 1, -1));
    const run = { data, batch: 1, standardise: false, method: "law", threads, createWorker, signal } as const;
    const { layers, samples } = await measureMoments(mlp(`4-${width}x${depth}-1`), { ...run, networks, seed });
    // One layer alone: nu2 of the input is 1.
    const [first] = (await measureMoments(mlp(`4-${width}-1`), { ...run, networks: 10 * networks, seed: seed + 1 })).layers;
    return {
      layers: layers
        .filter(({ layer }) => marked.includes(layer))
        .map(({ layer, logNu2, logNoise }) => {
          const sample = samples.find((one) => one.layer === layer);
          return {
            layer,
            mean: logNu2.mean,
            sd: logNu2.sd,
            networks: logNu2.networks,
            noiseMean: logNoise.mean,
            noiseSd: logNoise.sd,
            sample: (sample?.logNu2 ?? []).slice(0, 1000),
            noiseSample: (sample?.logNoise ?? []).slice(0, 1000),
          };
        }),
      oneStep: { variance: first.nu2.sd * first.nu2.sd, networks: first.nu2.networks },
    };
  },
  compare: (parts) =>
    parts.flatMap(({ settings: { width }, result }): Comparison[] => {
      const law = oneInputLaw(width);
      const known = published[width];
      const step = {
        value: width * result.oneStep.variance,
        standardError: width * result.oneStep.variance * Math.sqrt((2 + 22 / width) / result.oneStep.networks),
        networks: result.oneStep.networks,
      };
      return [
        equal(`N times the variance of a step of nu2, width ${width}`, step, { value: width * law.variance }),
        ...(known === undefined
          ? []
          : [
              equal(
                `N times the variance of a step of nu2, width ${width}`,
                step,
                { value: known },
                { origin: "published", bears: "value", tolerance: 0.05 },
              ),
            ]),
        ...result.layers.flatMap(({ layer, mean, sd, networks }) => [
          equal(
            `mean of ln nu2, width ${width}, l = ${layer}`,
            { value: mean, standardError: sd / Math.sqrt(networks), networks },
            {
              value: layer * law.logDrift,
            },
          ),
          equal(
            `variance of ln nu2, width ${width}, l = ${layer}`,
            { value: sd * sd, standardError: sd * sd * Math.sqrt(2 / networks), networks },
            { value: layer * law.logVariance },
          ),
        ]),
      ];
    }),
  figure(parts, { title = "The power of the signal diffuses with depth", subtitle }) {
    const [{ result, settings }] = parts;
    const law = oneInputLaw(settings.width);
    return joinFigures(
      [
        histogramFigure({
          title: `ln nu2, width ${settings.width}`,
          x: { label: "ln nu2 of the signal" },
          samples: result.layers.map(({ layer, sample }) => ({ name: `layer ${layer}`, values: sample })),
        }),
        histogramFigure({
          title: `ln mu2 of the noise, width ${settings.width}`,
          x: { label: "ln mu2 of the noise" },
          samples: result.layers.map(({ layer, noiseSample }) => ({ name: `layer ${layer}`, values: noiseSample })),
        }),
        lineFigure({
          title: "Variance against depth",
          x: { label: "layer l" },
          y: { label: "variance of ln nu2" },
          series: parts.flatMap(({ settings: { width } }, tone) => {
            const { logVariance } = oneInputLaw(width);
            return [
              {
                name: `width ${width}: exact`,
                tone,
                dash: "dashed" as const,
                x: [0, settings.depth],
                y: [0, settings.depth * logVariance],
              },
            ];
          }),
          marks: parts.map(({ settings: { width }, result: { layers } }, tone) => ({
            kind: "dots" as const,
            tone,
            name: `width ${width}: measured, ± 2 standard errors`,
            x: layers.map(({ layer }) => layer),
            y: layers.map(({ sd }) => sd * sd),
            low: layers.map(({ sd, networks }) => sd * sd * (1 - 2 * Math.sqrt(2 / networks))),
            high: layers.map(({ sd, networks }) => sd * sd * (1 + 2 * Math.sqrt(2 / networks))),
          })),
        }),
        lineFigure({
          title: "Mean against depth",
          x: { label: "layer l" },
          y: { label: "mean of ln nu2" },
          series: [{ name: "exact", tone: 0, dash: "dashed", x: [0, settings.depth], y: [0, settings.depth * law.logDrift] }],
          marks: [
            { kind: "dots", tone: 0, x: result.layers.map(({ layer }) => layer), y: result.layers.map(({ mean }) => mean) },
          ],
        }),
      ],
      { title, subtitle },
    );
  },
};
