import { type Matrix, multiply, ShapeError } from "@sonde/core";
import { layerInput } from "./layer-input.js";
import type { Initialiser, InitialiserContext, LayerParameters } from "./types.js";

/**
 * Layer sign flip: negates the base's weights and biases if fewer than half of the living points stay alive through this layer.
 *
 * A point is alive as long as every layer so far has a unit with a non-zero activation on it (at any position, for a convolution). Applied to
 * the layers in order, with `context.living` handed on, the living ratio of a ReLU network after k layers is at least 2^-k on the given points: where a layer is zero no pre-activation is
 * positive, so the negated layer is zero only where all of them are 0, which has probability 0 (except at a point that is exactly 0 under zero biases). With exactly half alive nothing is
 * negated. A norm before the activation is odd, so that the same holds (but batch norm of a single point is 0).
 *
 * Needs `context.layerInput`, and `context.respond`, without which nothing is negated. Source: Rister, Rubin, *Probabilistic bounds on neuron death in deep rectifier networks*,
 * arXiv 2007.06192.
 *
 * @example
 * const context = { layerInput: matrixFromRows([[1], [2], [-3]]), respond: (z: Matrix) => ({ ...z, data: z.data.map((value) => Math.max(value, 0)) }) };
 * signFlipLayer(initialiser()).draw(stream(0), { kernel: [], inputs: 1, outputs: 1 }, context).weights.data[0] > 0 // true
 */
export function signFlipLayer(base: Initialiser): Initialiser {
  return signFlip("sign-flip-layer", base, ({ fires, points, units }) => {
    let alive = 0;
    for (let p = 0; p < points; p++) if (fires.subarray(p * units, (p + 1) * units).includes(1)) alive++;
    return new Uint8Array(units).fill(2 * alive < points ? 1 : 0);
  });
}

/**
 * Neuron sign flip: negates the base's weights and bias of each unit that is active on fewer than half of the living points.
 *
 * Activity, guarantee (living ratio at least 2^-k after k layers) and source as for `signFlipLayer`; it leaves more points alive.
 *
 * @example
 * const context = { layerInput: matrixFromRows([[1], [2], [-3]]), respond: (z: Matrix) => ({ ...z, data: z.data.map((value) => Math.max(value, 0)) }) };
 * signFlipNeuron(initialiser()).draw(stream(0), { kernel: [], inputs: 1, outputs: 4 }, context).weights.data.every((w) => w > 0) // true
 */
export function signFlipNeuron(base: Initialiser): Initialiser {
  return signFlip("sign-flip-neuron", base, ({ fires, points, units }) => {
    const active = new Uint32Array(units);
    for (let k = 0; k < fires.length; k++) active[k % units] += fires[k];
    return Uint8Array.from(active, (count) => (2 * count < points ? 1 : 0));
  });
}

/** For every living point and unit, `[points, units]`, 1 where the unit's activation is not zero at some position. */
interface Firing {
  readonly fires: Uint8Array;
  readonly points: number;
  readonly units: number;
}

/** `decide` gives each unit 1 if it is to be negated, else 0. */
function signFlip(flip: string, base: Initialiser, decide: (firing: Firing) => Uint8Array): Initialiser {
  const name = `${flip}:${base.name}`;
  return {
    name,
    symmetry: "none",
    zeroBias: base.zeroBias,
    needsInput: true,
    scaleFree: !base.needsInput || base.scaleFree,
    draw: (random, shape, context = {}) => {
      const input = layerInput(name, shape, context);
      checkRows(name, input, context);
      const parameters = base.draw(random, shape, context);
      if (context.respond) negate(parameters, decide(firing(responses(parameters, input, context.respond), context)));
      return parameters;
    },
  };
}

function checkRows(name: string, { rows }: Matrix, { positions = 1, living }: InitialiserContext): void {
  const points = rows / positions;
  if (!Number.isInteger(points) || (living && living.length !== points))
    throw new ShapeError(
      `"${name}" got a layer input with ${rows} rows at ${positions} positions a point${living ? ` and ${living.length} living flags` : ""}: rows must be points * positions, with one flag per point`,
    );
}

function responses(
  { weights, bias }: LayerParameters,
  input: Matrix,
  respond: NonNullable<InitialiserContext["respond"]>,
): Matrix {
  const z = multiply(input, weights);
  for (let k = 0; k < z.data.length; k++) z.data[k] += bias[k % z.cols];
  return respond(z);
}

function firing({ rows, cols, data }: Matrix, { positions = 1, living }: InitialiserContext): Firing {
  const all = rows / positions;
  const fires = new Uint8Array(all * cols);
  let points = 0;
  for (let p = 0; p < all; p++) {
    if (living?.[p] === false) continue;
    for (let k = 0; k < positions * cols; k++) if (data[p * positions * cols + k] !== 0) fires[points * cols + (k % cols)] = 1;
    points++;
  }
  return { fires: fires.subarray(0, points * cols), points, units: cols };
}

/** Negates the weights and biases of the units with a flag, in place; 0 stays +0. */
function negate({ weights, bias }: LayerParameters, units: Uint8Array): void {
  for (let k = 0; k < weights.data.length; k++) if (units[k % weights.cols]) weights.data[k] = 0 - weights.data[k];
  for (let j = 0; j < bias.length; j++) if (units[j]) bias[j] = 0 - bias[j];
}
