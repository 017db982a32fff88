import { ShapeError } from "@sonde/core";
import type { LayerKind, Weights } from "../layer-kind.js";
import { axisOf, count, type Tensor } from "../tensor.js";

/**
 * z = (x - mean) / sqrt(variance + epsilon) over groups of values, then scale z + shift by channels (or, for `layer` and `rms`, by the normalised axes).
 *
 * | norm | a group is |
 * |---|---|
 * | `batch` | a channel over all points and positions, or the running mean and variance of it |
 * | `layer`, `rms` | the axes from `axis` on, of each point and position; `rms` subtracts no mean |
 * | `instance`, `group` | one channel, or one of `groups` of them, of one point over all positions |
 */
export interface NormLayer {
  readonly kind: "norm";
  readonly norm: "batch" | "layer" | "rms" | "instance" | "group";
  /** Added to the variance; default 1e-5. */
  readonly epsilon?: number;
  /** Of batch norm: the weights `mean` and `variance`, or those of the points; default `batch`. */
  readonly statistics?: "batch" | "running";
  readonly groups?: number;
  /** The first normalised axis of `layer` and `rms`; default -1. */
  readonly axis?: number;
  readonly channelsFirst?: boolean;
}

export const norm: LayerKind<NormLayer> = {
  shape(layer, [input]) {
    const { channels } = groupsOf(layer, input);
    if (layer.norm === "group" && channels % (layer.groups ?? 1) !== 0)
      throw new ShapeError(`${channels} channels do not fall into ${layer.groups} groups: change the groups`);
    return input;
  },
  weights(layer, [input]) {
    const { parameters } = groupsOf(layer, input);
    const constant = (value: number) => ({ shape: parameters, begin: { kind: "constant", value } }) as const;
    return {
      scale: constant(1),
      shift: constant(0),
      ...(layer.norm === "batch" && layer.statistics === "running" && { mean: constant(0), variance: constant(1) }),
    };
  },
  forward(layer, [x], weights) {
    const data = new Float64Array(x.data.length);
    const scale = weights.scale?.values();
    const shift = weights.shift?.values();
    const { parameter, channels } = groupsOf(layer, x.shape);
    if (layer.norm === "batch" && layer.statistics === "running") {
      // y = factor x + offset, channel by channel.
      const [mean, variance] = [weights.mean?.values(), weights.variance?.values()];
      const step = layer.channelsFirst ? count(x.shape.slice(2)) : 1;
      const factors = Float64Array.from({ length: channels }, (_, c) => {
        const spread = (variance?.[c] ?? 1) + (layer.epsilon ?? 1e-5);
        return spread > 0 ? (scale?.[c] ?? 1) / Math.sqrt(spread) : 0;
      });
      const means = Float64Array.from({ length: channels }, (_, c) => mean?.[c] ?? 0);
      for (let k = 0, c = 0; k < data.length; k += step, c = c + 1 === channels ? 0 : c + 1) {
        const [factor, centre, offset] = [factors[c], means[c], shift?.[c] ?? 0];
        for (let s = k; s < k + step; s++) data[s] = (x.data[s] - centre) * factor + offset;
      }
      return { shape: x.shape, data };
    }
    eachGroup(layer, x, weights, ({ indices, mean, factor }) => {
      indices((k) => {
        const c = parameter(k);
        const z = (x.data[k] - mean) * factor;
        data[k] = (scale ? z * scale[c] : z) + (shift ? shift[c] : 0);
      });
    });
    return { shape: x.shape, data };
  },
  gradient(layer, { inputs: [x], weights, error }) {
    const { parameter, parameters } = groupsOf(layer, x.shape);
    const scale = weights.scale?.values();
    const data = new Float64Array(x.data.length);
    const byScale = new Float64Array(count(parameters));
    const byShift = new Float64Array(count(parameters));
    const constant = layer.norm === "batch" && layer.statistics === "running";
    eachGroup(layer, x, weights, ({ indices, mean, factor, length }) => {
      let sum = 0;
      let along = 0;
      indices((k) => {
        const c = parameter(k);
        const z = (x.data[k] - mean) * factor;
        byScale[c] += error.data[k] * z;
        byShift[c] += error.data[k];
        const dz = error.data[k] * (scale ? scale[c] : 1);
        data[k] = dz;
        sum += dz;
        along += dz * z;
      });
      const [shift, slope] = constant ? [0, 0] : [layer.norm === "rms" ? 0 : sum / length, along / length];
      indices((k) => {
        data[k] = (data[k] - shift - (x.data[k] - mean) * factor * slope) * factor;
      });
    });
    return {
      inputs: [{ shape: x.shape, data }],
      weights: {
        ...(weights.scale && { scale: { shape: parameters, data: byScale } }),
        ...(weights.shift && { shift: { shape: parameters, data: byShift } }),
      },
    };
  },
};

