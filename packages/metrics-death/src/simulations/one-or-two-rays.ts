import { normals, type Stream, split } from "@sonde/core";
import { atan2, cos, pow, sin } from "@sonde/core/math";
import { inactiveAtBoth, parallel } from "./two-points.js";

/**
 * The probability of dying in each layer, at index layer - 1, of a network with one living ray (`angle` 0), or two at this angle: what `survivors` says of up to three, in a few microseconds.
 * All draws of a network come in one call, and cosine and sine of the angle follow from inner products. The array is filled anew for every network.
 */
export function oneOrTwoRays(angle: number, widths: readonly number[]): (network: Stream) => number[] {
  const layers = widths.length;
  const deadHere = new Array<number>(layers).fill(0);
  const point = widths.map((units) => 2 ** -units);
  // Rays in opposite directions leave no unit active at both: their images are at a right angle, whatever is drawn. And nobody asks for angles after the last layer.
  const opposite = angle === Math.PI;
  const drawn = widths.map((units, l) => (angle > 0 && l < layers - 1 && !(opposite && l === 0) && units > 1 ? 2 * units : 0));
  const draws = new Float64Array(drawn.reduce((sum, count) => sum + count, 0));
  const again = new Float64Array(drawn.reduce((most, count) => Math.max(most, count), 0));

  return (network) => {
    normals(split(network, 0), draws);
    let [theta, c, s] = [angle, opposite ? -1 : cos(angle), opposite ? 0 : sin(angle)];
    // Probabilities of coming here with so many living rays.
    let [one, two] = angle > 0 ? [0, 1] : [1, 0];
    let next = 0;
    for (let l = 0; l < layers; l++) {
      if (two > 0 && theta < parallel) [one, two] = [one + two, 0];
      const dead = one * point[l];
      one -= dead;
      deadHere[l] = dead;
      if (two === 0) continue;
      const both = pow(inactiveAtBoth(theta), widths[l]);
      deadHere[l] += two * both;
      one += two * 2 * (point[l] - both);
      two *= 1 - 2 * point[l] + both;
      if (widths[l] === 1) [one, two] = [one + two, 0];
      if (opposite && l === 0) [theta, c, s] = [Math.PI / 2, 0, 1];
      if (drawn[l] === 0) continue;
      let values: Float64Array = draws;
      let from = next;
      next += drawn[l];
      for (let attempt = 0; ; attempt++) {
        let [uu, uv, vv] = [0, 0, 0];
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
        values = normals(split(split(network, 1 + l), attempt), again.subarray(0, drawn[l]));
        from = 0;
      }
    }
    return deadHere;
  };
}
