import { exp } from "@sonde/core/math";
import { type ColumnSummary, effectiveRank, measureMoments, type Pathology } from "@sonde/moments";
import { hiddenLayers } from "@sonde/nets";
import type { Finding } from "../finding.js";
import { lookedAt } from "../looked-at.js";
import { thresholds } from "../thresholds.js";
import type { SeparateExamination } from "./examination.js";

/** What is known of signal and noise. */
export interface SignalRecord {
  readonly pathologies: readonly Pathology[];
  /** ln chi at the last hidden layer, and its growth by layer over the last half. */
  readonly logChi: ColumnSummary;
  readonly gamma: ColumnSummary;
  /** Effective rank of the inputs. */
  readonly inputRank: number;
  readonly networks: number;
}

/** Enough to tell the pathologies: they are about means, which hardly differ between networks. */
const looks = { networks: 16, points: 64, layers: 5000 };

/** Does the signal keep its dimensions, and does noise drown it? A pass of its own, since it carries noise along; the points are taken as they are. */
export const signalExamination: SeparateExamination<SignalRecord> = {
  name: "signal",
  async measure(asked) {
    const { architecture, options } = asked;
    const depth = hiddenLayers(architecture).length;
    const data = lookedAt(asked, looks.points);
    if (data.rows < looks.points / 2 || depth < 4 || depth > looks.layers) return undefined;
    const inputRank = effectiveRank({ data: data.data, channels: data.cols }).value;
    const { seed, relaxed, threads, createWorker, signal } = options;
    const run = { seed, relaxed, threads, createWorker, signal, networks: looks.networks };
    const record = await measureMoments(architecture, { ...run, data, standardise: false });
    const { pathologies, gamma, layers, networks } = record;
    return { pathologies, gamma, logChi: layers[depth - 1].logChi, inputRank, networks };
  },
  findings: (record) => record.pathologies.flatMap((pathology) => findingOf(pathology, record)),
  vitals: () => ({}),
};

function findingOf({ pathology, present, layer, value }: Pathology, { logChi, inputRank, networks }: SignalRecord): Finding[] {
  if (!present) return [];
  const found = (evidence: string, explanation: string): Finding[] => [
    {
      pathology,
      severity: "at-risk",
      layer,
      evidence: `${evidence} (${networks} networks)`,
      explanation,
      source: "Labatie 2019 (arXiv 1811.03087)",
    },
  ];
  switch (pathology) {
    case "zero-dimensional-signal":
      return found(
        `the variance of the signal over the inputs is ${value.toPrecision(2)} of its power at the last hidden layer`,
        "All inputs arrive at nearly the same point: what differs between them is small beside what they have in common.",
      );
    case "one-dimensional-signal":
      if (inputRank < thresholds.signal.inputRank || !(value < thresholds.signal.effectiveRank)) return [];
      return found(
        `the signal's effective rank is ${value.toPrecision(3)} at the last hidden layer, that of the inputs ${inputRank.toPrecision(3)}`,
        "The inputs arrive on a line: the network can hardly compute more than one feature of them.",
      );
    case "exploding-sensitivity":
      if (!(logChi.mean > thresholds.signal.logChi)) return [];
      return found(
        `noise grows by a factor ${exp(value).toPrecision(3)} a layer against the signal, ${exp(logChi.mean).toExponential(1)} times up to the last hidden layer`,
        "Small changes of an input become larger than the differences between inputs, and gradients explode likewise. Batch norm without skip connections multiplies both in every layer; residual units only add.",
      );
  }
}
