import { plusMinus, short } from "../render/numbers.js";

/** What a command is asked for first: a path into its result; `layers` means its last layer. */
const questions: Readonly<Record<string, readonly [path: string, words: string]>> = {
  check: ["bornDead.value", "P(born dead)"],
  death: ["bornDead.value", "P(born dead)"],
  angles: ["layers.logSin2.value", "ln sin² at the last layer"],
  predict: ["layers.finiteWidth.mean", "ln sin² at the last layer"],
  vni: ["layers.vni.value", "VNI at the last layer"],
  moments: ["layers.logChi.mean", "ln χ at the last layer"],
  train: ["outcomes.learned", "networks that learned"],
  phase: ["chi1", "χ₁"],
  kernel: ["error", "error of the kernel"],
};

/** The path and the words of what a command is asked for first. */
export function questionOf(command: string): readonly [path: string, words: string] | undefined {
  return questions[command];
}

/** The number at a path of a result, or null. Names are joined by `.` or, as in tables, by `_`. */
export function numberAt(result: object, path: string): number | null {
  let value: unknown = result;
  for (const name of path.split(/[._]/)) {
    if (value === null || typeof value !== "object") return null;
    value = (value as Record<string, unknown>)[name];
    if (Array.isArray(value)) value = value.at(-1);
  }
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** The first thing that a command is asked for, with its standard error, in a few words. */
export function glanceOf(command: string, result: object): string {
  const [path, words] = questions[command] ?? [];
  if (path === undefined) return "done";
  const value = numberAt(result, path);
  const error = numberAt(result, path.replace(/[^.]*$/, "standardError"));
  if (value === null) return `${words} has no value`;
  return `${words} ${error === null ? short(value) : plusMinus({ value, standardError: error })}`;
}
