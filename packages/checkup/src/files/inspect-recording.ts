import type { NamedArray } from "@sonde/formats";
import { rolesByName, withCompanions } from "@sonde/predictor";
import { about } from "./about.js";
import { channelsFirstWarnings, reals } from "./recording.js";

/** What an array of a recording is taken for. */
export type RecordedRole = "input" | "layer" | "output" | "pre-activations" | "gradients" | "weight gradients";

/** An array of a recording. */
export interface InspectedArray {
  readonly name: string;
  readonly role: RecordedRole;
  readonly shape: readonly number[];
  readonly type: string;
  /** Of its finite values. */
  readonly low: number;
  readonly high: number;
  readonly rootMeanSquare: number;
  readonly zeros: number;
  /** How many values are NaN or infinite: then nothing is measured. */
  readonly notFinite: number;
}

/** What a file of recorded activations holds. */
export interface InspectedRecording {
  readonly points: number;
  readonly layers: number;
  readonly values: number;
  readonly arrays: readonly InspectedArray[];
}

const companions: Readonly<Record<string, RecordedRole>> = {
  pre: "pre-activations",
  grad: "gradients",
  weight_grad: "weight gradients",
};

/**
 * What recorded activations hold, and what each array is taken for, without measuring anything of them.
 *
 * Throws `ConfigError` with the file's name where arrays do not belong together.
 */
export function inspectRecording(
  arrays: readonly NamedArray[],
  { model }: { readonly model: string },
): { readonly result: InspectedRecording; readonly warnings: readonly string[] } {
  const taken = arrays.map(({ name, shape, data }) => ({ name, shape, data: reals(data) }));
  const layers = new Set(about(model, () => withCompanions(taken)).map(({ name }) => name));
  const own = taken.filter(({ name }) => layers.has(name));
  const roles = rolesByName(own);
  const roleOf = (name: string): RecordedRole => {
    if (!layers.has(name)) return companions[/\.(pre|grad|weight_grad)$/.exec(name)?.[1] ?? ""] ?? "layer";
    if (name === roles.input?.name) return "input";
    return name === roles.output?.name ? "output" : "layer";
  };
  const inspected = arrays.map(
    ({ name, shape, type, data }): InspectedArray => ({ name, role: roleOf(name), shape, type, ...summary(reals(data)) }),
  );
  const bad = inspected.filter(({ notFinite }) => notFinite > 0);
  const points = own[0]?.shape[0] ?? 0;
  const odd = own.filter(({ shape }) => shape[0] !== points);
  return {
    result: {
      points,
      layers: inspected.filter(({ role }) => role === "layer").length,
      values: taken.reduce((sum, { data }) => sum + data.length, 0),
      arrays: inspected,
    },
    warnings: [
      ...channelsFirstWarnings(arrays),
      ...bad
        .slice(0, 3)
        .map(
          ({ name, notFinite }) =>
            `"${name}" has ${notFinite} values that are NaN or infinite: nothing is measured of such a recording`,
        ),
      ...odd
        .slice(0, 3)
        .map(({ name, shape }) => `"${name}" has ${shape[0]} points and the first array ${points}: record them together`),
    ],
  };
}

function summary(data: Float32Array | Float64Array) {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let squares = 0;
  let zeros = 0;
  let notFinite = 0;
  for (const value of data) {
    if (!Number.isFinite(value)) {
      notFinite++;
      continue;
    }
    if (value < low) low = value;
    if (value > high) high = value;
    if (value === 0) zeros++;
    squares += value * value;
  }
  const finite = data.length - notFinite;
  if (finite === 0) return { low: 0, high: 0, rootMeanSquare: 0, zeros, notFinite };
  return { low, high, rootMeanSquare: Math.sqrt(squares / finite), zeros, notFinite };
}
