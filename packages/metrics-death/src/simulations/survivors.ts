import { angleBetween, type Matrix, row, type Stream, split, uniform } from "@sonde/core";
import { cos, pow } from "@sonde/core/math";
import { type Architecture, hiddenLayers, inferShapes, isHomogeneous, layerInitialiser, type Simulation } from "@sonde/nets";
import { oneOrTwoRays } from "./one-or-two-rays.js";
import { angleWithout, areParallel, fateOfThree, nextTriple, type Triple } from "./three-points.js";
import { inactiveAtBoth, nextAngle, parallel } from "./two-points.js";

/**
 * The exact probability that a network dies in each layer, given the angles of its points as drawn among survivors, for ReLU, normal weights, zero bias and up to three
 * points (or rays, which fix an interval of one input).
 *
 * The probability that a network comes to a layer is split by the points that are alive there. From one ray on everything is known: every further layer of N units is dead
 * with probability 2^-N. Of two or three points only the angles matter; each death has a closed form given them, so only layers in which all of them live are drawn. Nothing rare is waited for: not that
 * a layer dies, nor that it leaves a single ray.
 */
export const survivors: Simulation = {
  refusal(architecture, inputs) {
    if (distinctRays(inputs).length > 3) return "there are more than three points in different directions, and no closed form";
    if (!isHomogeneous(architecture)) return "biases and norms have no closed form";
    return notReluChain(architecture);
  },
  steps(architecture, inputs) {
    const points = Math.min(3, inputs.rows);
    const [layer, unit] = points === 3 ? [30_000, 600] : [600, 80];
    return hiddenLayers(architecture).reduce((sum, { units }) => sum + layer + unit * units, 0);
  },
  prepare(architecture, inputs) {
    const widths = hiddenLayers(architecture).map(({ units }) => units);
    const rays = distinctRays(inputs);
    const angle = (i: number, j: number) => angleBetween(rays[i], rays[j])?.theta ?? 0;
    const units = widths.reduce((sum, width) => sum + width, 0);
    if ((rays.length === 1 || rays.length === 2) && units <= mostUnitsAtOnce) {
      const draw = oneOrTwoRays(rays.length === 2 ? angle(0, 1) : 0, widths);
      return (network) => ({ conditional: draw(network) });
    }
    const angles: Triple =
      rays.length === 3 ? [angle(0, 1), angle(0, 2), angle(1, 2)] : [rays.length === 2 ? angle(0, 1) : 0, 0, 0];
    const draws = new Float64Array(3 * widths.reduce((most, width) => Math.max(most, width), 0));
    return (network) => ({ conditional: deathByLayer(rays.length, angles, widths, network, draws) });
  },
};

/** Units of a network whose draws are held at once: 32 MiB of them. Beyond, layers are drawn one by one. */
const mostUnitsAtOnce = 2 ** 22;

/** The probability of dying in each layer, at index layer - 1, for so many rays at these angles. */
function deathByLayer(rays: number, angles: Triple, widths: readonly number[], network: Stream, draws: Float64Array): number[] {
  let triple = angles;
  let [pair] = angles;
  // Probabilities of coming here with so many living rays.
  let [one, two, three] = [rays === 1 ? 1 : 0, rays === 2 ? 1 : 0, rays === 3 ? 1 : 0];
  return widths.map((units, l) => {
    if (rays === 0) return l === 0 ? 1 : 0;
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
      if (three > 0 && units > 1) triple = nextTriple(triple, cos, units, split(layer, 0), draws);
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
      pair = angleWithout(lostPoint(fate.lost, uniform(split(layer, 3), 0)), before, cos, units, split(layer, 1), draws);
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

/** The first points that are not zero and lie in different directions, at most four: enough to know that there are more than three. */
function distinctRays(inputs: Matrix): Matrix["data"][] {
  const rays: Matrix["data"][] = [];
  for (let p = 0; p < inputs.rows && rays.length <= 3; p++) {
    const point = row(inputs, p);
    if (point.some((value) => value !== 0) && rays.every((ray) => angleBetween(ray, point)?.theta !== 0)) rays.push(point);
  }
  return rays;
}

function notReluChain(architecture: Architecture): string | undefined {
  const layers = inferShapes(architecture);
  const strange = layers.find(({ layer, weights }, l) => {
    const before = layers[l - 1]?.layer.kind;
    if (layer.kind === "activation") return layer.activation !== "relu" || before !== "dense";
    if (layer.kind !== "dense" || before === "dense") return true;
    return !weights || layerInitialiser(layer).law?.(weights).distribution !== "normal";
  });
  return strange && `${strange.path} is not ReLU after a dense layer with normal weights`;
}
