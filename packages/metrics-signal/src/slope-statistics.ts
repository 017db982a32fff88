import { activation as activationOf } from "@sonde/core";
import type { Values } from "./activation-statistics.js";
import { type Steepness, steepness } from "./steepness.js";

/** What an activation does to the pre-activations that arrive at it. */
export interface SlopeStatistics {
  /** Mean |phi'| over the largest |phi'| that there is, in [0, 1]; absent for activations whose slope has no bound. */
  readonly slope?: number;
  /** The share of values where |phi'| is below a tenth of the largest; absent for activations that do not saturate. */
  readonly saturated?: number;
  /** The share of the output's variance that a linear map of the pre-activation explains, unit by unit, in [0, 1]; absent where nothing varies. */
  readonly linear?: number;
}

/** Slopes below this share of the largest are saturated. */
const flat = 0.1;

/**
 * How steep an activation is where it is used, and how linear: an activation whose pre-activations are tiny is a straight line, and depth is wasted; one whose pre-activations are huge is flat, and
 * gradients vanish in it. `[...samples, units]`.
 *
 * The linear map is fitted to every unit on its own, which for normal pre-activations is the best of all linear maps of the layer (Bussgang).
 *
 * @example
 * slopeStatistics("tanh", { data: [-1e-4, 0, 1e-4], units: 1 }).saturated // 0
 * slopeStatistics("relu", { data: [-1, 1], units: 1 }).slope // 0.5
 * slopeStatistics("relu", { data: [1, 2, 3], units: 1 }).linear // 1
 */
export function slopeStatistics(
  name: string,
  { data, units, exponent = 0 }: Values,
  { largest, saturates }: Steepness = steepness(name),
): SlopeStatistics {
  const { value, derivative, homogeneous } = activationOf(name);
  // A homogeneous activation has the same slopes at every scale.
  const scale = homogeneous ? 1 : 2 ** exponent;
  const samples = data.length / units;
  let slopes = 0;
  let saturated = 0;
  let explained = 0;
  let total = 0;
  for (let u = 0; u < units; u++) {
    const [firstIn, firstOut] = [data[u] * scale, value(data[u] * scale)];
    let x = 0;
    let y = 0;
    let xx = 0;
    let xy = 0;
    let yy = 0;
    for (let k = u; k < data.length; k += units) {
      const z = data[k] * scale;
      const dx = z - firstIn;
      const dy = value(z) - firstOut;
      x += dx;
      y += dy;
      xx += dx * dx;
      xy += dx * dy;
      yy += dy * dy;
      if (largest !== undefined) {
        const slope = Math.abs(derivative(z));
        slopes += slope;
        if (slope < flat * largest) saturated++;
      }
    }
    const [vx, vy, cov] = [xx - (x * x) / samples, yy - (y * y) / samples, xy - (x * y) / samples];
    if (vx > 0 && vy > 0) {
      explained += Math.min(vy, (cov * cov) / vx);
      total += vy;
    }
  }
  return {
    ...(largest !== undefined && { slope: slopes / data.length / largest }),
    ...(largest !== undefined && saturates && { saturated: saturated / data.length }),
    ...(total > 0 && { linear: explained / total }),
  };
}
