/** Where an expected value comes from; never one for another. */
export type Origin = "published" | "replicated here" | "read off a figure" | "theory" | "claim";

/** A number with its standard error, where it has one. */
export interface Value {
  readonly value: number;
  /** Default: exact. */
  readonly standardError?: number;
  /** Independent networks behind it. */
  readonly networks?: number;
}

/** Whether a comparison came out as expected; undecided where the error is too large to tell. */
export type Outcome = "holds" | "fails" | "undecided";

/**
 * What a comparison decides: `claim` is what the sentence says, so it must hold; `value` is a number that was published with it, which is corrected where it does not hold; `context` decides nothing, such as a published
 * number that was measured on other data.
 */
export type Bearing = "claim" | "value" | "context";

/** One number of ours beside what is expected of it. */
export interface Comparison {
  readonly what: string;
  readonly ours: Value;
  /** `equal` to the expected value, `above` it or `below` it. */
  readonly rule: "equal" | "above" | "below";
  readonly expected: Value & { readonly origin: Origin };
  /** What rounding, or reading, adds to the expected value's error: it may be off by so much in any case. */
  readonly tolerance: number;
  readonly bears: Bearing;
  /** Ours less expected in joint standard errors; null where both are exact. */
  readonly apart: number | null;
  readonly outcome: Outcome;
}

/** Standard errors within which two numbers are equal. */
export const equalWithin = 4;

/** Standard errors by which a number must be on one side to be said to lie there. */
export const surelyBeyond = 3;

/** What a comparison may say beside its numbers. */
export interface ComparisonOptions {
  /** Default: theory. */
  readonly origin?: Origin;
  /** Default: claim. */
  readonly bears?: Bearing;
  /** Default: 0. */
  readonly tolerance?: number;
}

/**
 * Ours equals the expected value: within 4 joint standard errors and the tolerance.
 *
 * @example
 * equal("share", { value: 0.5, standardError: 0.01 }, { value: 0.52 }).outcome // "holds"
 * equal("share", { value: 0.5, standardError: 0.001 }, { value: 0.52 }).outcome // "fails"
 */
export function equal(what: string, ours: Value, expected: Value, options: ComparisonOptions = {}): Comparison {
  const { difference, error, made } = prepared("equal", what, ours, expected, options);
  const outcome = !Number.isFinite(difference)
    ? "undecided"
    : Math.abs(difference) <= equalWithin * error + made.tolerance
      ? "holds"
      : "fails";
  return { ...made, outcome };
}

/**
 * Ours lies above the expected value: surely where it is 3 joint standard errors above it (exact numbers: at it or above), undecided within 3 of it.
 *
 * @example
 * above("share", { value: 0.93, standardError: 0.01 }, { value: 0.9 }).outcome // "holds"
 * above("share", { value: 0.91, standardError: 0.01 }, { value: 0.9 }).outcome // "undecided"
 */
export function above(what: string, ours: Value, expected: Value, options: ComparisonOptions = {}): Comparison {
  const { difference, error, made } = prepared("above", what, ours, expected, options);
  return { ...made, outcome: sideOf(difference + made.tolerance, error) };
}

/** Ours lies below the expected value, by the rule of `above`. */
export function below(what: string, ours: Value, expected: Value, options: ComparisonOptions = {}): Comparison {
  const { difference, error, made } = prepared("below", what, ours, expected, options);
  return { ...made, outcome: sideOf(made.tolerance - difference, error) };
}

function sideOf(distance: number, error: number): Outcome {
  if (!Number.isFinite(distance)) return "undecided";
  if (distance >= surelyBeyond * error) return "holds";
  return distance <= -surelyBeyond * error ? "fails" : "undecided";
}

function prepared(
  rule: Comparison["rule"],
  what: string,
  ours: Value,
  expected: Value,
  { origin = "theory", bears = "claim", tolerance = 0 }: ComparisonOptions,
) {
  const [a, b] = [ours.standardError ?? 0, expected.standardError ?? 0];
  const error = Math.sqrt(a * a + b * b);
  const difference = ours.value - expected.value;
  // An error of rounding is none.
  const known = error > 1e-12 * Math.max(Math.abs(ours.value), Math.abs(expected.value));
  const apart = known && Number.isFinite(difference / error) ? difference / error : null;
  const made = { what, ours: plainValue(ours), rule, expected: { ...plainValue(expected), origin }, tolerance, bears, apart };
  return { difference, error, made };
}

/** Only what a comparison keeps of an estimate. */
function plainValue({ value, standardError, networks }: Value): Value {
  return { value, ...(standardError !== undefined && { standardError }), ...(networks !== undefined && { networks }) };
}
