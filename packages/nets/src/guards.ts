import { nearest, quote } from "@sonde/core";
import { limits } from "./limits.js";

/** Says what is wrong with a value found at `path`, one sentence for each thing; nothing if all is well. */
export type Guard = (value: unknown, path: string) => readonly string[];

/** The guards of an object's fields. */
export interface Fields {
  readonly required: Readonly<Record<string, Guard>>;
  readonly optional: Readonly<Record<string, Guard>>;
}

/** A guard that accepts what passes the test. */
function must(expected: string, test: (value: unknown) => boolean): Guard {
  return (value, path) => (test(value) ? [] : [mismatch(path, expected, value)]);
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

/** A whole number of at least so much, and at most the units of a layer. */
export const wholeFrom = (least: number): Guard =>
  must(
    `a whole number from ${least} to ${limits.units}`,
    (value) => isNumber(value) && Number.isInteger(value) && value >= least && value <= limits.units,
  );

export const whole = wholeFrom(1);

export const finite = must("a finite number", isNumber);

export const nonNegative = must("a number from 0", (value) => isNumber(value) && value >= 0);

export const text = must("a string", (value) => typeof value === "string");

export const flag = must("true or false", (value) => typeof value === "boolean");

/** One of the given words. */
export function oneOf(choices: readonly string[]): Guard {
  return (value, path) => {
    if (typeof value === "string" && choices.includes(value)) return [];
    const near = typeof value === "string" ? nearest(value, choices) : undefined;
    const hint = near ? `: did you mean "${near}"?` : "";
    return [mismatch(path, `one of ${choices.map((choice) => `"${choice}"`).join(", ")}`, value, hint)];
  };
}

/** A list of `least` to `most` values that each pass the guard. */
export function listOf(guard: Guard, least: number, most: number): Guard {
  return (value, path) => {
    if (!Array.isArray(value)) return [mismatch(path, "a list", value)];
    if (value.length < least || value.length > most)
      return [`${path} must have ${least} to ${most} entries, got ${value.length}`];
    return value.flatMap((entry, index) => guard(entry, `${path}[${index}]`));
  };
}

/** Whether the value is an object with fields. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object with all required fields present, no unknown ones, each passing its guard. Fields that are `undefined` count as absent. */
export function fieldsOf({ required, optional }: Fields): Guard {
  const guards = new Map(Object.entries({ ...required, ...optional }));
  return (value, path) => {
    if (!isObject(value)) return [mismatch(path, "an object", value)];
    const at = (key: string) => (path === "" ? key : `${path}.${key}`);
    const missing = Object.keys(required).filter((key) => value[key] === undefined);
    return [
      ...missing.map((key) => `${at(key)} is missing: add it`),
      ...Object.entries(value).flatMap(([key, entry]) => {
        const guard = guards.get(key);
        if (!guard) return [unknownKey(key, [...guards.keys()], path)];
        return entry === undefined ? [] : guard(entry, at(key));
      }),
    ];
  };
}

function unknownKey(key: string, known: readonly string[], path: string): string {
  const near = nearest(key, known);
  const where = path === "" ? "the architecture" : path;
  return `${where} has an unknown key ${quote(key)}: ${near ? `did you mean "${near}"?` : `the known ones are ${known.join(", ")}`}`;
}

function mismatch(path: string, expected: string, got: unknown, hint = ""): string {
  return `${path === "" ? "the architecture" : path} must be ${expected}, got ${show(got)}${hint}`;
}

/** A value as an error message may show it. */
function show(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
