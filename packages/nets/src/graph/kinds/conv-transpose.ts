import { ShapeError } from "@sonde/core";
import type { LayerKind } from "../layer-kind.js";
import { count, type Tensor } from "../tensor.js";
import { addBias } from "./conv.js";
import { product, turned } from "./product.js";
import { assembled, placed, type WindowOptions } from "./windows.js";

/** A transposed convolution: every position adds its kernel, times its values, to the positions that a convolution of the same options would see from there. */
export interface ConvTransposeLayer extends WindowOptions {
  readonly kind: "conv-transpose";
  readonly channels: number;
  readonly kernel: readonly number[];
  readonly groups?: number;
  /** Positions added behind, along each axis; default 0. */
  readonly outputPadding?: readonly number[];
  /** The sizes that positions must have behind it, instead of what the pads make of them. */
  readonly outputSizes?: readonly number[];
}

/** Weights are `[inputs, channels / groups, ...kernel]` where channels come first, else `[...kernel, channels / groups, inputs]`, as PyTorch and Keras have them. */
export const convTranspose: LayerKind<ConvTransposeLayer> = {
  shape(layer, [input]) {
    const from = placed(input, layer, layer.kernel.length);
    const { groups = 1, channels } = layer;
    if (from.channels % groups !== 0 || channels % groups !== 0)
      throw new ShapeError(`${groups} groups need channels that they divide, got ${from.channels} in and ${channels} out`);
    return assembled({ points: from.points, channels, sizes: axesOf(layer, from.sizes).map(({ size }) => size) }, layer);
  },
  weights({ kernel, channels, groups = 1, channelsFirst }, [input]) {
    const inputs = placed(input, { channelsFirst }).channels;
    const fans = { kernel, inputs: channels / groups, outputs: inputs };
    return {
      weight: channelsFirst
        ? { shape: [inputs, channels / groups, ...kernel], begin: { kind: "weights", fans, layout: "inputs-last" } }
        : { shape: [...kernel, channels / groups, inputs], begin: { kind: "weights", fans, layout: "outputs-last" } },
      bias: { shape: [channels], begin: { kind: "bias", fans } },
    };
  },
  forward(layer, [x], { weight, bias }) {
    const shape = convTranspose.shape(layer, [x.shape]);
    const out = new Float64Array(count(shape));
    const plan = planOf(layer, x);
    if (bias) addBias(out, bias.values(), layer.channelsFirst ? count(plan.sizes) : 1);
    const kernel = weight?.values();
    if (kernel)
      eachGroup(plan, (point, group) => {
        const { outs, field } = plan;
        // [positions, ins] [ins, outs * field].
        const spread = product(inputsOf(x.data, plan, point, group), matrixOf(kernel, plan, group), [
          plan.positions,
          plan.ins,
          outs * field,
        ]);
        visit(plan, point, group, (to, from) => {
          out[to] += spread[from];
        });
      });
    return { shape, data: out };
  },
  gradient(layer, { inputs: [x], weights: { weight, bias }, error }) {
    const plan = planOf(layer, x);
    const { ins, outs, field, positions, inputs } = plan;
    const kernel = weight?.values() ?? new Float64Array(inputs * outs * field);
    const dx = new Float64Array(x.data.length);
    const dw = new Float64Array(inputs * outs * field);
    eachGroup(plan, (point, group) => {
      const spread = new Float64Array(positions * outs * field);
      visit(plan, point, group, (to, from) => {
        spread[from] = error.data[to];
      });
      const values = inputsOf(x.data, plan, point, group);
      const back = product(spread, matrixOf(kernel, plan, group), [positions, outs * field, ins], { transposed: true });
      const own = product(turned(values, positions, ins), spread, [ins, positions, outs * field]);
      for (let c = 0; c < ins; c++) {
        for (let p = 0; p < positions; p++) dx[inputAt(plan, point, group, p, c)] = back[p * ins + c];
        for (let o = 0; o < outs; o++)
          for (let t = 0; t < field; t++) dw[kernelAt(plan, group, c, o, t)] += own[c * outs * field + o * field + t];
      }
    });
    const byBias = new Float64Array(layer.channels);
    const step = layer.channelsFirst ? count(plan.sizes) : 1;
    for (let k = 0; k < error.data.length; k++) byBias[Math.floor(k / step) % layer.channels] += error.data[k];
    return {
      inputs: [{ shape: x.shape, data: dx }],
      weights: {
        weight: { shape: convTranspose.weights?.(layer, [x.shape]).weight.shape ?? [], data: dw },
        ...(bias && { bias: { shape: [layer.channels], data: byBias } }),
      },
    };
  },
  work: ({ kernel, channels, groups = 1 }, [input]) => (count(input) * count(kernel) * channels) / groups,
};

interface Axis {
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
}

