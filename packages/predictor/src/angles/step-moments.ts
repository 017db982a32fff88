import { DomainError, gaussLegendre } from "@sonde/core";
import { cos, log, sin } from "@sonde/core/math";

/** What one wide layer does to X = ln sin^2 theta of two inputs at the angle theta, to first order in 1 / width. */
export interface StepMoments {
  /** ln(D / sin^2 theta), D = sin^2 theta' after an infinitely wide layer; 0 at theta = 0 for ReLU. */
  readonly logRatio: number;
  /** A: the mean of X' is ln D + A / width + O(1 / width^2). */
  readonly drift: number;
  /** V: the variance of X' is V / width + O(1 / width^2). */
  readonly diffusion: number;
}

/** Below it quotients by sin theta might underflow, and arcs of its length add nothing. */
const tiny = 1e-100;

/**
 * The moments of one layer of a positively homogeneous activation with slope 1 above 0 and `slope` below (0: ReLU), as a function of the angle, (0, pi]:
 * with a = phi(G), b = phi(H) for standard normal (G, H) of correlation cos theta, P = E a^2 and w the vector (a, b) whitened,
 *
 *     A = (2 E a^4 / P^2 - E |w|^4) / 2,   V = E (|w|^2 - (a^2 + b^2) / P)^2.
 *
 * For ReLU A = 4 (1 - B1 / D^2) and V = 8 (J22 + 1) + 8 B1 / D^2 - 16 B2 / D in the paper's symbols. Computed in polar coordinates of (G, H), where the radius
 * integrates to a number and the angle by a Gauss-Legendre rule that is exact to rounding; up to pi / 2 with the part of b orthogonal to the input's image,
 * divided by sin theta, in place of b. So angles however small lose no digits: relative error below 1e-14.
 *
 * @throws DomainError outside (0, pi]
 * @see Jakub and Nica, arXiv 2302.09712, theorem 2
 *
 * @example
 * stepMoments(0)(Math.PI / 2).drift // -0.91102058...
 * stepMoments(0)(1e-12).diffusion // 7.99999999...
 */
export function stepMoments(slope: number): (theta: number) => StepMoments {
  const { nodes, weights } = gaussLegendre(20);
  const square = slope * slope;
  const second = (1 + square) / 2;
  const fourth = (3 * (1 + square * square)) / 2;
  return (theta) => {
    if (!(theta >= 0 && theta <= Math.PI)) throw new DomainError(`an angle between two inputs lies in [0, pi], got ${theta}`);
    const [c, s] = [cos(theta), sin(theta)];
    const near = theta <= Math.PI / 2;
    // Sums of a^j e^k / r^(j+k) over the circle, e being b or its orthogonal part; those of degree 4 are kept in the order a^4, a^3 e, ..., e^4.
    let aa = 0;
    let ae = 0;
    let ee = 0;
    const quartic = [0, 0, 0, 0, 0];
    const add = (a: number, e: number, two: number, four: number): void => {
      aa += two * a * a;
      ae += two * a * e;
      ee += two * e * e;
      quartic[0] += four * a * a * a * a;
      quartic[1] += four * a * a * a * e;
      quartic[2] += four * a * a * e * e;
      quartic[3] += four * a * e * e * e;
      quartic[4] += four * e * e * e * e;
    };
    for (let i = 0; i < nodes.length; i++) {
      // Both of one sign: an arc of length pi - theta for each sign.
      const phi = (theta + (Math.PI - theta) * nodes[i]) / 2;
      const both = ((Math.PI - theta) * weights[i]) / (4 * Math.PI);
      add(cos(phi), near ? sin(phi) : cos(phi - theta), 2 * both * (1 + square), 8 * both * (1 + square * square));
      // Of two signs: an arc of length theta each. Quotients by sin theta stay of order 1.
      const u = (theta * (1 + nodes[i])) / 2;
      const one = (theta * weights[i]) / (4 * Math.PI);
      const [x, y] = [sin(u), sin(theta - u)];
      const part = (b: number, a: number): number => (near ? (theta < tiny ? 0 : (b - c * a) / s) : b);
      add(x, part(-slope * y, x), 2 * one, 8 * one);
      add(-slope * x, part(y, -slope * x), 2 * one, 8 * one);
    }
    const determinant = aa * ee - ae * ae;
    // |w|^2 = alpha a^2 + beta a e + gamma e^2, and (a^2 + b^2) / P in the same terms.
    const whitened = [ee / determinant, (-2 * ae) / determinant, aa / determinant];
    const lengths = near ? [(1 + c * c) / second, (2 * c * s) / second, (s * s) / second] : [1 / second, 0, 1 / second];
    const difference = whitened.map((value, k) => value - lengths[k]);
    return {
      logRatio: log(determinant / (second * second)) - (near ? 0 : 2 * log(s)),
      drift: fourth / (second * second) - quadratic(whitened, quartic) / 2,
      diffusion: quadratic(difference, quartic),
    };
  };
}

/** E (p0 a^2 + p1 a e + p2 e^2)^2 from the moments of degree 4. */
function quadratic([p0, p1, p2]: readonly number[], m: readonly number[]): number {
  return p0 * p0 * m[0] + 2 * p0 * p1 * m[1] + (p1 * p1 + 2 * p0 * p2) * m[2] + 2 * p1 * p2 * m[3] + p2 * p2 * m[4];
}
