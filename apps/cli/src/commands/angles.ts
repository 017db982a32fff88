import { networksSetting } from "@sonde/checkup/asked";
import { ConfigError } from "@sonde/core";
import {
  type AnglesState,
  anglesRecord,
  anglesRequest,
  defaultPairs,
  defaultQuantiles,
  type SimilarityState,
  similarityLayers,
  similarityRequest,
  twoInputs,
} from "@sonde/metrics-correlation";
import { type Architecture, drawnBy, estimateOver } from "@sonde/nets";
import { runCommand } from "../command.js";
import { loadInputs } from "../inputs.js";
import type { SharedOptions } from "../options.js";
import { isOneNetwork } from "../recorded.js";
import { anglesReport } from "../render/angles.js";
import { short } from "../render/numbers.js";

/** What `sonde angles` understands beside the shared options. */
export type AnglesOptions = SharedOptions & {
  theta0?: number;
  pairs?: number;
  quantiles?: number[];
  similarity?: "biased" | "debiased";
};

/** `sonde angles MODEL`, where MODEL may be recorded activations or a model file. */
export async function angles(model: string, options: AnglesOptions): Promise<number> {
  if (await isOneNetwork(model)) return (await import("./angles-recorded.js")).anglesRecorded(model, options);
  return runCommand("angles", model, options, async (architecture, context) => {
    const { similarity: kind, quantiles = [...defaultQuantiles] } = options;
    const { name, settings, data } = await anglesInputs(architecture, options);
    const requests = [
      anglesRequest(architecture, data, { pairs: options.pairs, seed: options.seed, quantiles }),
      ...(kind ? [similarityRequest(architecture, data, { debiased: kind === "debiased" })] : []),
    ];
    const { states, networks, executor, interrupted } = await estimateOver(architecture, data, requests, context);
    const run = { networks, method: drawnBy[executor], executor, interrupted };
    const record = anglesRecord(states[0] as AnglesState, run, quantiles);
    const similarity = kind && similarityLayers(states[1] as SimilarityState);
    const gone = record.layers.findIndex(({ logSin2 }) => Number.isNaN(logSin2.value));
    return {
      result: {
        layers: record.layers.map((layer, l) => ({ ...layer, ...similarity?.[l] })),
        networks,
        pairs: record.pairs,
        method: record.method,
        executor,
      },
      settings: {
        ...settings,
        ...(options.data !== undefined && { pairs: options.pairs ?? defaultPairs }),
        quantiles,
        similarity: kind,
        networks: networksSetting(options, record),
      },
      warnings:
        gone >= 0
          ? [`every pair is degenerate from layer ${gone + 1} on, so logSin2, angle, cosine and correlation are null`]
          : [],
      interrupted,
      exitCode: 0,
      figure: (plots, text) => plots.anglesFigure({ measured: record }, text),
      report: (page) =>
        anglesReport(page, { model, architecture, record, similarity, range: options.quantiles !== undefined, inputs: name }),
    };
  });
}

async function anglesInputs(architecture: Architecture, options: AnglesOptions) {
  const { theta0, data, standardize, points, pairs, similarity } = options;
  if (data !== undefined) {
    if (theta0 !== undefined) throw new ConfigError("--theta0 and --data exclude each other: give one of them");
    const inputs = await loadInputs(architecture, options);
    if (!inputs.data) throw new TypeError("a data set has points");
    return { ...inputs, data: inputs.data };
  }
  const [idle] = Object.entries({ standardize, points, pairs, similarity }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  if (idle) throw new ConfigError(`--${idle} is for --data: give a data set too, or leave it out`);
  const oneInput = architecture.input.every((n) => n === 1);
  const angle = theta0 ?? (oneInput ? Math.PI : Math.PI / 2);
  const name = oneInput ? "the inputs -1 and 1" : `two inputs at ${short(angle)} rad`;
  return { name, settings: { theta0: angle }, data: twoInputs(architecture, angle) };
}
