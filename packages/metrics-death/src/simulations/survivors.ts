import { angleBetween, type Matrix, row } from "@sonde/core";
import { type Architecture, hiddenLayers, inferShapes, isHomogeneous, layerInitialiser, type Simulation } from "@sonde/nets";
import { oneOrTwoRays } from "./one-or-two-rays.js";
import { threeRays } from "./three-rays.js";

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
    if (rays.length === 0) return () => ({ conditional: widths.map((_, l) => (l === 0 ? 1 : 0)) });
    const draw =
      rays.length === 3
        ? threeRays([angle(0, 1), angle(0, 2), angle(1, 2)], widths)
        : oneOrTwoRays(rays.length === 2 ? angle(0, 1) : 0, widths);
    return (network) => ({ conditional: draw(network) });
  },
};

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
