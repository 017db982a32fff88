import { type Stream, uniform } from "@sonde/core";
import { permuted, type Tensor } from "@sonde/nets";
import type { HiddenPlace } from "./model-graph.js";

type Axes = Pick<HiddenPlace, "pointAxis" | "channelAxis">;

/** How the values of a layer are laid out to be looked at: `[points, ...positions, channels]`, of large ones some positions. */
export interface Arrangement {
  /** For as many points as the values have. */
  readonly shape: readonly number[];
  /** A copy of the values so laid out. */
  readonly arranged: (tensor: Tensor) => Float64Array;
  /** The share of the positions that are left out. */
  readonly leftOut: number;
}

/** So many positions of a large layer that `share` of the values are left, the same for all points, one drawn of each of equal runs. */
export function arrangement(shape: readonly number[], axes: Axes, share: number, random: Stream): Arrangement {
  const picked = pickedPositions(axes, shape, share, random);
  return {
    shape: arrangedShape(shape, axes, picked),
    arranged: (tensor) => arrangedValues(tensor, axes, picked),
    leftOut: picked ? 1 - picked.length / positionsOf(axes, shape) : 0,
  };
}

/** The first points of a tensor, or some in its midst; all of one that has no axis of points. */
export function partOf({ shape, data }: Tensor, axis: number | undefined, start: number, count: number): Tensor {
  if (axis === undefined) return { shape, data };
  const inner = size(shape.slice(axis + 1));
  const outer = size(shape.slice(0, axis));
  const result = new Float64Array(outer * count * inner);
  for (let o = 0; o < outer; o++)
    result.set(data.subarray((o * shape[axis] + start) * inner, (o * shape[axis] + start + count) * inner), o * count * inner);
  return { shape: shape.map((n, k) => (k === axis ? count : n)), data: result };
}

/** Runs of values one after the other. */
export function joined<Values extends Float32Array | Float64Array>(parts: readonly Values[]): Values {
  const [first] = parts;
  if (parts.length === 1) return first;
  const Same = first.constructor as new (length: number) => Values;
  const result = new Same(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/** The order of axes by which points come first and channels last. */
function orderOf({ pointAxis, channelAxis }: Axes, rank: number): number[] {
  const middle = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== pointAxis && axis !== channelAxis);
  return channelAxis === pointAxis ? [pointAxis, ...middle] : [pointAxis, ...middle, channelAxis];
}

function positionsOf(place: Axes, shape: readonly number[]): number {
  return size(
    orderOf(place, shape.length)
      .slice(1, -1)
      .map((axis) => shape[axis]),
  );
}

/** Undefined for all of them. */
function pickedPositions(place: Axes, shape: readonly number[], share: number, random: Stream): Int32Array | undefined {
  const positions = positionsOf(place, shape);
  const some = Math.max(16, Math.floor(positions * share));
  if (share >= 1 || some >= positions) return undefined;
  // One position of each of `some` equal runs.
  return Int32Array.from({ length: some }, (_, k) => {
    const [from, to] = [Math.floor((k * positions) / some), Math.floor(((k + 1) * positions) / some)];
    return from + Math.floor(uniform(random, k) * (to - from));
  });
}

function arrangedShape(shape: readonly number[], place: Axes, picked: Int32Array | undefined): number[] {
  const own = orderOf(place, shape.length).map((axis) => shape[axis]);
  return picked ? [own[0], picked.length, own[own.length - 1]] : own;
}

/** Values with points first and channels last, at the picked positions. */
function arrangedValues(tensor: Tensor, place: Axes, picked: Int32Array | undefined): Float64Array {
  const order = orderOf(place, tensor.shape.length);
  const { shape, data } = order.every((axis, k) => axis === k) ? tensor : permuted(tensor, order);
  if (!picked) return data === tensor.data ? data.slice() : data;
  const channels = shape[shape.length - 1];
  const positions = size(shape.slice(1, -1));
  const result = new Float64Array(shape[0] * picked.length * channels);
  for (let p = 0; p < shape[0]; p++)
    for (let k = 0; k < picked.length; k++) {
      const from = (p * positions + picked[k]) * channels;
      result.set(data.subarray(from, from + channels), (p * picked.length + k) * channels);
    }
  return result;
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}
