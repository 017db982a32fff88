import { NumericalError, type Stream } from "@sonde/core";
import type { LayerParameters } from "@sonde/init";
import { type Architecture, inferShapes, type Living, layerInitialiser, randomNetwork, type Simulation } from "@sonde/nets";

/**
 * All of a random network on an interval of its one input, exactly: every layer is a piecewise linear function of it, kept by its values at the breakpoints, to which each unit adds those where
 * its pre-activation changes sign. A piece is alive in a layer if some unit is positive inside it. The two rows of the inputs are the interval's ends.
 */
export const breakpoints: Simulation = {
  refusal: (architecture) => whyNotPiecewise(architecture),
  steps: pieceSteps,
  prepare(architecture, ends) {
    const [low, high] = ends.data;
    return (network) => ({ living: livingOn(low, high, architecture, network) });
  },
};

/** Elementary steps (about a tenth of a nanosecond) for one network; a layer adds about as many breakpoints as it has units. */
export function pieceSteps(architecture: Architecture): number {
  let pieces = 1;
  let steps = 0;
  for (const { weights } of inferShapes(architecture)) {
    if (!weights) continue;
    steps += 20_000 + weights.inputs * weights.outputs * (300 + 15 * pieces);
    pieces += weights.outputs;
  }
  return steps;
}

/** Why a network is no piecewise linear function of one input that can be followed: `undefined` if it is. */
export function whyNotPiecewise(architecture: Architecture): string | undefined {
  if (architecture.input.length !== 1 || architecture.input[0] !== 1) return "it takes a single input";
  const strange = inferShapes(architecture).find(({ layer }) => {
    if (layer.kind === "activation") return layer.activation !== "relu";
    return layer.kind !== "dense" || layerInitialiser(layer).needsInput;
  });
  return strange && `${strange.path} is neither ReLU nor a dense layer that is drawn without data`;
}

/** A piecewise linear function of one input, with the pieces on which every layer so far is alive. */
interface Line {
  /** Breakpoints, ascending, ends included. */
  readonly at: number[];
  /** One for each piece between them. */
  readonly alive: boolean[];
  /** Values at the breakpoints, one array of all units for each. */
  readonly values: Float64Array[];
}

function livingOn(low: number, high: number, architecture: Architecture, network: Stream): Living {
  const { parameters } = randomNetwork(architecture, network);
  const living = { ratio: [] as number[], anyHere: [] as number[], anyThrough: [] as number[] };
  let line: Line = { at: [low, high], alive: [true], values: [Float64Array.of(low), Float64Array.of(high)] };
  for (const { layer, parameters: own } of inferShapes(architecture)) {
    if (own !== undefined) line = { ...line, values: line.values.map((x) => affine(x, parameters[own])) };
    if (layer.kind !== "activation") continue;
    line = rectified(line);
    let here = 0;
    let through = 0;
    let length = 0;
    for (let k = 0; k < line.alive.length; k++) {
      const piece = line.at[k + 1] - line.at[k];
      const positive = piece > 0 && (isPositive(line.values[k]) || isPositive(line.values[k + 1]));
      line.alive[k] &&= positive;
      if (positive) here = 1;
      if (!line.alive[k]) continue;
      through = 1;
      length += piece;
    }
    living.anyHere.push(here);
    living.anyThrough.push(through);
    living.ratio.push(Math.min(1, length / (high - low)));
  }
  return living;
}

/** x W + b. */
function affine(x: Float64Array, { weights, bias }: LayerParameters): Float64Array {
  const out = bias.slice();
  for (let i = 0; i < x.length; i++) {
    if (x[i] === 0) continue;
    const offset = i * weights.cols;
    for (let j = 0; j < out.length; j++) out[j] += x[i] * weights.data[offset + j];
  }
  for (const value of out)
    if (!Number.isFinite(value))
      throw new NumericalError("the activations overflow float64: take a smaller weight variance or fewer layers");
  return out;
}

/** ReLU of every unit, with a breakpoint wherever a unit changes sign. Pieces keep whether they are alive. */
function rectified({ at, alive, values }: Line): Line {
  const next: Line = { at: [at[0]], alive: [], values: [values[0]] };
  const append = (x: number, value: Float64Array, lives: boolean) => {
    next.at.push(x);
    next.values.push(value);
    next.alive.push(lives);
  };
  for (let k = 0; k < alive.length; k++) {
    const [from, to] = [values[k], values[k + 1]];
    const crossings: { t: number; unit: number }[] = [];
    for (let j = 0; j < from.length; j++) if (from[j] * to[j] < 0) crossings.push({ t: from[j] / (from[j] - to[j]), unit: j });
    crossings.sort((a, b) => a.t - b.t);
    for (const { t, unit } of crossings) {
      const value = from.map((start, j) => start + t * (to[j] - start));
      value[unit] = 0;
      append(at[k] + t * (at[k + 1] - at[k]), value, alive[k]);
    }
    append(at[k + 1], to, alive[k]);
  }
  for (const value of next.values) for (let j = 0; j < value.length; j++) if (!(value[j] > 0)) value[j] = 0;
  return next;
}

function isPositive(values: Float64Array): boolean {
  return values.some((value) => value > 0);
}
