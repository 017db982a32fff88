import { angleBetween, type Matrix, row } from "@sonde/core";
import { pow } from "@sonde/core/math";
import { type Architecture, type ConditionalEvent, inferShapes, isHomogeneous, layerInitialiser } from "@sonde/nets";

/**
 * The death of a layer at every point, with its exact probability given the layer before, for ReLU, zero bias and normal weights. A unit is inactive
 *
 *     at one living point with probability 1/2,
 *     at two living points at the angle theta with probability q = (pi - theta) / (2 pi),
 *
 * and a layer of N units is dead with the N-th power of that. With one input the two points are the rays -1 and 1, which fix the whole network.
 */
export const layerDeath: ConditionalEvent = {
  refusal(architecture, inputs) {
    if (inputs.rows > 2) return `there are ${inputs.rows} points, and a closed form for one or two only`;
    if (!isHomogeneous(architecture)) return "biases and norms have no closed form";
    return notReluChain(architecture);
  },
  probability(given, units) {
    const living = Array.from({ length: given.rows }, (_, p) => row(given, p)).filter((point) =>
      point.some((value) => value !== 0),
    );
    return living.length === 0 ? 1 : pow(inactive(living), units);
  },
  happened: ({ alive }) => !alive().includes(1),
};

/** The probability that a unit is inactive at all of these one or two points. */
function inactive([first, second]: readonly Matrix["data"][]): number {
  const angle = second && angleBetween(first, second);
  return angle ? (Math.PI - angle.theta) / (2 * Math.PI) : 0.5;
}

function notReluChain(architecture: Architecture): string | undefined {
  const layers = inferShapes(architecture);
  const strange = layers.find(({ layer, weights }, l) => {
    if (layer.kind === "activation") return layer.activation !== "relu" || layers[l - 1]?.layer.kind !== "dense";
    return layer.kind !== "dense" || !weights || layerInitialiser(layer).law?.(weights).distribution !== "normal";
  });
  return strange && `${strange.path} is not ReLU after a dense layer with normal weights`;
}
