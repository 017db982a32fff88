import { reals } from "@sonde/checkup/files";
import { ConfigError, type Estimate, quote, SondeError } from "@sonde/core";
import {
  defaultQuantiles,
  type PairSummary,
  type RecordedAnglesLayer,
  recordedAngles,
  recordedSimilarity,
} from "@sonde/metrics-correlation";
import { runOn } from "../command.js";
import { oneNetwork, openRecording } from "../recorded.js";
import { anglesRecordedReport } from "../render/angles-recorded.js";
import type { AnglesOptions } from "./angles.js";

/** `sonde angles recorded.npz`. */
export async function anglesRecorded(model: string, options: AnglesOptions): Promise<number> {
  const started = performance.now();
  const line = await oneNetwork(model, options, ["pairs", "quantiles", "similarity", "plot", "theme"]);
  const { quantiles = [...defaultQuantiles], similarity: kind, seed } = options;
  const subject = {
    name: "angles",
    model,
    started,
    architecture: null,
    line,
    settings: { model, quantiles, similarity: kind, seed },
    warnings: [],
  };
  return runOn(subject, options, async (context) => {
    const { arrays, settings, warnings } = await openRecording(model, options, context);
    const { pairs, layers } = named(model, () => {
      const activations = arrays.map(({ shape, data }) => ({ shape, data: reals(data) }));
      const angles = recordedAngles(activations, { pairs: options.pairs, seed, quantiles });
      const similarity = kind && recordedSimilarity(activations, { debiased: kind === "debiased" });
      return {
        pairs: angles.pairs,
        layers: angles.layers.map((layer, l) => {
          const { name, shape } = arrays[l];
          return { layer: layer.layer, name, shape, ...asEstimates(layer), ...similarity?.[l] };
        }),
      };
    });
    return {
      result: { layers, pairs },
      settings: { ...settings, pairs },
      warnings: [
        ...warnings,
        ...layers
          .filter(({ degenerate }) => degenerate === 1)
          .slice(0, 1)
          .map(
            ({ layer }) => `every pair is degenerate from layer ${layer} on, so logSin2, angle, cosine and correlation are null`,
          ),
      ],
      interrupted: false,
      exitCode: 0,
      figure: (plots, text) => plots.anglesFigure({ measured: { layers } }, text),
      report: (page) => anglesRecordedReport(page, { model, layers, pairs }),
    };
  });
}

/** What is wrong with the activations is said with their file. */
function named<Result>(model: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof SondeError ? new ConfigError(`in ${quote(model)}: ${error.message}`, { cause: error }) : error;
  }
}

/** The numbers of one network in the form of those of many. */
function asEstimates({ logSin2, angle, cosine, correlation, degenerate }: RecordedAnglesLayer) {
  return {
    logSin2: { ...estimate(logSin2), sd: logSin2.sd },
    quantiles: logSin2.quantiles,
    angle: estimate(angle),
    cosine: estimate(cosine),
    correlation: estimate(correlation),
    degenerate,
  };
}

/** Its error is that of pairs drawn instead of all. */
function estimate({ mean, standardError }: PairSummary): Estimate {
  const reach = 1.959963984540054 * standardError;
  return { value: mean, standardError, low: mean - reach, high: mean + reach, networks: 1 };
}
