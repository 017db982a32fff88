import { type ActivationArray, activationArray, ConfigError, quote, type Reals, ShapeError, SondeError } from "@sonde/core";

/** Activations of one layer under the name that they were recorded with, `[points, units]` or `[points, ...positions, channels]`. */
export interface RecordedArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Reals;
  /** The type of the elements in the file by NumPy's name, where it is not that of `data`: `float16` is held in a Float32Array. */
  readonly type?: string;
  /** What goes into the layer's activation, in the shape of `data`. */
  readonly preActivations?: Reals;
  /** The layer's activation by Sonde's name, such as `tanh`: of these pre-activations it tells slopes and saturation. */
  readonly activation?: string;
  /** dL/d(activations) of the loss at each point, in the shape of `data`; at `gradientPoints` points any rows of channels. */
  readonly gradients?: Reals;
  /** How many points the gradients were taken at, where these are fewer. */
  readonly gradientPoints?: number;
  /** dL/dW of the layer's weights, in any shape, of the loss over all points. */
  readonly weightGradients?: Reals;
  /** Whether the layer lies beside the main path, as a gate or the bottleneck of a U-Net does: then it is judged by its own figures, and what other layers do is not counted through it. */
  readonly beside?: boolean;
}

/** Which array is what. */
export interface RecordedRoles {
  readonly input?: RecordedArray;
  /** The hidden layers, in order. */
  readonly hidden: readonly RecordedArray[];
  readonly output?: RecordedArray;
}

/**
 * Recorded arrays by their roles: the first is the input if its name contains "input" or is "x", the last the output if its name contains "output" or "logits"; all others are hidden layers.
 *
 * Throws `ConfigError` for no array or values that are not finite, `ShapeError` for what are no activations or not of the same points.
 *
 * @example
 * const array = (name: string) => ({ name, shape: [1, 2], data: Float64Array.of(1, 2) });
 * recordedRoles([array("input"), array("fc1"), array("logits")]).hidden.map(({ name }) => name) // ["fc1"]
 */
export function recordedRoles(arrays: readonly RecordedArray[]): RecordedRoles {
  if (arrays.length === 0)
    throw new ConfigError("a recording holds at least one array, got none: save one for each hidden layer");
  arrays.forEach(checked);
  const [{ name: first, shape }] = arrays;
  for (const { name, shape: own } of arrays)
    if (own[0] !== shape[0])
      throw new ShapeError(
        `every array needs the same points, but ${quote(first)} has ${shape[0]} and ${quote(name)} has ${own[0]}: record them together`,
      );
  return rolesByName(arrays);
}

/** The same of one array or more by their names alone, whatever they hold. */
export function rolesByName<Named extends Pick<RecordedArray, "name">>(
  arrays: readonly Named[],
): { readonly input?: Named; readonly hidden: readonly Named[]; readonly output?: Named } {
  const input = arrays.length > 1 && isInputName(arrays[0].name) ? arrays[0] : undefined;
  const rest = input ? arrays.slice(1) : arrays;
  const last = rest[rest.length - 1];
  const output = rest.length > 1 && isOutputName(last.name) ? last : undefined;
  return { ...(input && { input }), hidden: output ? rest.slice(0, -1) : rest, ...(output && { output }) };
}

/** Whether the first array of a recording is its input by this name, or the last its output. */
export const isInputName = (name: string): boolean => /input|^x$/i.test(name);
export const isOutputName = (name: string): boolean => /output|logits/i.test(name);

/** An array with the axes of activations; what is wrong with it is said with its name. */
function checked({
  name,
  shape,
  data,
  preActivations,
  gradients,
  gradientPoints,
  weightGradients,
}: RecordedArray): ActivationArray {
  try {
    const array = activationArray({ shape, data });
    if (data.length === 0) throw new ShapeError(`there are no values in the shape [${shape.join(", ")}]`);
    if (preActivations) activationArray({ shape, data: preActivations });
    const units = shape[shape.length - 1];
    if (gradients)
      activationArray({ shape: gradientPoints === undefined ? shape : [gradients.length / units, units], data: gradients });
    if (weightGradients) activationArray({ shape: [1, weightGradients.length], data: weightGradients });
    return array;
  } catch (error) {
    if (!(error instanceof SondeError)) throw error;
    throw new (error instanceof ShapeError ? ShapeError : ConfigError)(`${quote(name)}: ${error.message}`, { cause: error });
  }
}
