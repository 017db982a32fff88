import type { Activation } from "@sonde/core";
import type { Jump } from "./curvature.js";

/** Where an activation itself jumps, as `sign` does: its derivative is a delta there, although gradients take it for 0. */
export function jumpsOf({ value, kinks }: Activation): readonly Jump[] {
  return kinks.flatMap((at) => {
    const by = value(at + near) - value(at - near);
    return Math.abs(by) > steep * near ? [{ at, by }] : [];
  });
}

/** A step beside a kink, and a slope that no activation has. */
const [near, steep] = [1e-12, 1e6];
