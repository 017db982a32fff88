import { type Matrix, ShapeError } from "@sonde/core";
import type { LayerParameters } from "@sonde/init";
import { carry } from "./carry.js";
import { operatorOf } from "./layers/operator-of.js";
import { inputPoints, isHomogeneousNetwork, type Network, networkLayers } from "./network.js";
import { joinedScaled, partedScaled, rescale, type Scaled, sumScaled, unscaled } from "./scaled.js";
import { type ShapedLayer, size } from "./shapes.js";

/** Derivatives of `<outputGradient, f(x)>`. */
export interface Gradient {
  /** By the parameters, in the order and shapes of `network.parameters`. */
  readonly parameters: readonly LayerParameters[];
  /** By the scales and shifts of norms, where the network has any of its own. */
  readonly norms?: readonly LayerParameters[];
  /** By the inputs, `[points, size of input]`. */
  readonly inputs: Matrix<Float64Array>;
}

/** The derivative by what comes out of one layer, and by its weights. */
export interface LayerGradient {
  /** Where the layer stands in the description, such as `layers[3].body[0]`; `input` for the network's input. */
  readonly path: string;
  /** `[points, size of the layer's output]`; the true gradients are these times 2^gradientExponent. */
  readonly gradients: Matrix<Float64Array>;
  readonly gradientExponent: number;
  /** For layers with weights the values that they were given, over 2^exponent. */
  readonly given?: { readonly values: Matrix<Float64Array>; readonly exponent: number };
  /** For layers with weights the gradient by them, over 2^exponent; not where derivatives by parameters are left out. */
  readonly weights?: { readonly gradients: Matrix<Float64Array>; readonly exponent: number };
}

export interface GradientOptions {
  /** Called for every layer, inside blocks too, in the order of the way back, and last for the input. */
  readonly observe?: (gradient: LayerGradient) => void;
  /** Whether the statistics of batch norm are differentiated too, or taken as constants as in `tangent`. Default `full`. */
  readonly batchNorm?: "full" | "frozen";
  /** Whether derivatives by parameters are computed: `parameters` and `norms` are empty otherwise. Default true. */
  readonly byParameters?: boolean;
}

/**
 * The derivative of `sum over points and outputs of outputGradient * f(x)` by all parameters and inputs (vector-Jacobian product, reverse mode).
 * `outputGradient` is `[points, size of output]`, or a function of the outputs that makes it, such as the derivative of a loss: then one pass forward serves both.
 *
 * Batch norm is differentiated in full unless it is frozen. At kinks the derivative is the one from the left (ReLU at 0: 0); max-pooling follows the first of the
 * largest values. The gradients are linear in `outputGradient`, so powers of two are taken out of them in every network, and out of the values of homogeneous ones; what is returned has its
 * true scale and may round to 0 or infinity.
 *
 * Throws `ShapeError` if parameters do not fit the architecture, points the input or `outputGradient` the outputs.
 *
 * @example
 * gradient(randomNetwork(mlp("2-8x3-1"), stream(0)), matrixFromRows([[1, 0]]), matrixFromRows([[1]])).inputs.cols // 2
 */
export function gradient(
  network: Network,
  inputs: Matrix,
  outputGradient: Matrix | ((outputs: Matrix<Float64Array>) => Matrix),
  { observe, batchNorm = "full", byParameters = true }: GradientOptions = {},
): Gradient {
  const layers = networkLayers(network);
  const outputs = size(layers[layers.length - 1]?.output ?? network.architecture.input);
  const settle = isHomogeneousNetwork(network, layers) ? rescale : (value: Scaled) => value;
  const parameters: LayerParameters[] = [];
  const norms: LayerParameters[] = [];
  /** The way back, written down on the way forward: each step takes the gradient that has arrived at its output to what it was made of. */
  const back: (() => void)[] = [];

  /** What a layer makes of others; `spread` hands on the gradient that arrives at it. */
  const made = (shaped: ShapedLayer, x: Scaled, spread: (arrived: Scaled) => AtWeights | undefined): Value => {
    const value: Value = { x };
    back.push(() => {
      const arrived = arrivedAt(value);
      show(observe, shaped.path, arrived, spread(arrived));
    });
    return value;
  };
  const start: Value = { x: settle({ values: inputPoints(network.architecture, inputs), exponent: 0 }) };
  const output = carry<Value>(layers, start, {
    operate(shaped, value) {
      const { x } = value;
      const operator = operatorOf(shaped, network, batchNorm === "frozen");
      return made(shaped, { values: operator.forward(x.values), exponent: x.exponent }, ({ values, exponent }) => {
        const { input, parameters: derive } = operator.gradient(x.values, values);
        arrive(value, { values: input, exponent });
        if (!derive) return undefined;
        const given = shaped.parameters === undefined ? undefined : x;
        if (!byParameters) return { given };
        const own = derive();
        if (shaped.norm !== undefined)
          norms[shaped.norm] = { weights: trueWeights(own.weights, exponent), bias: trueBias(own.bias, exponent) };
        if (shaped.parameters === undefined) return undefined;
        const weights = rescale({ values: own.weights, exponent: exponent + x.exponent });
        parameters[shaped.parameters] = { weights: unscaled(weights), bias: trueBias(own.bias, exponent) };
        return { given, weights: { gradients: weights.values, exponent: weights.exponent } };
      });
    },
    join: (shaped, join, ends) =>
      made(
        shaped,
        joinedScaled(
          join,
          ends.map(({ x }) => x),
        ),
        (arrived) => {
          for (const [k, part] of partedScaled(join, arrived).entries()) arrive(ends[k], part);
          return undefined;
        },
      ),
    finish(_, value) {
      value.x = settle(value.x);
      return value;
    },
  });
  const errors = typeof outputGradient === "function" ? outputGradient(unscaled(output.x)) : outputGradient;
  if (errors.rows !== inputs.rows || errors.cols !== outputs)
    throw new ShapeError(
      `the output gradient of ${inputs.rows} points with ${outputs} outputs is ${inputs.rows} x ${outputs}, got ${errors.rows} x ${errors.cols}`,
    );
  arrive(output, { values: { ...errors, data: Float64Array.from(errors.data) }, exponent: 0 });
  for (const step of back.reverse()) step();
  const atInputs = arrivedAt(start);
  show(observe, "input", atInputs);
  return { inputs: unscaled(atInputs), parameters, ...(network.norms && { norms }) };
}

/** Values on the way forward, and the sum of the gradients that have arrived at them on the way back. */
interface Value {
  x: Scaled;
  gradient?: Scaled;
}

type AtWeights = Pick<LayerGradient, "given" | "weights">;

function arrive(value: Value, gradient: Scaled): void {
  value.gradient = rescale(value.gradient ? sumScaled(value.gradient, gradient) : gradient);
}

function arrivedAt({ gradient }: Value): Scaled {
  if (!gradient) throw new TypeError("no gradient has arrived");
  return gradient;
}

function show(
  observe: GradientOptions["observe"],
  path: string,
  { values, exponent }: Scaled,
  { given, weights }: AtWeights = {},
): void {
  observe?.({ path, gradients: values, gradientExponent: exponent, ...(given && { given }), ...(weights && { weights }) });
}

function trueWeights(weights: Matrix<Float64Array>, exponent: number): Matrix<Float64Array> {
  return unscaled({ values: weights, exponent });
}

function trueBias(bias: Float64Array, exponent: number): Float64Array {
  return unscaled({ values: { rows: 1, cols: bias.length, data: bias }, exponent }).data;
}
