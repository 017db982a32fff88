import { ConfigError } from "@sonde/core";
import { defaultPairs } from "@sonde/metrics-correlation";
import { type AngleLaw, growPrediction, type PredictedLayer, type PublishedForm } from "@sonde/predictor/angles";
import { type RunContext, runCommand } from "../command.js";
import type { SharedOptions } from "../options.js";
import { short } from "../render/numbers.js";
import { predictReport } from "../render/predict.js";

type PredictOptions = SharedOptions & {
  theta0?: number;
  pairs?: number;
  quantiles?: number[];
  law?: AngleLaw;
  published: PublishedForm;
  publishedWidths: "hidden" | "authors";
};

/** A long prediction lets signals through so often, in milliseconds. */
const breath = 100;

/** `sonde predict MODEL`. */
export function predict(model: string, options: PredictOptions): Promise<number> {
  return runCommand("predict", model, options, async (architecture, context) => {
    const { theta0, data: source, standardize, points, pairs, quantiles, law, published, publishedWidths, seed } = options;
    if (source !== undefined && theta0 !== undefined)
      throw new ConfigError("--theta0 and --data exclude each other: give one of them");
    const [idle] = Object.entries({ standardize, points, pairs }).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    if (source === undefined && idle) throw new ConfigError(`--${idle} is for --data: give a data set too, or leave it out`);
    // Reading data takes longer to load than a prediction takes.
    const inputs = source === undefined ? undefined : await (await import("../inputs.js")).loadInputs(architecture, options);
    const prediction = growPrediction(architecture, {
      ...(inputs ? { data: inputs.data, pairs, seed } : { theta0 }),
      quantiles,
      law,
      published,
      publishedWidths,
    });
    const { layers, interrupted } = await collect(prediction.layers, context);
    const { theta0: angle, pairs: used } = prediction;
    const gone = layers.findIndex(({ finiteWidth }) => Number.isNaN(finiteWidth.mean));
    return {
      result: { layers, law: prediction.law, pairs: used },
      settings: {
        ...(inputs ? { ...inputs.settings, pairs: pairs ?? defaultPairs } : { theta0: angle }),
        quantiles: prediction.quantiles,
        law: prediction.law,
        published,
        publishedWidths,
      },
      warnings:
        gone >= 0
          ? [`practically every pair is degenerate from layer ${gone + 1} on, so finiteWidth and its quantiles are null`]
          : [],
      interrupted,
      exitCode: 0,
      figure: (plots, text) => plots.anglesFigure({ predicted: { layers } }, text),
      report: (page) =>
        predictReport(page, {
          model,
          architecture,
          layers,
          inputs: inputs?.name ?? `two inputs at ${short(angle)} rad`,
          pairs: used,
        }),
    };
  });
}

/** All layers, or those that were finished when a signal came. */
async function collect(layers: Iterable<PredictedLayer>, { signal }: RunContext) {
  const finished: PredictedLayer[] = [];
  let last = performance.now();
  for (const layer of layers) {
    finished.push(layer);
    if (performance.now() - last < breath) continue;
    await new Promise(setImmediate);
    if (signal.aborted) return { layers: finished, interrupted: true };
    last = performance.now();
  }
  return { layers: finished, interrupted: false };
}