interface Groups {
  readonly channels: number;
  /** Shape of scale and shift, and which of them a value has. */
  readonly parameters: readonly number[];
  readonly parameter: (index: number) => number;
}

function groupsOf({ norm, axis = -1, channelsFirst }: NormLayer, shape: readonly number[]): Groups {
  if (norm === "layer" || norm === "rms") {
    const parameters = shape.slice(axisOf(axis, shape.length));
    const size = count(parameters);
    return { channels: shape[shape.length - 1], parameters, parameter: (index) => index % size };
  }
  if (shape.length < 2) throw new ShapeError(`${norm} norm needs axes of points and channels, but gets [${shape.join(", ")}]`);
  const at = channelsFirst ? 1 : shape.length - 1;
  const channels = shape[at];
  const step = count(shape.slice(at + 1));
  return { channels, parameters: [channels], parameter: (index) => Math.floor(index / step) % channels };
}

interface Group {
  readonly mean: number;
  /** 1 / sqrt(variance + epsilon), 0 where that is infinite. */
  readonly factor: number;
  readonly length: number;
  readonly indices: (visit: (index: number) => void) => void;
}

/** Calls with every group of values that are normalised together. */
function eachGroup(layer: NormLayer, x: Tensor, weights: Weights, call: (group: Group) => void): void {
  const { norm, epsilon = 1e-5, groups = 1, channelsFirst, statistics } = layer;
  const { channels, parameters } = groupsOf(layer, x.shape);
  const running = norm === "batch" && statistics === "running";
  const [means, variances] = running ? [weights.mean?.values(), weights.variance?.values()] : [];
  // A group is `outer` runs of `inner` neighbours, `jump` apart, the g-th beginning at `start`.
  const visit = (start: number, outer: number, inner: number, jump: number, step: number, channel: number): void => {
    const length = outer * inner;
    const indices = (each: (index: number) => void): void => {
      for (let o = 0; o < outer; o++) for (let i = 0; i < inner; i++) each(start + o * jump + i * step);
    };
    let mean = running ? (means?.[channel] ?? 0) : 0;
    let variance = running ? (variances?.[channel] ?? 1) : 0;
    if (!running) {
      if (norm !== "rms") {
        indices((k) => {
          mean += x.data[k];
        });
        mean /= length;
      }
      indices((k) => {
        variance += (x.data[k] - mean) * (x.data[k] - mean);
      });
      variance /= length;
    }
    const factor = variance + epsilon > 0 ? 1 / Math.sqrt(variance + epsilon) : 0;
    call({ mean, factor, length, indices });
  };
  if (norm === "layer" || norm === "rms") {
    const size = count(parameters);
    for (let start = 0; start < x.data.length; start += size) visit(start, 1, size, 0, 1, 0);
    return;
  }
  const points = x.shape[0];
  const positions = points * channels === 0 ? 0 : x.data.length / points / channels;
  const ofPoint = positions * channels;
  if (norm === "batch")
    for (let c = 0; c < channels; c++)
      if (channelsFirst) visit(c * positions, points, positions, ofPoint, 1, c);
      else visit(c, points * positions, 1, channels, 1, c);
  else {
    const width = norm === "instance" ? 1 : channels / groups;
    for (let p = 0; p < points; p++)
      for (let c = 0; c < channels; c += width)
        if (channelsFirst) visit(p * ofPoint + c * positions, 1, width * positions, 0, 1, c);
        else visit(p * ofPoint + c, positions, width, channels, 1, c);
  }
}
