import { type Matrix, type Reals, sampleRows, split } from "@sonde/core";
import { domainPoints, type Interval } from "@sonde/metrics-death";
import { inferShapes, sharedStream, size } from "@sonde/nets";
import type { Asked } from "./examinations/examination.js";

/** Points at which scale, slopes, gradients and outputs are looked at; the values that they may have together in the largest layer, and the points that are looked at in any case. */
const looks = { points: 64, values: 2 ** 22, fewest: 4 };

/** The points of an examination that needs real ones, not the rays or ends that stand for an interval: at most 64 of them, fewer where layers are huge, drawn by the seed over the whole set. */
export function lookedAt({ architecture, domain, options }: Asked, points = looks.points): Matrix<Float64Array> {
  const { seed = 0 } = options;
  const largest = inferShapes(architecture).reduce((most, { output }) => Math.max(most, size(output)), size(architecture.input));
  const most = Math.min(points, Math.max(looks.fewest, Math.floor(looks.values / largest)));
  if (domain.kind !== "rays" && domain.kind !== "interval") return sampledRows(domain.inputs, most, seed);
  return domainPoints(architecture, intervals(options.domain), { points: most, seed, sampling: "grid" }).inputs;
}

/** What is to be learned at the points of `lookedAt`, where that is known. */
export function targetsAt(asked: Asked, points: Matrix): Matrix<Float64Array> | undefined {
  const { targets, data, seed = 0 } = asked.options;
  if (!targets || !data || targets.rows !== data.rows || asked.domain.inputs.rows !== data.rows) return undefined;
  // The rows that are drawn depend on how many there are and on the seed alone.
  return sampledRows(targets, points.rows, seed);
}

function intervals(domain: Asked["options"]["domain"]): readonly Interval[] {
  if (domain === undefined) return [[-1, 1]];
  return typeof domain[0] === "number" ? [domain as Interval] : (domain as readonly Interval[]);
}

/** So many rows of a matrix at most, drawn by the seed over all of them. */
export function sampledRows<Data extends Reals>(points: Matrix<Data>, most: number, seed: number): Matrix<Data> {
  return sampleRows(points, most, split(sharedStream(seed), 3));
}
