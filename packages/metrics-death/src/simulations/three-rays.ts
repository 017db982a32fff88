import { type Stream, split, uniform } from "@sonde/core";
import { pow } from "@sonde/core/math";
import { angleWithout, areParallel, fateOfThree, nextTriple, type Triple } from "./three-points.js";
import { inactiveAtBoth, nextAngle, parallel } from "./two-points.js";

/** The probability of dying in each layer, at index layer - 1, of a network with three living rays at these angles: what `survivors` says of up to three. */
export function threeRays(angles: Triple, widths: readonly number[]): (network: Stream) => number[] {
  const draws = new Float64Array(3 * widths.reduce((most, width) => Math.max(most, width), 0));
  return (network) => deathByLayer(angles, widths, network, draws);
}

function deathByLayer(angles: Triple, widths: readonly number[], network: Stream, draws: Float64Array): number[] {
  let triple = angles;
  // Of the two that are left where one died.
  let pair = 0;
  // Probabilities of coming here with so many living rays.
  let one = 0;
  let two = 0;
  let three = 1;
  return widths.map((units, l) => {
    if (two > 0 && pair < parallel) [one, two] = [one + two, 0];
    if (three > 0 && areParallel(triple)) [one, three] = [one + three, 0];
    const point = 2 ** -units;
    let dead = one * point;
    one -= dead;
    if (two === 0 && three === 0) return dead;

    const layer = split(network, l);
    let spawned = 0;
    const before = triple;
    const fate = three > 0 ? fateOfThree(triple, units) : undefined;
    if (fate) {
      const lost = fate.lost[0] + fate.lost[1] + fate.lost[2];
      dead += three * fate.none;
      one += three * fate.one;
      // Nearly parallel points hardly die apart, and then all but surely leave a single active unit: one ray, to a millionth.
      if (lost < 1e-3 * point) one += three * lost;
      else spawned = three * lost;
      three *= fate.all;
      if (three > 0 && units > 1) triple = nextTriple(triple, units, split(layer, 0), draws);
    }
    if (two > 0) {
      const both = pow(inactiveAtBoth(pair), units);
      dead += two * both;
      one += two * 2 * (point - both);
      two *= 1 - 2 * point + both;
    }
    // In one dimension everything that lives is one ray.
    if (units === 1) {
      [one, two, three] = [one + two + three + spawned, 0, 0];
      return dead;
    }
    // Pairs from earlier layers and pairs left over here go on as one, chosen in proportion.
    const choice = uniform(split(layer, 2), 0) * (two + spawned);
    if (fate && choice < spawned)
      pair = angleWithout(lostPoint(fate.lost, uniform(split(layer, 3), 0)), before, units, split(layer, 1), draws);
    else if (two > 0) pair = nextAngle(pair, units, split(layer, 1), draws);
    two += spawned;
    return dead;
  });
}

/** Which point is lost, in proportion to the probabilities. */
function lostPoint([a, b, c]: Triple, u: number): number {
  const at = u * (a + b + c);
  return at < a ? 0 : at < a + b ? 1 : 2;
}
