import { matrix } from "@sonde/core";
import type { LayerParameters } from "@sonde/init";
import type { Layer } from "../architecture.js";
import { times } from "./block.js";
import type { Operator, Points } from "./operator.js";

/**
 * A normalisation, then scale and shift: gamma z + beta with z = (x - mean) / sqrt(variance + epsilon) over each group of values, biased variance.
 *
 * The groups: `batch` takes each channel over all points and positions, `layer` each point over all positions and channels, `rms` the same without
 * subtracting the mean: z = x / sqrt(mean of x^2 + epsilon). Where variance + epsilon is 0, z is 0.
 *
 * The derivative is the full one: dz = (dx - mean(dx) - z mean(z dx)) / sqrt(variance + epsilon), for `rms` without mean(dx). As a matrix it is
 * symmetric, so the gradient is the same map. With `frozen` that of `batch` takes the statistics as constants:
 * dz = dx / sqrt(variance + epsilon).
 *
 * `own` are scales and shifts of the channels in place of the description's.
 */
export function normalise(layer: Layer & { kind: "norm" }, channels: number, frozen: boolean, own?: LayerParameters): Operator {
  const plain = standard(layer, channels, frozen);
  if (own) return scaledAndShifted(plain, own);
  const { gamma = 1, beta = 0 } = layer;
  if (gamma === 1 && beta === 0) return plain;
  const scaled = (x: Points): Points => times(x, gamma);
  return {
    forward: (x) => {
      const z = scaled(plain.forward(x));
      return matrix(
        z.rows,
        z.cols,
        z.data.map((value) => value + beta),
      );
    },
    tangent: (x, dx) => scaled(plain.tangent(x, dx)),
    gradient: (x, dy) => plain.gradient(x, scaled(dy)),
  };
}

/** A scale and a shift for each channel, which have gradients of their own. */
function scaledAndShifted(plain: Operator, { weights, bias }: LayerParameters): Operator {
  const gamma = weights.data;
  const channels = gamma.length;
  const scaled = ({ rows, cols, data }: Points, shift?: Float64Array): Points => {
    const y = matrix(rows, cols);
    for (let k = 0; k < data.length; k++) y.data[k] = gamma[k % channels] * data[k] + (shift ? shift[k % channels] : 0);
    return y;
  };
  return {
    forward: (x) => scaled(plain.forward(x), bias),
    tangent: (x, dx) => scaled(plain.tangent(x, dx)),
    gradient: (x, dy) => {
      const z = plain.forward(x);
      const byScale = matrix(1, channels);
      const byShift = new Float64Array(channels);
      for (let k = 0; k < dy.data.length; k++) {
        byScale.data[k % channels] += z.data[k] * dy.data[k];
        byShift[k % channels] += dy.data[k];
      }
      return { ...plain.gradient(x, scaled(dy)), parameters: () => ({ weights: byScale, bias: byShift }) };
    },
  };
}

/** Without scale and shift. */
function standard({ norm, epsilon = 1e-3 }: Layer & { kind: "norm" }, channels: number, frozen: boolean): Operator {
  const centred = norm !== "rms";

  const forEachGroup = (x: Points, visit: (group: Group) => void): void => {
    const count = norm === "batch" ? channels : x.rows;
    const step = norm === "batch" ? channels : 1;
    const length = x.data.length / count;
    for (let g = 0; g < count; g++) visit({ start: norm === "batch" ? g : g * length, step, length });
  };
  const statistics = (x: Points, group: Group): { mean: number; scale: number } => {
    const mean = centred ? average(group, (i) => x.data[i]) : 0;
    const variance = average(group, (i) => (x.data[i] - mean) * (x.data[i] - mean));
    return { mean, scale: variance + epsilon > 0 ? 1 / Math.sqrt(variance + epsilon) : 0 };
  };

  const derivative = (x: Points, dx: Points): Points => {
    const dz = matrix(x.rows, x.cols);
    forEachGroup(x, (group) => {
      const { mean, scale } = statistics(x, group);
      const z = (i: number) => (x.data[i] - mean) * scale;
      const shift = centred ? average(group, (i) => dx.data[i]) : 0;
      const along = average(group, (i) => z(i) * dx.data[i]);
      each(group, (i) => {
        dz.data[i] = (dx.data[i] - shift - z(i) * along) * scale;
      });
    });
    return dz;
  };

  const frozenTangent = (x: Points, dx: Points): Points => {
    const dz = matrix(x.rows, x.cols);
    forEachGroup(x, (group) => {
      const { scale } = statistics(x, group);
      each(group, (i) => {
        dz.data[i] = dx.data[i] * scale;
      });
    });
    return dz;
  };

  const slope = frozen && norm === "batch" ? frozenTangent : derivative;
  return {
    forward: (x) => {
      const z = matrix(x.rows, x.cols);
      forEachGroup(x, (group) => {
        const { mean, scale } = statistics(x, group);
        each(group, (i) => {
          z.data[i] = (x.data[i] - mean) * scale;
        });
      });
      return z;
    },
    tangent: slope,
    gradient: (x, dy) => ({ input: slope(x, dy) }),
  };
}

/** The indices start, start + step, ... (`length` of them). */
interface Group {
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

function each({ start, step, length }: Group, visit: (index: number) => void): void {
  for (let k = 0; k < length; k++) visit(start + k * step);
}

function average(group: Group, value: (index: number) => number): number {
  let sum = 0;
  each(group, (i) => {
    sum += value(i);
  });
  return sum / group.length;
}
