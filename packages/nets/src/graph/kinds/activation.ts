import { activationNames, activation as named } from "@sonde/core";
import { exp, expm1, log, log1p } from "@sonde/core/math";
import type { LayerKind, WeightSpec, WeightTensor } from "../layer-kind.js";
import { broadcastShape, broadcastStrides, eachRow, summedTo, type Tensor, zeros } from "../tensor.js";

/** y = phi(x), value by value. */
export interface ActivationLayer {
  readonly kind: "activation";
  /** A name as on the command line; or `log-sigmoid`, `celu:a`, `thresholded-relu:a`, `clip:low,high`, `hard-sigmoid:a,b` (a x + b within [0, 1]); or `prelu`, whose slopes are the weights `slope`. */
  readonly activation: string;
  /** Shape of the slopes of `prelu`, repeated as NumPy does; default one for each entry of the axis after that of the points. */
  readonly slopes?: readonly number[];
}

/** A function and its derivative, the one from the left at a kink. */
export interface Curve {
  readonly value: (z: number) => number;
  readonly derivative: (z: number) => number;
}

export const activation: LayerKind<ActivationLayer> = {
  shape(layer, [input]) {
    if (!isPrelu(layer)) curveOf(layer.activation);
    return input;
  },
  weights: (layer, [input]): Readonly<Record<string, WeightSpec>> =>
    isPrelu(layer)
      ? {
          slope: {
            shape: layer.slopes ?? input.slice(1).map((size, k) => (k === 0 ? size : 1)),
            begin: { kind: "constant", value: 0.25 },
          },
        }
      : {},
  forward(layer, [x], { slope }) {
    if (isPrelu(layer) && slope) return leaky(x, tensor(layer, slope));
    const { value } = curveOf(layer.activation);
    const { data } = x;
    const result = new Float64Array(data.length);
    for (let k = 0; k < data.length; k++) result[k] = value(data[k]);
    return { shape: x.shape, data: result };
  },
  gradient(layer, { inputs: [x], weights: { slope }, error }) {
    if (isPrelu(layer) && slope) {
      const slopes = tensor(layer, slope);
      const repeated = leaky({ shape: x.shape, data: x.data.map(() => -1) }, slopes);
      const byInput = error.data.map((e, k) => (x.data[k] > 0 ? e : -e * repeated.data[k]));
      const bySlope = error.data.map((e, k) => (x.data[k] > 0 ? 0 : e * x.data[k]));
      return {
        inputs: [{ shape: x.shape, data: byInput }],
        weights: { slope: summedTo({ shape: x.shape, data: bySlope }, slopes.shape) },
      };
    }
    const { derivative } = curveOf(layer.activation);
    return { inputs: [{ shape: x.shape, data: error.data.map((e, k) => e * derivative(x.data[k])) }] };
  },
};

function isPrelu({ activation }: ActivationLayer): boolean {
  return activation === "prelu";
}

function tensor({ slopes }: ActivationLayer, { shape, values }: WeightTensor): Tensor {
  return { shape: slopes ?? shape, data: Float64Array.from(values()) };
}

/** x above 0, else the slope times x, slopes repeated over the axes where they have one. */
function leaky(x: Tensor, slopes: Tensor): Tensor {
  const shape = broadcastShape([x.shape, slopes.shape]);
  const strides = [broadcastStrides(x.shape, shape), broadcastStrides(slopes.shape, shape)];
  const result = zeros(shape);
  const length = shape[shape.length - 1] ?? 1;
  const steps = strides.map((all) => all[shape.length - 1] ?? 0);
  eachRow(shape, strides, (out, [a, b]) => {
    for (let k = 0; k < length; k++) {
      const value = x.data[a + k * steps[0]];
      result.data[out + k] = value > 0 ? value : value * slopes.data[b + k * steps[1]];
    }
  });
  return result;
}

/** Functions that files have and the command line does not, by their name before the colon. */
const others: Readonly<Record<string, (...parameters: number[]) => Curve>> = {
  "log-sigmoid": () => ({
    value: (z) => (z > 0 ? -log1p(exp(-z)) : z - log1p(exp(z))),
    derivative: (z) => (z > 0 ? exp(-z) / (1 + exp(-z)) : 1 / (1 + exp(z))),
  }),
  celu: (alpha = 1) => ({
    value: (z) => (z > 0 ? z : alpha * expm1(z / alpha)),
    derivative: (z) => (z > 0 ? 1 : exp(z / alpha)),
  }),
  "thresholded-relu": (alpha = 1) => ({ value: (z) => (z > alpha ? z : 0), derivative: (z) => (z > alpha ? 1 : 0) }),
  clip: (low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY) => ({
    value: (z) => Math.min(high, Math.max(low, z)),
    derivative: (z) => (z > low && z <= high ? 1 : 0),
  }),
  shrink: (bias = 0, edge = 0.5) => ({
    value: (z) => (z < -edge ? z + bias : z > edge ? z - bias : 0),
    derivative: (z) => (z < -edge || z > edge ? 1 : 0),
  }),
  "leaky-relu": (slope = 0.01) => ({ value: (z) => (z > 0 ? z : slope * z), derivative: (z) => (z > 0 ? 1 : slope) }),
  elu: (alpha = 1) => ({ value: (z) => (z > 0 ? z : alpha * expm1(z)), derivative: (z) => (z > 0 ? 1 : alpha * exp(z)) }),
  selu: (alpha = 1, gamma = 1) => ({
    value: (z) => gamma * (z > 0 ? z : alpha * expm1(z)),
    derivative: (z) => gamma * (z > 0 ? 1 : alpha * exp(z)),
  }),
  "hard-sigmoid": (slope = 1 / 6, middle = 0.5) => ({
    value: (z) => Math.max(0, Math.min(1, slope * z + middle)),
    derivative: (z) => (slope * z + middle > 0 && slope * z + middle <= 1 ? slope : 0),
  }),
  log: () => ({ value: log, derivative: (z) => 1 / z }),
};

const known = new Map<string, Curve>();

/** The function of a name, numbers behind a colon being its parameters; those of the command line are taken where they take the parameters. */
export function curveOf(name: string): Curve {
  const found = known.get(name);
  if (found) return found;
  const [stem, text = ""] = name.split(":", 2);
  const parameters = text.split(",").map((entry) => (entry === "" ? undefined : Number(entry))) as number[];
  const own = Object.hasOwn(others, stem) && (text !== "" || !activationNames.includes(stem));
  const curve = own ? others[stem](...parameters) : named(name);
  if (known.size < 1000) known.set(name, curve);
  return curve;
}
