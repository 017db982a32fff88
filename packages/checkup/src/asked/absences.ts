/** Numbers of a result that do not exist, by what they are called, and where they are missing. */
interface Missing {
  /** Layers counted from 1; empty where it is not in a list of layers. */
  readonly layers: Set<number>;
  readonly reason: string;
}

/** What a summary holds beside its value: none of it exists where there is one sample, or none. */
const spreads: ReadonlySet<string> = new Set(["standardError", "low", "high", "sd", "p16", "p84"]);

const degenerate = "every pair of points is degenerate: one of the two is zero, or they are collinear";
const certainlyDegenerate = "practically every pair is degenerate, so there is no law of their angle";
const alike = "in no network do two units vary over the points";
const constant = "the points are all the same, or the signal is 0, so there is nothing to compare noise with";
const zero = "the signal is 0";
const incomparable = "the kernel is 0 or beyond the largest number, or a single network says nothing of the spread";
const unbounded = "the variance grows without bound, so there is no fixed point";
const infinite = "it is infinite, or there is no fixed point";

const still = "the values are all 0 there, or do not vary over the points, in every network";

/** Why each number may not exist, by its name. */
const reasons: Readonly<Record<string, string>> = {
  logSin2: degenerate,
  logMeanSquare: still,
  logVariance: still,
  logLargest: still,
  growth: "a layer without signal has no logarithm to grow from or to",
  angle: degenerate,
  cosine: degenerate,
  correlation: degenerate,
  predicted: certainlyDegenerate,
  finiteWidth: certainlyDegenerate,
  quantiles: degenerate,
  ckaWithInputs: "the points are all the same in one of the layers that are compared",
  ckaWithPrevious: "the points are all the same in one of the layers that are compared",
  nngp: "it is beyond the largest number",
  ntk: "it is beyond the largest number",
  averageCosine: "fewer than two points are not zero",
  vni: alike,
  weighted: alike,
  lengthShare: alike,
  effectiveNodes: alike,
  local: "the Jacobian is 0",
  formula: "theory has none for this layer, as another warning says, or recorded activations do not tell the network",
  logSpread: "in no network does the last hidden layer vary over the points",
  logChi: constant,
  chi: constant,
  effectiveRank: constant,
  noiseEffectiveRank: constant,
  deltaChi: constant,
  deltaChiNorm: constant,
  deltaChiActivation: constant,
  deltaChiUnit: constant,
  deltaChiBranch: constant,
  deltaChiPredicted: constant,
  deltaChiActivationPredicted: constant,
  kurtosis: constant,
  meanAbsZ: constant,
  logNu2: zero,
  spread: zero,
  logNoise: "the noise is 0, or the signal",
  gamma: "the last half of the layers has fewer than two with a sensitivity",
  tau: "the last half of the layers has fewer than two with a sensitivity",
  pathologies: "what decides it has no value at the last layer",
  difference: incomparable,
  noise: incomparable,
  fluctuation: incomparable,
  deviation: incomparable,
  largestZ: "the networks do not differ, so there is no standard error to compare with",
  condition: "the kernel is singular to rounding, so the ratio of its eigenvalues is infinite",
  qStar: unbounded,
  cStar: unbounded,
  chi1: infinite,
  xiC: infinite,
  xiQ: infinite,
  standardError: "a single network says nothing about the spread, or it is beyond the largest number",
  smallest: "the model is healthy already, or nothing that was tried makes it so",
};

/**
 * The one place that says of every number of a result that does not exist, NaN or infinite or null, why that is: a sentence for each reason, which names the fields and the layers. Fields that the
 * command's own warnings name are left to them.
 */
export function absences(result: object, warnings: readonly string[] = []): string[] {
  const missing = new Map<string, Missing>();
  let depth = 0;
  const note = (field: string, reason: string, layer: number | undefined): void => {
    if (warnings.some((warning) => names(warning, field))) return;
    const known = missing.get(field) ?? { layers: new Set(), reason };
    missing.set(field, known);
    if (layer !== undefined) known.layers.add(layer);
  };
  const why = (field: string, value: unknown): string =>
    reasons[field] ??
    (typeof value === "number" && !Number.isNaN(value)
      ? "it is beyond the largest number"
      : "in no network is there a value, or it is beyond the largest number");

  /** `field` is what a reader would call the value: the name of the summary it belongs to, or its own. */
  const visit = (value: unknown, field: string, layer: number | undefined): void => {
    if (!exists(value)) note(field, why(field, value), layer);
    else if (Array.isArray(value) || ArrayBuffer.isView(value)) visitList(value as ArrayLike<unknown>, field, layer);
    else if (typeof value === "object") visitRecord(value as Readonly<Record<string, unknown>>, field, layer);
  };
  const visitRecord = (record: Readonly<Record<string, unknown>>, field: string, layer: number | undefined): void => {
    const main = ["value", "mean"].find((key) => key in record);
    const empty = main !== undefined && !exists(record[main]);
    if (empty) note(field, why(field, record[main]), layer);
    for (const [key, value] of Object.entries(record)) {
      // Where there is no value, its spread and all else about it are no further news.
      if (value === undefined || (empty && typeof value !== "object")) continue;
      if (main === undefined || !spreads.has(key)) visit(value, key === main ? field : key, layer);
      else if (!exists(value)) note(key, "a single network or value says nothing about its spread", layer);
    }
  };
  const visitList = (list: ArrayLike<unknown>, field: string, layer: number | undefined): void => {
    const counts = field === "layers";
    if (counts) depth = Math.max(depth, list.length);
    for (let k = 0; k < list.length; k++) visit(list[k], field, counts ? k + 1 : layer);
  };
  visit(result, "result", undefined);
  return sentences(missing, depth);
}

/** One sentence for each reason. */
function sentences(missing: ReadonlyMap<string, Missing>, depth: number): string[] {
  const groups = new Map<string, { fields: string[]; reason: string; where: string }>();
  for (const [field, { layers, reason }] of missing) {
    const where = whereOf([...layers], depth);
    const key = `${reason}|${where}`;
    const group = groups.get(key) ?? { fields: [], reason, where };
    group.fields.push(field);
    groups.set(key, group);
  }
  return [...groups.values()].map(
    ({ fields, reason, where }) => `${fields.join(", ")} ${fields.length === 1 ? "is" : "are"} null${where}: ${reason}`,
  );
}

function whereOf(layers: readonly number[], depth: number): string {
  if (layers.length === 0) return "";
  const sorted = [...layers].sort((a, b) => a - b);
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  if (sorted.length !== last - first + 1) return " in some layers";
  if (last === depth && first < last) return ` from layer ${first} on`;
  return first === last ? ` in layer ${first}` : ` in layers ${first} to ${last}`;
}

function exists(value: unknown): boolean {
  return value !== null && (typeof value !== "number" || Number.isFinite(value));
}

function names(warning: string, field: string): boolean {
  return new RegExp(`\\b${field}\\b`).test(warning);
}
