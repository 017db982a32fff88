import { type Stream, split } from "@sonde/core";
import { atan2, cos, sin } from "@sonde/core/math";
import { ensembleKernels } from "@sonde/kernels";
import { inactiveAtBoth, parallel } from "./two-points.js";

/** Draws that are made in one call. */
const mostDraws = 2 ** 14;

/**
 * The probability of dying in each layer, at index layer - 1, of a network with one living ray (`angle` 0), or two at this angle: what `survivors` says of up to three, in a few microseconds.
 * Draws come in calls for many layers at once, in float32 as in the kernels' draw in law, and cosine and sine of the angle follow from inner products. The array is filled anew for every network.
 */
export function oneOrTwoRays(angle: number, widths: readonly number[]): (network: Stream) => number[] {
  const layers = widths.length;
  const deadHere = new Array<number>(layers).fill(0);
  const point = widths.map((units) => 2 ** -units);
  // Rays in opposite directions leave no unit active at both: their images are at a right angle, whatever is drawn. And nobody asks for angles after the last layer.
  const opposite = angle === Math.PI;
  const drawn = widths.map((units, l) => (angle > 0 && l < layers - 1 && !(opposite && l === 0) && units > 1 ? 2 * units : 0));
  const total = drawn.reduce((sum, count) => sum + count, 0);
  const largest = drawn.reduce((most, count) => Math.max(most, count), 0);
  const draws = new Float32Array(Math.min(total, Math.max(largest, mostDraws)));
  const again = new Float32Array(largest);

  const [cosine, sine] = opposite ? [-1, 0] : [cos(angle), sin(angle)];
  const { normals } = ensembleKernels();
  return (network) => {
    normals(network, draws);
    let first = 0;
    let theta = angle;
    let c = cosine;
    let s = sine;
    // Probabilities of coming here with so many living rays.
    let two = angle > 0 ? 1 : 0;
    let one = 1 - two;
    let next = 0;
    for (let l = 0; l < layers; l++) {
      if (theta < parallel) {
        one += two;
        two = 0;
      }
      const dead = one * point[l];
      one -= dead;
      deadHere[l] = dead;
      if (two === 0) continue;
      const both = wholePower(inactiveAtBoth(theta), widths[l]);
      deadHere[l] += two * both;
      one += two * 2 * (point[l] - both);
      two *= 1 - 2 * point[l] + both;
      if (widths[l] === 1) theta = 0;
      else if (opposite && l === 0) {
        theta = Math.PI / 2;
        c = 0;
        s = 1;
      }
      if (drawn[l] === 0) continue;
      if (next + drawn[l] > first + draws.length) {
        first = next;
        normals(network, draws.subarray(0, total - first), first);
      }
      let values = draws;
      let from = next - first;
      next += drawn[l];
      for (let attempt = 0; ; attempt++) {
        let uu = 0;
        let uv = 0;
        let vv = 0;
        for (let i = from; i < from + drawn[l]; i += 2) {
          const u = Math.max(0, values[i]);
          const v = Math.max(0, c * values[i] + s * values[i + 1]);
          uu += u * u;
          uv += u * v;
          vv += v * v;
        }
        if (uu > 0 && vv > 0) {
          const across = Math.sqrt(Math.max(0, uu * vv - uv * uv));
          const length = Math.sqrt(uu * vv);
          theta = atan2(across, uv);
          c = uv / length;
          s = across / length;
          break;
        }
        // A ray died: drawn again, since only networks with both alive are followed.
        values = again.subarray(0, drawn[l]);
        normals(split(split(network, l), attempt), values);
        from = 0;
      }
    }
    return deadHere;
  };
}

/** x^n by squaring: for whole exponents much faster than `pow`, and as accurate as n roundings. */
function wholePower(x: number, n: number): number {
  let result = 1;
  let factor = x;
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= factor;
    factor *= factor;
  }
  return result;
}
