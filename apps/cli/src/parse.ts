import { ConfigError, decimal, quote, wholeDecimal } from "@sonde/core";

/** Turns the text that an option was given into its value, or throws `ConfigError` with one sentence. */
export type Parse<Value> = (text: string) => Value;

/** A whole number in [low, high], in decimal digits; `1e6` is one too. */
export function whole(option: string, low: number, high: number): Parse<number> {
  return (text) => {
    const value = wholeDecimal(text);
    if (value >= low && value <= high) return value;
    throw new ConfigError(`${option} takes a whole number from ${low} to ${high}, got ${quote(text)}`);
  };
}

/** A finite number above `low`, and below `high` where that is given. */
export function between(option: string, low: number, high = Number.POSITIVE_INFINITY): Parse<number> {
  return (text) => {
    const value = decimal(text);
    if (value > low && value < high) return value;
    const below = high === Number.POSITIVE_INFINITY ? "" : ` and below ${high}`;
    throw new ConfigError(`${option} takes a number above ${low}${below}, got ${quote(text)}`);
  };
}

/** What `parse` takes, or the word default: as if the option were not given. */
export function orDefault<Value>(parse: Parse<Value>): Parse<Value | "default"> {
  return (text) => (text === "default" ? text : parse(text));
}

/** A finite number in [0, high]. */
export function atLeastZero(option: string, high = Number.POSITIVE_INFINITY): Parse<number> {
  return (text) => {
    const value = decimal(text);
    if (value >= 0 && value <= high && Number.isFinite(value)) return value;
    const end = high === Number.POSITIVE_INFINITY ? "on" : `to ${high}`;
    throw new ConfigError(`${option} takes a number from 0 ${end}, got ${quote(text)}`);
  };
}

/** One of the given words. */
export function oneOf<const Choice extends string>(option: string, choices: readonly Choice[]): Parse<Choice> {
  return (text) => {
    const choice = choices.find((candidate) => candidate === text);
    if (choice !== undefined) return choice;
    throw new ConfigError(`${option} is one of ${choices.join(", ")}, got ${quote(text)}`);
  };
}

/** `-1,1`, or a box `-1,1;0,2` with one interval per input. */
export function intervals(option: string): Parse<[number, number][]> {
  return (text) =>
    text.split(";").map((part) => {
      const ends = part.split(",").map(decimal);
      if (ends.length === 2 && ends.every(Number.isFinite) && ends[0] < ends[1]) return [ends[0], ends[1]];
      throw new ConfigError(
        `${option} takes LOW,HIGH with LOW below HIGH for each input, joined by ;, as in ${option}=-1,1, got ${quote(text)}`,
      );
    });
}

/** An angle between two inputs, in (0, pi]. */
export function angle(option: string): Parse<number> {
  return (text) => {
    const value = decimal(text);
    if (value > 0 && value <= Math.PI) return value;
    throw new ConfigError(`${option} takes an angle in radians above 0 and up to pi (${Math.PI}), got ${quote(text)}`);
  };
}

/** `0.05,0.5,0.95`: probabilities in ascending order. */
export function probabilities(option: string): Parse<number[]> {
  return (text) => {
    const values = text.split(",").map(decimal);
    if (values.every((p, k) => p >= 0 && p <= 1 && (k === 0 || p > values[k - 1]))) return values;
    throw new ConfigError(
      `${option} takes ascending probabilities from 0 to 1 joined by commas, as in 0.05,0.5,0.95, got ${quote(text)}`,
    );
  };
}

/** `2..20`, `4,8,16` or both joined by commas: whole numbers in [low, high], at most a million of them, ascending and each once. */
export function wholes(option: string, low: number, high: number): Parse<number[]> {
  return (text) => {
    const values = new Set<number>();
    for (const part of text.split(",")) {
      const [first, last = first, ...rest] = part.split("..").map(wholeDecimal);
      const valid = rest.length === 0 && [first, last].every((end) => end >= low && end <= high);
      if (!valid || first > last || last - first + values.size > 1e6)
        throw new ConfigError(
          `${option} takes whole numbers from ${low} to ${high}, ranges or both, as in 2..20 or 4,8,16, got ${quote(text)}`,
        );
      for (let value = first; value <= last; value++) values.add(value);
    }
    return [...values].sort((a, b) => a - b);
  };
}

/** `0.01,0.1`: probabilities above 0 and below 1. */
export function levels(option: string): Parse<number[]> {
  return (text) => {
    const values = text.split(",").map(decimal);
    if (values.every((level) => level > 0 && level < 1)) return [...new Set(values)];
    throw new ConfigError(
      `${option} takes probabilities above 0 and below 1 joined by commas, as in 0.01,0.1, got ${quote(text)}`,
    );
  };
}

/** A file for a figure, by its ending, or `-`. */
export function plotFile(option: string): Parse<string> {
  return (text) => {
    if (text === "-" || /\.(svg|png)$/i.test(text)) return text;
    throw new ConfigError(
      `${option} takes a file that ends in .svg or .png, or - for characters in the report, got ${quote(text)}`,
    );
  };
}
