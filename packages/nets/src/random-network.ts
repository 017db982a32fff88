import { activation, ConfigError, type Matrix, quote, type Stream, split } from "@sonde/core";
import type { InitialiserContext, LayerParameters } from "@sonde/init";
import type { Architecture, Layer } from "./architecture.js";
import { layerInitialiser } from "./layer-initialiser.js";
import { join, sum } from "./layers/block.js";
import { convInputs } from "./layers/conv.js";
import type { Points } from "./layers/operator.js";
import { operatorOf } from "./layers/operator-of.js";
import { inputPoints, type Network } from "./network.js";
import { inferShapes, type ShapedLayer, size } from "./shapes.js";

export interface RandomNetworkOptions {
  /** Points `[points, size of input]` for data-dependent initialisers (LSUV, sign flips), which need them; others ignore them. */
  readonly inputs?: Matrix;
}

/**
 * A network with random parameters: layer p (depth-first among those with weights, from 0) is drawn by its initialiser from `split(stream, p)`.
 * The same stream gives the same network, bit for bit, everywhere.
 *
 * Data-dependent initialisers see what arrives at their layer through the layers drawn before it.
 *
 * Throws `ConfigError` if such an initialiser gets no `inputs`, and whatever the initialiser refuses.
 *
 * @example
 * randomNetwork(mlp("784-128x20-10"), stream(0)).parameters.length // 21
 */
export function randomNetwork(architecture: Architecture, stream: Stream, { inputs }: RandomNetworkOptions = {}): Network {
  const layers = inferShapes(architecture);
  const drawing = collect(layers).map((shaped) => ({ shaped, law: layerInitialiser(shaped.layer) }));
  const dependent = drawing.find(({ law }) => law.needsInput);
  if (!dependent)
    return { architecture, parameters: drawing.map(({ shaped, law }, p) => law.draw(split(stream, p), weightsOf(shaped))) };
  if (!inputs)
    throw new ConfigError(
      `${dependent.shaped.path} is initialised with ${quote(dependent.law.name)}, which looks at data: give "inputs"`,
    );
  return { architecture, parameters: drawAlong(layers, inputPoints(architecture, inputs), stream) };
}

/** Draws every layer from what arrives at it. */
function drawAlong(layers: readonly ShapedLayer[], inputs: Points, stream: Stream): LayerParameters[] {
  const parameters: LayerParameters[] = [];
  const living = new Array<boolean>(inputs.rows).fill(true);

  const run = (layers: readonly ShapedLayer[], start: Points): Points =>
    layers.reduce((x, shaped, index) => {
      if (shaped.parameters !== undefined) {
        const context = contextOf(shaped, layers[index + 1]?.layer, x, living);
        parameters.push(layerInitialiser(shaped.layer).draw(split(stream, shaped.parameters), weightsOf(shaped), context));
      }
      const y = apply(shaped, x);
      if (shaped.hidden !== undefined)
        for (let i = 0; i < y.rows; i++) living[i] &&= y.data.subarray(i * y.cols, (i + 1) * y.cols).some((value) => value !== 0);
      return y;
    }, start);

  const apply = (shaped: ShapedLayer, x: Points): Points => {
    switch (shaped.layer.kind) {
      case "residual":
        return sum(x, run(shaped.body, x));
      case "concat":
        return join(x, run(shaped.body, x), shaped.input[shaped.input.length - 1]);
      default:
        return operatorOf(shaped, parameters).forward(x);
    }
  };
  run(layers, inputs);
  return parameters;
}

function contextOf(
  { layer, input, output }: ShapedLayer,
  next: Layer | undefined,
  x: Points,
  living: readonly boolean[],
): InitialiserContext {
  const layerInput =
    layer.kind === "conv"
      ? convInputs(x, layer, input)
      : { ...x, rows: x.data.length / input[input.length - 1], cols: input[input.length - 1] };
  return {
    layerInput,
    positions: size(output.slice(0, -1)),
    activation: next?.kind === "activation" ? activation(next.activation).value : (z) => z,
    living: [...living],
  };
}

/** The layers with weights, depth-first. */
function collect(layers: readonly ShapedLayer[]): ShapedLayer[] {
  return layers.flatMap((shaped) => (shaped.weights ? [shaped] : collect(shaped.body)));
}

function weightsOf({ weights, path }: ShapedLayer) {
  if (!weights) throw new TypeError(`${path} has no weights`);
  return weights;
}
