import { DomainError } from "@sonde/core";
import { cos, sin } from "@sonde/core/math";

/**
 * The angular part J_n(theta) of the arc-cosine kernel of order n = 0, 1 or 2, for which E u+^n v+^n = (sd_u sd_v)^n J_n(theta) / (2 pi) with (u, v) jointly
 * normal at the angle theta = arccos of their correlation and x+^n = x^n for x > 0, else 0:
 *
 *     J_0 = pi - theta
 *     J_1 = sin theta + (pi - theta) cos theta
 *     J_2 = 3 sin theta cos theta + (pi - theta) (1 + 2 cos^2 theta)
 *
 * theta in radians, [0, pi].
 *
 * @throws DomainError for another order or angle
 * @see Cho and Saul 2009, eqs. 4 to 6
 *
 * @example
 * arcCosine(1, 0) // 3.141592653589793
 * arcCosine(0, Math.PI / 2) // 1.5707963267948966
 */
export function arcCosine(order: number, theta: number): number {
  if (!(theta >= 0 && theta <= Math.PI)) throw new DomainError(`an angle between two inputs lies in [0, pi], got ${theta}`);
  const rest = Math.PI - theta;
  switch (order) {
    case 0:
      return rest;
    case 1:
      return sin(theta) + rest * cos(theta);
    case 2: {
      const cosine = cos(theta);
      return 3 * sin(theta) * cosine + rest * (1 + 2 * cosine * cosine);
    }
    default:
      throw new DomainError(`the arc-cosine kernel is known here for the orders 0, 1 and 2, got ${order}`);
  }
}
