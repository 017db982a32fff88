import { DomainError } from "../errors.js";
import { exp, expm1, log, pow } from "../math.js";
import { type Stream, split } from "../random.js";
import { normal } from "./normal.js";
import { uniform } from "./uniform.js";

/** The child of a stream whose children serve the rejection method. */
const REJECTION = 2 ** 52 - 1;

/**
 * Draw i of the Beta(a, b) law, density proportional to x^(a-1) (1-x)^(b-1) on [0, 1]. With u = `uniform(source, i)`: Beta(a, 1) is u^(1/a) (a = 2:
 * sqrt(u)), Beta(1, b) is 1 - u^(1/b); otherwise X / (X + Y) for two Gamma variates (Marsaglia and Tsang 2000, doi:10.1145/358407.358414) from a
 * sub-stream of its own. Throws `DomainError` unless a and b are finite and above 0.
 *
 * @example
 * beta(stream(0), 0, 2, 1) // 0.6317012512643652
 */
export function beta(source: Stream, i: number, a: number, b: number): number {
  if (!(a > 0 && b > 0 && a < Infinity && b < Infinity))
    throw new DomainError(`a Beta law needs two finite parameters above 0, got ${a} and ${b}`);
  if (b === 1) {
    const u = uniform(source, i);
    return a === 2 ? Math.sqrt(u) : pow(u, 1 / a);
  }
  if (a === 1) return -expm1(log(uniform(source, i)) / b);
  const own = split(split(source, REJECTION), i);
  return 1 / (1 + exp(logGamma(split(own, 1), b) - logGamma(split(own, 0), a)));
}

/** The logarithm of a Gamma(shape) variate: for small shapes the variate itself would underflow. */
function logGamma(own: Stream, shape: number): number {
  if (shape < 1) return logGammaAbove1(own, shape + 1) + log(uniform(own, 0)) / shape;
  return logGammaAbove1(own, shape);
}

/** Marsaglia and Tsang's rejection; attempt n = 1, 2, ... takes one block: its first two words make the normal, the others the uniform. */
function logGammaAbove1(own: Stream, shape: number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (let attempt = 1; ; attempt++) {
    const x = normal(own, 4 * attempt);
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const logV = log(v);
    if (log(uniform(own, 2 * attempt + 1)) < 0.5 * x * x + d - d * v + d * logV) return log(d) + logV;
  }
}
