import type { Matrix } from "@sonde/core";
import { exp } from "@sonde/core/math";
import { type ColumnSummary, effectiveRank, measureMoments, type Pathology } from "@sonde/moments";
import { hiddenLayers } from "@sonde/nets";
import { cite } from "../bibliography.js";
import type { Finding } from "../finding.js";
import { affordableNetworks, firstAnswer, stepsOf } from "../first-answer.js";
import { lookedAt } from "../looked-at.js";
import { thresholds } from "../thresholds.js";
import type { Asked, SeparateExamination } from "./examination.js";

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

/** The points, how many networks are looked at, fewer where changes are compared, and the elementary steps of one; none where there is little to see. */
function passOf(asked: Asked): { data: Matrix<Float64Array>; networks: number; work: number } | undefined {
  const { architecture, theory } = asked;
  const depth = hiddenLayers(architecture).length;
  const data = lookedAt(asked, looks.points);
  if (data.rows < looks.points / 2 || depth < 4 || depth > looks.layers) return undefined;
  // Noise goes along with every point.
  const work = 2 * stepsOf(architecture, data.rows);
  const networks = affordableNetworks(looks.networks, work, firstAnswer.apart);
  return { data, networks: theory ? networks : Math.ceil(networks / 2), work };
}

/** Does the signal keep its dimensions, and does noise drown it? A pass of its own, since it carries noise along; the points are taken as they are. */
export const signalExamination: SeparateExamination<SignalRecord> = {
  name: "signal",
  work(asked) {
    const { networks, work } = passOf(asked) ?? { networks: 0, work: 0 };
    return networks * work;
  },
  async measure(asked) {
    const { architecture, options } = asked;
    const pass = passOf(asked);
    if (!pass) return undefined;
    const { data, networks } = pass;
    const inputRank = effectiveRank({ data: data.data, channels: data.cols }).value;
    const { seed, relaxed, threads, createWorker, signal } = options;
    const run = { seed, relaxed, threads, createWorker, signal, networks };
    const record = await measureMoments(architecture, { ...run, data, standardise: false });
    const { pathologies, gamma, layers } = record;
    const { logChi } = layers[hiddenLayers(architecture).length - 1];
    return { pathologies, gamma, logChi, inputRank, networks: record.networks };
  },
  findings: ({ pathologies, logChi, inputRank, networks }) =>
    pathologies.flatMap((pathology) =>
      signalFinding(pathology, { logChi, rank: { value: inputRank, whose: "that of the inputs" }, on: `${networks} networks` }),
    ),
  vitals: () => ({}),
};

/** What a pathology is judged beside. */
interface SeenWith {
  /** ln chi at the last hidden layer, where noise was carried along. */
  readonly logChi?: ColumnSummary;
  /** The effective rank that the signal begins with. */
  readonly rank: { readonly value: number; readonly whose: string };
  /** What was looked at. */
  readonly on: string;
}

/** A pathology of the signal as a finding, if it is there and bad enough. */
export function signalFinding(
  { pathology, present, layer, value }: Pick<Pathology, "pathology" | "present" | "layer" | "value">,
  { logChi, rank, on }: SeenWith,
): Finding[] {
  if (!present) return [];
  const found = (evidence: string, explanation: string): Finding[] => [
    {
      pathology,
      severity: "at-risk",
      layer,
      evidence: `${evidence} (${on})`,
      explanation,
      source: cite("moments"),
    },
  ];
  switch (pathology) {
    case "zero-dimensional-signal":
      return found(
        `the variance of the signal over the inputs is ${value.toPrecision(2)} of its power at the last hidden layer`,
        "All inputs arrive at nearly the same point: what differs between them is small beside what they have in common.",
      );
    case "one-dimensional-signal":
      if (!(rank.value >= thresholds.signal.inputRank) || !(value < thresholds.signal.effectiveRank)) return [];
      return found(
        `the signal's effective rank is ${value.toPrecision(3)} at the last hidden layer, ${rank.whose} ${rank.value.toPrecision(3)}`,
        "The inputs arrive on a line: the network can hardly compute more than one feature of them.",
      );
    case "exploding-sensitivity":
      if (!logChi || !(logChi.mean > thresholds.signal.logChi)) return [];
      return found(
        `noise grows by a factor ${exp(value).toPrecision(3)} a layer against the signal, ${exp(logChi.mean).toExponential(1)} times up to the last hidden layer`,
        "Small changes of an input become larger than the differences between inputs, and gradients explode likewise. Batch norm without skip connections multiplies both in every layer; residual units only add.",
      );
  }
}
