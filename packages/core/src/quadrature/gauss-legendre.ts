import { DomainError } from "../errors.js";
import { cos } from "../math.js";

/** Nodes, ascending, and weights of a quadrature rule. */
export interface QuadratureRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * The Gauss-Legendre rule of `n` points on [-1, 1]: sum_i w_i f(x_i) is the integral of f for polynomials up to degree 2n - 1. The x_i are the zeros
 * of the Legendre polynomial P_n, w_i = 2 / ((1 - x_i^2) P_n'(x_i)^2); symmetric about 0 to the last bit. Cost O(n^2).
 *
 * Throws `DomainError` unless n is a whole number from 1 to 10000.
 *
 * @example
 * gaussLegendre(2).nodes[1] // 0.57735026918962...
 */
export function gaussLegendre(n: number): QuadratureRule {
  if (!(Number.isInteger(n) && n >= 1 && n <= 10_000))
    throw new DomainError(`a Gauss-Legendre rule has a whole number of points from 1 to 10000, got ${n}`);
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n / 2; i++) {
    const middle = 2 * i + 1 === n;
    let x = middle ? 0 : cos((Math.PI * (i + 0.75)) / (n + 0.5));
    // Newton's method converges quadratically from this start; the last step only evaluates the derivative where the node is.
    let slope = 1;
    for (let step = 0, last = false; ; step++) {
      const [value, derivative] = legendre(n, x);
      slope = derivative;
      if (last || middle || step === 10) break;
      const change = value / derivative;
      x -= change;
      last = Math.abs(change) < 1e-9;
    }
    nodes[i] = middle ? 0 : -x;
    nodes[n - 1 - i] = x;
    weights[i] = weights[n - 1 - i] = 2 / ((1 - x) * (1 + x) * slope * slope);
  }
  return { nodes, weights };
}

/** P_n(x) and P_n'(x) for |x| < 1, by the three-term recurrence. */
function legendre(n: number, x: number): [number, number] {
  let previous = 1;
  let current = x;
  for (let k = 2; k <= n; k++) [previous, current] = [current, ((2 * k - 1) * x * current - (k - 1) * previous) / k];
  return [current, (n * (previous - x * current)) / ((1 - x) * (1 + x))];
}
