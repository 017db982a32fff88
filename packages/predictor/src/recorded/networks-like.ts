import { addRunning, running, runningEstimate, runningSd } from "@sonde/core";
import type { Verdict } from "../finding.js";
import type { RecordedMeasurement } from "./measure-recorded.js";

/** A figure of one network beside that of networks like it. */
export interface ComparedFigure {
  readonly figure: "logSin2" | "degeneratePairs" | "livingRatio" | "vni" | "effectiveRank" | "growth" | "gradientGrowth";
  /** In words. */
  readonly about: string;
  readonly value: number;
  /** Over the others: their mean, standard deviation and number. */
  readonly mean: number;
  readonly sd: number;
  readonly networks: number;
  /** (value - mean) / sd; absent where all others are alike. */
  readonly z?: number;
  /** Whether it is worse than theirs by more than 3 standard deviations, or worse than every one of them where they are alike. */
  readonly worse: boolean;
}

/** A network beside others of its graph that were drawn anew. */
export interface NetworksLike {
  readonly networks: number;
  /** How many of them are of each verdict. */
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly figures: readonly ComparedFigure[];
  /** Whether something is wrong with the network that is not wrong with most of them, or is worse than with them. */
  readonly worse: boolean;
}

/** A network that was looked at. */
interface Judged {
  readonly verdict: Verdict;
  readonly measurement: RecordedMeasurement;
}

/** A figure: where it stands in a measurement, and which way is bad (-1: low, 1: high). */
interface Figure extends Pick<ComparedFigure, "figure" | "about"> {
  readonly of: (measurement: RecordedMeasurement) => number | undefined;
  readonly bad: -1 | 1 | 0;
}

const lastOf = ({ layers }: RecordedMeasurement) => layers.filter(({ beside }) => !beside).at(-1) ?? layers[layers.length - 1];

/** A figure of how points differ at the last hidden layer; none where that is no more than rounding. */
const unrounded =
  (of: (layer: RecordedMeasurement["layers"][number]) => number | undefined) =>
  (measurement: RecordedMeasurement): number | undefined => {
    const last = lastOf(measurement);
    return last.rounding ? undefined : of(last);
  };

const figures: readonly Figure[] = [
  {
    figure: "livingRatio",
    about: "share of points alive at the last hidden layer",
    of: (m) => lastOf(m).livingRatio.value,
    bad: -1,
  },
  {
    figure: "degeneratePairs",
    about: "share of degenerate pairs at the last hidden layer",
    of: unrounded(({ degenerate }) => degenerate),
    bad: 1,
  },
  {
    figure: "logSin2",
    about: "mean ln sin^2 of the angle at the last hidden layer",
    of: unrounded(({ logSin2 }) => logSin2?.value),
    bad: -1,
  },
  { figure: "vni", about: "vanishing node indicator at the last hidden layer", of: unrounded(({ vni }) => vni?.value), bad: 1 },
  {
    figure: "effectiveRank",
    about: "effective rank at the last hidden layer",
    of: unrounded(({ effectiveRank }) => effectiveRank),
    bad: -1,
  },
  { figure: "growth", about: "growth of ln of the mean square a layer", of: (m) => m.growth?.value, bad: 0 },
  { figure: "gradientGrowth", about: "growth of ln of the gradients a layer", of: (m) => m.gradients?.growth.value, bad: 0 },
];

/** Standard deviations beyond which a network is not like the others. */
const unlike = 3;

/**
 * Is a network worse than its kind? Its figures beside those of networks of the same graph, at the same points, whose weights were drawn anew.
 *
 * Figures that fewer than two of the others have are left out, and so are those of differences that are no more than rounding.
 */
export function networksLike(own: Judged, others: readonly Judged[]): NetworksLike {
  const compared = figures.flatMap(({ figure, about, of, bad }): ComparedFigure[] => {
    const value = of(own.measurement);
    const theirs = others.flatMap(({ measurement }) => {
      const other = of(measurement);
      return other !== undefined && Number.isFinite(other) ? [other] : [];
    });
    if (value === undefined || !Number.isFinite(value) || theirs.length < 2) return [];
    const sum = running();
    for (const other of theirs) addRunning(sum, other);
    const centre = runningEstimate(sum).value;
    const sd = runningSd(sum);
    const away = value - centre;
    const z = sd > 0 ? away / sd : undefined;
    const far = z === undefined ? Math.abs(away) > 1e-9 * Math.max(1, Math.abs(centre)) : Math.abs(z) > unlike;
    const worse = far && (bad === 0 ? false : Math.sign(away) === bad);
    return [{ figure, about, value, mean: centre, sd, networks: theirs.length, ...(z !== undefined && { z }), worse }];
  });
  const count = (verdict: Verdict) => others.filter((other) => other.verdict === verdict).length;
  const grades: readonly Verdict[] = ["healthy", "at-risk", "degenerate"];
  const alike = others.filter(({ verdict }) => grades.indexOf(verdict) >= grades.indexOf(own.verdict)).length;
  return {
    networks: others.length,
    verdicts: { healthy: count("healthy"), "at-risk": count("at-risk"), degenerate: count("degenerate") },
    figures: compared,
    // Training moves figures of healthy networks too.
    worse: own.verdict !== "healthy" && (compared.some(({ worse }) => worse) || 2 * alike < others.length),
  };
}
