import { ConfigError, nearest, quote } from "@sonde/core";
import { limits } from "./limits.js";

/** Checks one value found at `path`; throws `ConfigError` if it is not what it must be. */
export type Guard = (value: unknown, path: string) => void;

/** The guards of an object's fields. */
export interface Fields {
  readonly required: Readonly<Record<string, Guard>>;
  readonly optional: Readonly<Record<string, Guard>>;
}

export const whole: Guard = (value, path) => {
  if (!(typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= limits.units))
    throw mismatch(path, `a whole number from 1 to ${limits.units}`, value);
};

export const positive: Guard = (value, path) => {
  if (!(typeof value === "number" && Number.isFinite(value) && value > 0)) throw mismatch(path, "a number above 0", value);
};

export const nonNegative: Guard = (value, path) => {
  if (!(typeof value === "number" && Number.isFinite(value) && value >= 0)) throw mismatch(path, "a number from 0", value);
};

export const text: Guard = (value, path) => {
  if (typeof value !== "string") throw mismatch(path, "a string", value);
};

export const flag: Guard = (value, path) => {
  if (typeof value !== "boolean") throw mismatch(path, "true or false", value);
};

/** One of the given words. */
export function oneOf(choices: readonly string[]): Guard {
  return (value, path) => {
    if (typeof value === "string" && choices.includes(value)) return;
    const near = typeof value === "string" ? nearest(value, choices) : undefined;
    const hint = near ? `: did you mean "${near}"?` : "";
    throw mismatch(path, `one of ${choices.map((choice) => `"${choice}"`).join(", ")}`, value, hint);
  };
}

/** A list of `least` to `most` values that each pass the guard. */
export function listOf(guard: Guard, least: number, most: number): Guard {
  return (value, path) => {
    if (!Array.isArray(value)) throw mismatch(path, "a list", value);
    if (value.length < least || value.length > most)
      throw new ConfigError(`${path} must have ${least} to ${most} entries, got ${value.length}`);
    for (const [index, entry] of value.entries()) guard(entry, `${path}[${index}]`);
  };
}

/** The value as an object. */
export function object(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw mismatch(path, "an object", value);
  return value as Readonly<Record<string, unknown>>;
}

/** All required fields present, no unknown ones, each passing its guard. Fields that are `undefined` count as absent. */
export function checkFields(value: Readonly<Record<string, unknown>>, { required, optional }: Fields, path: string): void {
  const at = (key: string) => (path === "" ? key : `${path}.${key}`);
  const guards = new Map(Object.entries({ ...required, ...optional }));
  for (const key of Object.keys(required)) if (value[key] === undefined) throw new ConfigError(`${at(key)} is missing: add it`);
  for (const [key, entry] of Object.entries(value)) {
    const guard = guards.get(key);
    if (!guard) {
      const near = nearest(key, [...guards.keys()]);
      const where = path === "" ? "the architecture" : path;
      throw new ConfigError(
        `${where} has an unknown key ${quote(key)}: ${near ? `did you mean "${near}"?` : `the known ones are ${[...guards.keys()].join(", ")}`}`,
      );
    }
    if (entry !== undefined) guard(entry, at(key));
  }
}

function mismatch(path: string, expected: string, got: unknown, hint = ""): ConfigError {
  return new ConfigError(`${path === "" ? "the architecture" : path} must be ${expected}, got ${show(got)}${hint}`);
}

/** A value as an error message may show it. */
function show(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
