import { choices, initialSettings, ranges, type Settings } from "./settings.js";

/** Short names in an address. */
const names: Readonly<Record<keyof Settings, string>> = {
  depth: "d",
  width: "w",
  activation: "a",
  init: "i",
  weightVariance: "v",
  bias: "b",
  norm: "n",
  skip: "s",
  data: "x",
  inputs: "k",
  seed: "seed",
};

/**
 * The query of an address that leads to settings again; what is as it is at first is left out.
 *
 * @example
 * addressOf({ ...initialSettings, depth: 12 }) // "d=12"
 */
export function addressOf(settings: Settings, initial: Settings = initialSettings): string {
  const query = new URLSearchParams();
  for (const key of Object.keys(names) as (keyof Settings)[])
    if (settings[key] !== initial[key]) query.set(names[key], settings[key] === null ? "own" : String(settings[key]));
  return query.toString().replaceAll("%3A", ":");
}

/** The settings that the query of an address says; what makes no sense is as it is at first. */
export function settingsOf(query: string, initial: Settings = initialSettings): Settings {
  const given = new URLSearchParams(query);
  const text = (key: keyof Settings) => given.get(names[key]);
  const whole = (key: "depth" | "width" | "inputs") =>
    wholeWithin(text(key), ranges[key].least, ranges[key].most) ?? initial[key];
  const one = <Key extends keyof typeof choices>(key: Key) => {
    const found = text(key);
    return (choices[key] as readonly string[]).includes(found ?? "") ? (found as Settings[Key]) : initial[key];
  };
  const variance = text("weightVariance");
  const number = Number(variance);
  return {
    depth: whole("depth"),
    width: whole("width"),
    activation: one("activation"),
    init: one("init"),
    weightVariance: variance === "own" ? null : variance && number > 0 && number <= 1000 ? number : initial.weightVariance,
    bias: one("bias"),
    norm: one("norm"),
    skip: one("skip"),
    data: one("data"),
    inputs: whole("inputs"),
    seed: wholeWithin(text("seed"), 0, Number.MAX_SAFE_INTEGER) ?? initial.seed,
  };
}

function wholeWithin(text: string | null, least: number, most: number): number | undefined {
  if (text === null || !/^\d{1,16}$/.test(text)) return undefined;
  return Math.min(most, Math.max(least, Number(text)));
}
