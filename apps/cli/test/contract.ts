import { expect } from "vitest";

/** A shape: a test of a value, or the fields that an object has at least. */
type Shape = ((value: unknown) => boolean) | { readonly [field: string]: Shape };

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const number: Shape = isNumber;
const text: Shape = (value) => typeof value === "string" && value.length > 0;
const share: Shape = (value) => isNumber(value) && value >= 0 && value <= 1;

/** `{ value, standardError, low, high, networks }`, in order; all null but `networks: 0` where no network has a value. */
const estimate: Shape = (entry) => {
  const { value, standardError, low, high, networks } = (entry ?? {}) as Record<string, unknown>;
  if (networks === 0) return [value, standardError, low, high].every((number) => number === null);
  if (!isNumber(value) || !isNumber(low) || !isNumber(high) || !isNumber(networks)) return false;
  const error = standardError === null || (isNumber(standardError) && standardError >= 0);
  return error && low <= value && value <= high && Number.isInteger(networks);
};

function listOf(shape: Shape): Shape {
  return (value) => Array.isArray(value) && value.every((entry) => mismatches(entry, shape, "").length === 0);
}

/** What every JSON result has around its `result`. */
const envelope = {
  sonde: text,
  command: text,
  architecture: { input: listOf(number), layers: listOf({ kind: text }) },
  warnings: listOf(text),
  elapsedMs: number,
};

export const deathShape: Shape = {
  bornDead: estimate,
  noLivingPoint: estimate,
  bounds: { lower: share, upper: share, theorem: text },
  layers: listOf({ layer: number, livingRatio: estimate, deadHere: estimate }),
  method: text,
};

export const anglesShape: Shape = {
  layers: listOf({
    layer: number,
    logSin2: estimate,
    quantiles: listOf({ probability: share, value: number, low: number, high: number, networks: number }),
    angle: estimate,
    degenerate: share,
  }),
};

/** The further fields of `angles --similarity`. */
export const similarityShape: Shape = {
  layers: listOf({
    averageCosine: estimate,
    gramRank: estimate,
    ckaWithInputs: estimate,
    ckaWithPrevious: estimate,
    zeroPoints: estimate,
  }),
};

/** Null where there is no formula. */
const formula: Shape = (value) => value === null || isNumber(value);

export const vniShape: Shape = {
  layers: listOf({
    layer: number,
    vni: estimate,
    weighted: estimate,
    local: estimate,
    formula,
    effectiveNodes: number,
    constantUnits: estimate,
    lengthShare: estimate,
  }),
  points: number,
  method: text,
};

/** `{ mean, sd, standardError, networks, p16, p84 }`; null but `networks: 0` where no network has a value. */
const spread: Shape = (entry) => {
  const { mean, sd, standardError, networks, p16, p84 } = (entry ?? {}) as Record<string, unknown>;
  if (networks === 0) return [mean, sd, standardError, p16, p84].every((number) => number === null);
  return [mean, p16, p84].every(isNumber) && (networks === 1 || [sd, standardError].every(isNumber));
};

export const momentsShape: Shape = {
  layers: listOf({
    layer: number,
    ...Object.fromEntries(
      "nu2 mu2 logNu2 effectiveRank noiseEffectiveRank logChi deltaChi spread constantSign"
        .split(" ")
        .map((name) => [name, spread]),
    ),
    locations: listOf({ path: text, kind: text }),
  }),
  pathologies: listOf({ pathology: text, layer: number }),
};

const vitals: Shape = { verdict: text, bornDead: estimate, networks: number };

export const checkShape: Shape = {
  verdict: (value) => ["healthy", "at-risk", "degenerate"].includes(value as string),
  findings: listOf({ pathology: text, severity: text, layer: number, evidence: text, explanation: text, source: text }),
  fixes: listOf({ change: text, before: vitals, after: vitals }),
};

const outcomes: Shape = Object.fromEntries(
  "learned collapsedMean collapsedMedian collapsedOther walkingDead vanished exploded diverged undecided"
    .split(" ")
    .map((name) => [name, number]),
);

/** Over networks; all null where none has a value. */
const quantiles: Shape = (entry) => {
  const { networks, ...values } = (entry ?? {}) as Record<string, unknown>;
  const all = ["p05", "p25", "p50", "p75", "p95"].map((name) => values[name]);
  return isNumber(networks) && all.every((value) => (networks === 0 ? value === null : isNumber(value)));
};

/** What the settings of `train` have at least. */
export const trainSettings: Shape = {
  model: text,
  seed: number,
  target: text,
  loss: text,
  optimizer: text,
  steps: number,
  runs: number,
};

export const trainShape: Shape = {
  runs: number,
  steps: number,
  outcomes,
  shares: { learned: estimate, diverged: estimate },
  collapsed: estimate,
  constants: { mean: listOf(number), loss: number },
  bornDead: { share: estimate, dead: outcomes, alive: outcomes },
  deaths: { bornDead: number, diedInTraining: number, constantAlive: number, revived: number },
  layers: listOf({ layer: number, units: number, start: {}, end: {} }),
  curves: { steps: listOf(number), loss: listOf(quantiles) },
  networks: listOf({ network: number, outcome: text }),
};

/** Expects one JSON object on one line, of the contract's shape, and returns it. */
export function expectRecord(
  stdout: string,
  command: string,
  result: Shape,
  settings: Shape = { model: text, seed: number, method: text, networks: number },
): JsonRecord {
  expect(stdout).toMatch(/^[^\n]+\n$/);
  const record = JSON.parse(stdout);
  expect(mismatches(record, { ...envelope, settings, result } as Shape, "")).toEqual([]);
  expect(record.command).toBe(command);
  return record;
}

export interface JsonRecord {
  readonly settings: Readonly<Record<string, string | number>>;
  // biome-ignore lint/suspicious/noExplicitAny: each command has a result of its own, checked by its shape
  readonly result: any;
  readonly warnings: readonly string[];
  readonly interrupted?: boolean;
}

/** The command line that a record's settings stand for. */
export function optionsOf({ settings: { model, ...settings } }: JsonRecord): string[] {
  const options = Object.entries(settings).map(
    ([name, value]) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}=${value}`,
  );
  return [String(model), ...options];
}

/** The paths at which a value is not of the shape. */
function mismatches(value: unknown, shape: Shape, path: string): string[] {
  if (typeof shape === "function") return shape(value) ? [] : [`${path}: ${JSON.stringify(value)?.slice(0, 200)}`];
  if (typeof value !== "object" || value === null) return [`${path}: ${JSON.stringify(value)} is no object`];
  return Object.entries(shape).flatMap(([field, inner]) =>
    mismatches((value as Record<string, unknown>)[field], inner, `${path}.${field}`),
  );
}
