import { type Activation, ConfigError } from "@sonde/core";
import { exp, normalPdf, tanh } from "@sonde/core/math";

/** Where phi, or phi', jumps, and by how much. */
export interface Jump {
  readonly at: number;
  readonly by: number;
}

/** The second derivative of an activation as a distribution: a function, and a delta where phi' jumps. */
export interface Curvature {
  /** phi'' between the kinks. */
  readonly smooth: (z: number) => number;
  readonly jumps: readonly Jump[];
}

/**
 * The second derivative of an activation of `core`: of those without a dual in closed form, and of some more to compare quadrature with.
 *
 * Throws `ConfigError` for one that is not listed here.
 */
export function curvatureOf(activation: Activation): Curvature {
  const [stem] = activation.name.split(":");
  if (!Object.hasOwn(smooth, stem))
    throw new ConfigError(
      `the second derivative of the activation ${activation.name} is not known: choose one of Sonde's activations`,
    );
  const { derivative, kinks } = activation;
  const jumps = kinks.flatMap((at) => {
    const by = derivative(at + tiny) - derivative(at);
    return by === 0 ? [] : [{ at, by }];
  });
  return { smooth: smooth[stem](derivative), jumps };
}

/** A step to the right of a kink that changes no slope visibly. */
const tiny = 1e-15;

const sigmoid = (z: number): number => 1 / (1 + exp(-z));

/** A polynomial piece of constant slope. */
const flat = () => () => 0;

/** phi'' = e^z phi'(z) / e^z below 0, and 0 above: the exponential unit is its own derivative there. */
const exponential = (derivative: (z: number) => number) => (z: number) => (z < 0 ? derivative(z) : 0);

/** z g(a(z)) with the logistic g: 2 g' a' + z (g'' a'^2 + g' a''). */
function gated(a: (z: number) => readonly [number, number, number]): (z: number) => number {
  return (z) => {
    const [value, first, second] = a(z);
    const gate = sigmoid(value);
    const slope = gate * sigmoid(-value);
    // Where the slope has underflowed its factors may have overflowed.
    return slope === 0 ? 0 : slope * (2 * first + z * ((1 - 2 * gate) * first * first + second));
  };
}

const smooth: Readonly<Record<string, (derivative: (z: number) => number) => (z: number) => number>> = {
  relu: flat,
  "leaky-relu": flat,
  prelu: flat,
  abs: flat,
  linear: flat,
  relu6: flat,
  "hard-tanh": flat,
  "hard-sigmoid": flat,
  "hard-swish": () => (z) => (Math.abs(z) < 3 ? 1 / 3 : 0),
  tanh: (derivative) => (z) => -2 * tanh(z) * derivative(z),
  sigmoid: (derivative) => (z) => -tanh(z / 2) * derivative(z),
  softsign: () => (z) => (-2 * Math.sign(z)) / ((1 + Math.abs(z)) * (1 + Math.abs(z)) * (1 + Math.abs(z))),
  softplus: () => (z) => sigmoid(z) * sigmoid(-z),
  gelu: () => (z) => (2 - z * z) * normalPdf(z),
  "gelu-tanh": () =>
    gated((z) => {
      const scale = 2 * Math.sqrt(2 / Math.PI);
      return [scale * z * (1 + 0.044715 * z * z), scale * (1 + 3 * 0.044715 * z * z), scale * 6 * 0.044715 * z];
    }),
  silu: () => gated((z) => [z, 1, 0]),
  // z t(s(z)) with t = tanh, s = softplus: 2 t' s' + z (t'' s'^2 + t' s''), t'' = -2 t t'.
  mish: () => (z) => {
    const e = exp(-Math.abs(z));
    const [open, shut] = z > 0 ? [1 + 2 * e, 2 * e * e] : [e * (e + 2), 2];
    const gate = open / (open + shut);
    const slope = (1 + gate) * (shut / (open + shut));
    const [on, off] = [sigmoid(z), sigmoid(-z)];
    return slope * on * (2 + z * (off - 2 * gate * on));
  },
  elu: exponential,
  selu: exponential,
  erf: (derivative) => (z) => -2 * z * derivative(z),
};
