import { ShapeError } from "@sonde/core";
import type { LayerKind } from "../layer-kind.js";
import { axisOf, count, type Tensor, zeros } from "../tensor.js";

/** Entries along an axis by their numbers: of the first input by the second, or by `indices` of the description. */
export interface GatherLayer {
  readonly kind: "gather";
  /** Default 0. */
  readonly axis?: number;
  /** A number, or a list. */
  readonly indices?: number | readonly number[];
}

/** A row of the weights for every number that arrives: words, classes. */
export interface EmbeddingLayer {
  readonly kind: "embedding";
  readonly entries: number;
  readonly units: number;
}

/** The numbers and their shape. */
function chosen({ indices }: GatherLayer, inputs: readonly Tensor[]): Tensor {
  if (indices === undefined) return inputs[1];
  return typeof indices === "number"
    ? { shape: [], data: Float64Array.of(indices) }
    : { shape: [indices.length], data: Float64Array.from(indices) };
}

function place(index: number, size: number): number {
  const found = index < 0 ? index + size : index;
  if (!(Number.isInteger(found) && found >= 0 && found < size))
    throw new ShapeError(
      `there is no entry ${index} among ${size}: inputs of this layer are whole numbers from 0 to ${size - 1}`,
    );
  return found;
}

export const gather: LayerKind<GatherLayer> = {
  takes: [1, 2],
  shape({ axis = 0, indices }, [input, numbers]) {
    const at = axisOf(axis, input.length);
    if ((indices === undefined) !== (numbers !== undefined))
      throw new ShapeError("it takes whole numbers as a second input, or has them as its indices: give one of the two");
    const middle = indices === undefined ? numbers : typeof indices === "number" ? [] : [indices.length];
    return [...input.slice(0, at), ...middle, ...input.slice(at + 1)];
  },
  forward(layer, inputs) {
    const [x] = inputs;
    const at = axisOf(layer.axis ?? 0, x.shape.length);
    const { data: numbers, shape: middle } = chosen(layer, inputs);
    const inner = count(x.shape.slice(at + 1));
    const outer = count(x.shape.slice(0, at));
    const result = zeros([...x.shape.slice(0, at), ...middle, ...x.shape.slice(at + 1)]);
    for (let o = 0; o < outer; o++)
      for (let k = 0; k < numbers.length; k++) {
        const from = (o * x.shape[at] + place(numbers[k], x.shape[at])) * inner;
        result.data.set(x.data.subarray(from, from + inner), (o * numbers.length + k) * inner);
      }
    return result;
  },
  gradient(layer, { inputs, error }) {
    const [x] = inputs;
    const at = axisOf(layer.axis ?? 0, x.shape.length);
    const { data: numbers } = chosen(layer, inputs);
    const inner = count(x.shape.slice(at + 1));
    const outer = count(x.shape.slice(0, at));
    const back = zeros(x.shape);
    for (let o = 0; o < outer; o++)
      for (let k = 0; k < numbers.length; k++) {
        const to = (o * x.shape[at] + place(numbers[k], x.shape[at])) * inner;
        for (let i = 0; i < inner; i++) back.data[to + i] += error.data[(o * numbers.length + k) * inner + i];
      }
    return { inputs: [back, ...inputs.slice(1).map(() => undefined)] };
  },
};

export const embedding: LayerKind<EmbeddingLayer> = {
  shape: ({ units }, [input]) => [...input, units],
  weights: ({ entries, units }) => ({
    weight: {
      shape: [entries, units],
      begin: { kind: "weights", fans: { kernel: [], inputs: 1, outputs: entries * units }, layout: "inputs-last" },
    },
  }),
  forward({ entries, units }, [x], { weight }) {
    const result = zeros([...x.shape, units]);
    for (let k = 0; k < x.data.length; k++)
      result.data.set(weight?.values(place(x.data[k], entries) * units, units) ?? new Float64Array(units), k * units);
    return result;
  },
  gradient({ entries, units }, { inputs: [x], error }) {
    const rows = zeros([entries, units]);
    for (let k = 0; k < x.data.length; k++)
      for (let u = 0; u < units; u++) rows.data[place(x.data[k], entries) * units + u] += error.data[k * units + u];
    return { inputs: [undefined], weights: { weight: rows } };
  },
};
