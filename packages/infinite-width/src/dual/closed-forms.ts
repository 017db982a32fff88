import type { Activation } from "@sonde/core";
import { atan2, exp, sinh } from "@sonde/core/math";
import { correlationOf, type DualMap, rounding, scaleOf } from "./dual.js";

/**
 * The dual of an activation in closed form, or `undefined` where none is known: `relu`, `leaky-relu`, `prelu`, `linear`, `abs`, `erf`, `sign`, `sin`, `cos`, `exp`,
 * `gaussian` and `gelu`. `sign` counts its derivative as 0, as gradients do.
 *
 * @see Cho and Saul 2009 (ramps), Williams 1997 (erf); the others follow from E e^(au + bv) and, by Stein's lemma, from E Phi(u) Phi(v)
 *
 * @example
 * closedForm(activation("erf"))?.(0.5, 0.5, 0.25).value // 0.16086...
 */
export function closedForm(activation: Activation): DualMap | undefined {
  const [stem, parameter] = activation.name.split(":");
  if (stem === "sin") return stretched(sine, Number(parameter));
  return activation.homogeneous ? ramp(activation.derivative(-1)) : forms[stem];
}

/** Slope `slope` below 0 and 1 above. */
function ramp(slope: number): DualMap {
  const bend = (1 - slope) * (1 - slope);
  return (variance1, variance2, covariance) => {
    const scale = scaleOf(variance1, variance2);
    const cosine = correlationOf(variance1, variance2, covariance);
    const sine = Math.sqrt((1 - cosine) * (1 + cosine));
    const rest = atan2(sine, -cosine);
    return {
      value: scale * ((bend * (sine + rest * cosine)) / (2 * Math.PI) + slope * cosine),
      first: (bend * rest) / (2 * Math.PI) + slope,
      second: bend === 0 ? 0 : bend / (2 * Math.PI * scale * sine),
      error: rounding,
    };
  };
}

const erf: DualMap = (variance1, variance2, covariance) => {
  const square = spread(2, variance1, variance2, covariance);
  const root = Math.sqrt(square);
  return {
    // The arcsine of 2k / sqrt((1 + 2 q1)(1 + 2 q2)) as an arctangent, which keeps its digits near 1.
    value: (2 / Math.PI) * atan2(2 * covariance, root),
    first: 4 / (Math.PI * root),
    second: (16 * covariance) / (Math.PI * square * root),
    error: rounding,
  };
};

const sign: DualMap = (variance1, variance2, covariance) => {
  const cosine = variance1 * variance2 === 0 ? 0 : correlationOf(variance1, variance2, covariance);
  return { value: (2 / Math.PI) * atan2(cosine, Math.sqrt((1 - cosine) * (1 + cosine))), first: 0, second: 0, error: rounding };
};

/** E sin u sin v and E cos u cos v. */
function waves(variance1: number, variance2: number, covariance: number): { sines: number; cosines: number } {
  const mean = (variance1 + variance2) / 2;
  const together = exp(covariance - mean);
  const apart = exp(-covariance - mean);
  // sinh where the two exponentials would cancel.
  const sines = Math.abs(covariance) < 1 ? exp(-mean) * sinh(covariance) : (together - apart) / 2;
  return { sines, cosines: (together + apart) / 2 };
}

const sine: DualMap = (variance1, variance2, covariance) => {
  const { sines, cosines } = waves(variance1, variance2, covariance);
  return { value: sines, first: cosines, second: sines, error: rounding };
};

/** The dual of phi(stretch z). */
function stretched(dual: DualMap, stretch: number): DualMap {
  const square = stretch * stretch;
  return (variance1, variance2, covariance) => {
    const { value, first, second, error } = dual(square * variance1, square * variance2, square * covariance);
    return { value, first: square * first, second: square * square * second, error };
  };
}

const cosine: DualMap = (variance1, variance2, covariance) => {
  const { sines, cosines } = waves(variance1, variance2, covariance);
  return { value: cosines, first: sines, second: cosines, error: rounding };
};

const exponential: DualMap = (variance1, variance2, covariance) => {
  const value = exp((variance1 + variance2) / 2 + covariance);
  return { value, first: value, second: value, error: rounding };
};

const gaussian: DualMap = (variance1, variance2, covariance) => {
  const square = spread(2, variance1, variance2, covariance);
  const value = 1 / Math.sqrt(square);
  const first = (4 * covariance * value) / square;
  return { value, first, second: (4 * value) / square + (12 * covariance * first) / square, error: rounding };
};

/** With E Phi(u) Phi(v) = 1/4 + arcsin(...) / (2 pi), its derivative `density` by k, and X = q1 q2 + k^2 (1 / (1 + q1) + 1 / (1 + q2) - 1): k E Phi Phi + density X. */
const gelu: DualMap = (variance1, variance2, covariance) => {
  const square = spread(1, variance1, variance2, covariance);
  const root = Math.sqrt(square);
  const both = 0.25 + atan2(covariance, root) / (2 * Math.PI);
  const density = 1 / (2 * Math.PI * root);
  const slope = (density * covariance) / square;
  const curvature = (density + 3 * covariance * slope) / square;
  const weight = 1 / (1 + variance1) + 1 / (1 + variance2) - 1;
  const x = variance1 * variance2 + covariance * covariance * weight;
  const dx = 2 * covariance * weight;
  return {
    value: covariance * both + density * x,
    first: both + covariance * density + slope * x + density * dx,
    second: 2 * density + covariance * slope + curvature * x + 2 * slope * dx + 2 * density * weight,
    error: rounding,
  };
};

/** det(I + a Sigma) = (1 + a q1)(1 + a q2) - a^2 k^2, as a sum without cancellation. */
function spread(a: number, variance1: number, variance2: number, covariance: number): number {
  const scale = scaleOf(variance1, variance2);
  const size = Math.min(Math.abs(covariance), scale);
  return 1 + a * (variance1 + variance2) + a * a * (scale - size) * (scale + size);
}

const forms: Readonly<Record<string, DualMap>> = { erf, sign, cos: cosine, exp: exponential, gaussian, gelu };
