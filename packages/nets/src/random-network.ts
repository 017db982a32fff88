import { ConfigError, type Matrix, matrix, quote, row, type Stream, split } from "@sonde/core";
import type { Initialiser, InitialiserContext, LayerParameters, LayerShape } from "@sonde/init";
import type { Architecture } from "./architecture.js";
import { areHomogeneous } from "./homogeneous.js";
import { layerInitialiser } from "./layer-initialiser.js";
import { convInputs } from "./layers/conv.js";
import type { Points } from "./layers/operator.js";
import { operatorOf } from "./layers/operator-of.js";
import { inputPoints, type Network } from "./network.js";
import { inferShapes, type ShapedLayer, size } from "./shapes.js";
import { walk } from "./walk.js";

export interface RandomNetworkOptions {
  /** Points `[points, size of input]` for data-dependent initialisers (LSUV, sign flips), which need them; others ignore them. */
  readonly inputs?: Matrix;
}

/**
 * A network with random parameters: layer p (depth-first among those with weights, from 0) is drawn by its initialiser from `split(stream, p)`.
 * The same stream gives the same network, bit for bit, everywhere.
 *
 * Data-dependent initialisers see what arrives at their layer through the layers drawn before it; a point counts as living while it is not all
 * zero at any hidden layer so far.
 *
 * Throws `ConfigError` if such an initialiser gets no `inputs`, and whatever the initialiser refuses.
 *
 * @example
 * randomNetwork(mlp("784-128x20-10"), stream(0)).parameters.length // 21
 */
export function randomNetwork(architecture: Architecture, stream: Stream, { inputs }: RandomNetworkOptions = {}): Network {
  const layers = inferShapes(architecture);
  const draws = collectDraws(layers);
  const dependent = draws.find(({ initialiser }) => initialiser.needsInput);
  if (!dependent)
    return { architecture, parameters: draws.map(({ initialiser, weights }, p) => initialiser.draw(split(stream, p), weights)) };
  if (!inputs)
    throw new ConfigError(
      `${dependent.path} is initialised with ${quote(dependent.initialiser.name)}, which looks at data: give "inputs"`,
    );
  return { architecture, parameters: drawAlong(layers, draws, inputPoints(architecture, inputs), stream) };
}

/** A layer with weights, ready to be drawn. */
interface Draw {
  readonly path: string;
  readonly initialiser: Initialiser;
  readonly weights: LayerShape;
  /** The norms and the activation that follow in the same list; empty if anything else comes before an activation. */
  readonly response: readonly ShapedLayer[];
}

/** The layers with weights, depth-first. */
function collectDraws(layers: readonly ShapedLayer[]): Draw[] {
  return layers.flatMap(({ layer, path, weights, branches }, index) =>
    weights
      ? [{ path, initialiser: layerInitialiser(layer), weights, response: responseAfter(layers, index) }]
      : branches.flatMap(collectDraws),
  );
}

function responseAfter(layers: readonly ShapedLayer[], index: number): readonly ShapedLayer[] {
  let end = index + 1;
  while (layers[end]?.layer.kind === "norm") end++;
  return layers[end]?.layer.kind === "activation" ? layers.slice(index + 1, end + 1) : [];
}

/** Draws every layer from what arrives at it. */
function drawAlong(layers: readonly ShapedLayer[], draws: readonly Draw[], inputs: Points, stream: Stream): LayerParameters[] {
  const parameters: LayerParameters[] = [];
  const living = new Array<boolean>(inputs.rows).fill(true);
  const operate = (shaped: ShapedLayer, x: Points): Points => {
    if (shaped.parameters !== undefined) {
      const { initialiser, weights, response } = draws[shaped.parameters];
      const context = { ...arriving(shaped, x), respond: respondAs(response, x.rows), living: [...living] };
      parameters.push(initialiser.draw(split(stream, shaped.parameters), weights, context));
    }
    return operatorOf(shaped, { parameters }).forward(x);
  };
  // Powers of two keep deep networks from underflow, but not those whose weights follow the scale of the signal.
  const scaleFree = draws.every(({ initialiser }) => !initialiser.needsInput || initialiser.scaleFree);
  const homogeneous = scaleFree && areHomogeneous(layers) && draws.every(({ initialiser }) => initialiser.zeroBias);
  walk({ layers, operate, homogeneous }, inputs, {
    observe: ({ activations }) =>
      living.forEach((alive, i) => {
        living[i] = alive && row(activations, i).some((value) => value !== 0);
      }),
  });
  return parameters;
}

function arriving({ layer, input, output }: ShapedLayer, x: Points): Pick<InitialiserContext, "layerInput" | "positions"> {
  const channels = input[input.length - 1];
  const layerInput = layer.kind === "conv" ? convInputs(x, layer, input) : matrix(x.data.length / channels, channels, x.data);
  return { layerInput, positions: size(output.slice(0, -1)) };
}

/** What the layers of a response make of values `[points * positions, units]`, in the same shape. */
function respondAs(response: readonly ShapedLayer[], points: number): InitialiserContext["respond"] {
  if (response.length === 0) return undefined;
  return ({ rows, cols, data }) => {
    const start = matrix(points, data.length / points, data);
    return matrix(rows, cols, response.reduce((z, shaped) => operatorOf(shaped, { parameters: [] }).forward(z), start).data);
  };
}
