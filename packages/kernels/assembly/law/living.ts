import { livingOf } from "../ensemble/living";

/** `living` of the float32 kernels, for values of float64. */
export function living(values: usize, points: i32, units: i32, through: usize, shares: usize, ratios: usize, flags: usize): void {
  livingOf<f64>(values, points, units, through, shares, ratios, flags);
}