function axesOf(
  { kernel, strides, dilations, pads = "valid", outputPadding, outputSizes }: ConvTransposeLayer,
  sizes: readonly number[],
): Axis[] {
  return sizes.map((length, axis) => {
    const stride = strides?.[axis] ?? 1;
    const dilation = dilations?.[axis] ?? 1;
    const extra = outputPadding?.[axis] ?? 0;
    const full = (length - 1) * stride + dilation * (kernel[axis] - 1) + 1 + extra;
    const wanted = outputSizes?.[axis] ?? (pads === "same" || pads === "same-lower" ? length * stride : undefined);
    if (wanted !== undefined) {
      const cut = full - wanted;
      const less = Math.floor(cut / 2);
      return { size: wanted, stride, dilation, before: Math.max(0, pads === "same" ? less : cut - less) };
    }
    const [before, after] = typeof pads === "string" ? [0, 0] : [pads[axis], pads[axis + kernel.length]];
    const size = full - before - after;
    if (size < 1) throw new ShapeError(`a transposed convolution leaves ${size} positions of ${full}: take smaller pads`);
    return { size, stride, dilation, before };
  });
}

interface Plan {
  readonly points: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly groups: number;
  readonly ins: number;
  readonly outs: number;
  readonly field: number;
  readonly positions: number;
  readonly sizes: readonly number[];
  readonly channelsFirst: boolean;
  /** Where the tap t of position p goes, at `p * field + t`; -1 beyond the output. */
  readonly targets: Int32Array;
}

function planOf(layer: ConvTransposeLayer, { shape }: Tensor): Plan {
  const from = placed(shape, layer, layer.kernel.length);
  const axes = axesOf(layer, from.sizes);
  const groups = layer.groups ?? 1;
  let targets = Int32Array.of(0);
  let positions = 1;
  let field = 1;
  for (const [axis, { size, stride, dilation, before }] of axes.entries()) {
    const [length, kernel] = [from.sizes[axis], layer.kernel[axis]];
    const next = new Int32Array(positions * length * field * kernel);
    for (let p = 0; p < positions; p++)
      for (let q = 0; q < length; q++)
        for (let t = 0; t < field; t++)
          for (let k = 0; k < kernel; k++) {
            const at = q * stride + k * dilation - before;
            const outer = targets[p * field + t];
            next[((p * length + q) * field + t) * kernel + k] = outer >= 0 && at >= 0 && at < size ? outer * size + at : -1;
          }
    targets = next;
    positions *= length;
    field *= kernel;
  }
  return {
    points: from.points,
    inputs: from.channels,
    outputs: layer.channels,
    groups,
    ins: from.channels / groups,
    outs: layer.channels / groups,
    field,
    positions,
    sizes: axes.map(({ size }) => size),
    channelsFirst: layer.channelsFirst ?? false,
    targets,
  };
}

function eachGroup({ points, groups }: Plan, call: (point: number, group: number) => void): void {
  for (let point = 0; point < points; point++) for (let group = 0; group < groups; group++) call(point, group);
}

function inputAt(
  { inputs, ins, positions, channelsFirst }: Plan,
  point: number,
  group: number,
  position: number,
  channel: number,
): number {
  const c = group * ins + channel;
  return channelsFirst ? (point * inputs + c) * positions + position : (point * positions + position) * inputs + c;
}

function kernelAt(
  { ins, outs, inputs, field, channelsFirst }: Plan,
  group: number,
  channel: number,
  output: number,
  tap: number,
): number {
  const c = group * ins + channel;
  return channelsFirst ? (c * outs + output) * field + tap : (tap * outs + output) * inputs + c;
}

/** The values of a group, `[positions, ins]`. */
function inputsOf(x: Float64Array, plan: Plan, point: number, group: number): Float64Array {
  const { positions, ins } = plan;
  const values = new Float64Array(positions * ins);
  for (let p = 0; p < positions; p++) for (let c = 0; c < ins; c++) values[p * ins + c] = x[inputAt(plan, point, group, p, c)];
  return values;
}

/** The kernel of a group, `[ins, outs, field]`. */
function matrixOf(kernel: ArrayLike<number>, plan: Plan, group: number): Float64Array {
  const { ins, outs, field } = plan;
  const matrix = new Float64Array(ins * outs * field);
  for (let c = 0; c < ins; c++)
    for (let o = 0; o < outs; o++)
      for (let t = 0; t < field; t++) matrix[(c * outs + o) * field + t] = kernel[kernelAt(plan, group, c, o, t)];
  return matrix;
}

/** Every place of the output, and the one of `[positions, outs, field]` that is added there. */
function visit(plan: Plan, point: number, group: number, call: (to: number, from: number) => void): void {
  const { positions, outs, field, targets, sizes, outputs, channelsFirst } = plan;
  const area = count(sizes);
  for (let p = 0; p < positions; p++)
    for (let t = 0; t < field; t++) {
      const target = targets[p * field + t];
      if (target < 0) continue;
      for (let o = 0; o < outs; o++) {
        const c = group * outs + o;
        const to = channelsFirst ? (point * outputs + c) * area + target : (point * area + target) * outputs + c;
        call(to, (p * outs + o) * field + t);
      }
    }
}
