import { type Matrix, multiply, ShapeError } from "@sonde/core";
import { layerInput } from "./layer-input.js";
import type { Initialiser, InitialiserContext, LayerParameters } from "./types.js";

/**
 * Layer sign flip: negates the base's weights and biases if fewer than half of the living points stay alive through this layer.
 *
 * A point is alive as long as every layer so far has a unit with a non-zero activation on it (at any position, for a convolution). Applied to
 * the layers in order, with `context.living` handed on, the living ratio of a ReLU network after k layers is at least 2^-k on the given points
 * (a point that is exactly 0 has no living sign, unless biases are non-zero).
 *
 * Needs `context.layerInput` and `context.activation`. Source: Rister, Rubin, *Probabilistic bounds on neuron death in deep rectifier networks*,
 * arXiv 2007.06192.
 *
 * @example
 * const context = { layerInput: matrixFromRows([[1], [2], [-3]]), activation: (z: number) => Math.max(z, 0) };
 * signFlipLayer(initialiser()).draw(stream(0), { kernel: [], inputs: 1, outputs: 1 }, context).weights.data[0] > 0 // true
 */
export function signFlipLayer(base: Initialiser): Initialiser {
  return signFlip("sign-flip-layer", base, (active, living) => {
    const alive = new Set(active.flat()).size;
    return active.map(() => 2 * alive < living);
  });
}

/**
 * Neuron sign flip: negates the base's weights and bias of each unit that is active on fewer than half of the living points.
 *
 * Activity, guarantee (living ratio at least 2^-k after k layers) and source as for `signFlipLayer`; it leaves more points alive.
 *
 * @example
 * const context = { layerInput: matrixFromRows([[1], [2], [-3]]), activation: (z: number) => Math.max(z, 0) };
 * signFlipNeuron(initialiser()).draw(stream(0), { kernel: [], inputs: 1, outputs: 4 }, context).weights.data.every((w) => w > 0) // true
 */
export function signFlipNeuron(base: Initialiser): Initialiser {
  return signFlip("sign-flip-neuron", base, (active, living) => active.map((points) => 2 * points.length < living));
}

/** `decide` is told, for each unit, the living points on which it is active, and how many points live; it says which units to negate. */
function signFlip(
  flip: string,
  base: Initialiser,
  decide: (active: readonly (readonly number[])[], living: number) => readonly boolean[],
): Initialiser {
  const name = `${flip}:${base.name}`;
  return {
    name,
    symmetric: false,
    zeroBias: base.zeroBias,
    needsInput: true,
    draw: (random, shape, context = {}) => {
      const input = layerInput(name, shape, context);
      const parameters = base.draw(random, shape, context);
      const living = livingPoints(name, input, context);
      negate(parameters, decide(activePoints(parameters, input, living, context), living.length));
      return parameters;
    },
  };
}

/** Indices of the living points. */
function livingPoints(name: string, input: Matrix, { positions = 1, living }: InitialiserContext): number[] {
  const points = input.rows / positions;
  if (!Number.isInteger(points) || (living && living.length !== points))
    throw new ShapeError(
      `"${name}" got a layer input with ${input.rows} rows at ${positions} positions a point${living ? ` and ${living.length} living flags` : ""}: rows must be points * positions, with one flag per point`,
    );
  return Array.from({ length: points }, (_, point) => point).filter((point) => living?.[point] ?? true);
}

/** For each unit the living points on which its activation is not zero at some position. */
function activePoints(
  { weights, bias }: LayerParameters,
  input: Matrix,
  living: readonly number[],
  { positions = 1, activation = (z) => z }: InitialiserContext,
): number[][] {
  const z = multiply(input, weights);
  const active: number[][] = Array.from(bias, () => []);
  for (const point of living)
    for (let j = 0; j < bias.length; j++) {
      let fires = false;
      for (let p = 0; p < positions && !fires; p++)
        fires = activation(z.data[(point * positions + p) * z.cols + j] + bias[j]) !== 0;
      if (fires) active[j].push(point);
    }
  return active;
}

/** Negates the weights and biases of the units with a true flag, in place; 0 stays +0. */
function negate({ weights, bias }: LayerParameters, units: readonly boolean[]): void {
  for (let k = 0; k < weights.data.length; k++) if (units[k % weights.cols]) weights.data[k] = 0 - weights.data[k];
  for (let j = 0; j < bias.length; j++) if (units[j]) bias[j] = 0 - bias[j];
}
