import { addProduct, ShapeError } from "@sonde/core";
import type { LayerKind, WeightTensor } from "../layer-kind.js";
import { count, type Tensor } from "../tensor.js";
import { product, turned } from "./product.js";

/** y = x W + b along the last axis, at every position where there are some. */
export interface DenseLayer {
  readonly kind: "dense";
  readonly units: number;
  /** Whether the weights are `[units, inputs]`, as PyTorch has them; default `[inputs, units]`. */
  readonly unitsFirst?: boolean;
}

/** Values of a matrix of weights that are held at a time. */
const held = 2 ** 24;

export const dense: LayerKind<DenseLayer> = {
  shape: ({ units }, [input]) => {
    if (input.length === 0) throw new ShapeError("a dense layer needs an axis of units, but gets a single number");
    return [...input.slice(0, -1), units];
  },
  weights({ units, unitsFirst }, [input]) {
    const inputs = input[input.length - 1];
    const fans = { kernel: [], inputs, outputs: units };
    return {
      weight: unitsFirst
        ? { shape: [units, inputs], begin: { kind: "weights", fans, layout: "inputs-last" } }
        : { shape: [inputs, units], begin: { kind: "weights", fans, layout: "outputs-last" } },
      bias: { shape: [units], begin: { kind: "bias", fans } },
    };
  },
  forward(layer, [x], { weight, bias }) {
    const inputs = x.shape[x.shape.length - 1];
    const { units } = layer;
    const rows = x.data.length / Math.max(1, inputs);
    const data = new Float64Array(rows * units);
    if (bias) {
      const shift = bias.values();
      for (let k = 0; k < data.length; k++) data[k] = shift[k % units];
    }
    if (weight && layer.unitsFirst) addTurned(x.data, weight, data, [rows, inputs, units]);
    else if (weight) {
      // A few rows of the matrix at a time.
      const most = Math.max(1, Math.floor(held / units));
      for (let k = 0; k < inputs; k += most) {
        const some = Math.min(most, inputs - k);
        addProduct(columns(x.data, inputs, k, some), weight.values(k * units, some * units), data, [rows, some, units]);
      }
    }
    return { shape: [...x.shape.slice(0, -1), units], data };
  },
  gradient({ units, unitsFirst }, { inputs: [x], weights: { weight, bias }, error }) {
    const inputs = x.shape[x.shape.length - 1];
    const rows = x.data.length / inputs;
    const matrix = weight?.values() ?? new Float64Array(inputs * units);
    const byInput = product(error.data, matrix, [rows, units, inputs], { transposed: !unitsFirst });
    const byWeight = product(turned(x.data, rows, inputs), error.data, [inputs, rows, units]);
    const byBias = new Float64Array(units);
    for (let k = 0; k < error.data.length; k++) byBias[k % units] += error.data[k];
    return {
      inputs: [{ shape: x.shape, data: byInput }],
      weights: {
        weight: unitsFirst
          ? { shape: [units, inputs], data: turned(byWeight, inputs, units) }
          : { shape: [inputs, units], data: byWeight },
        ...(bias && { bias: { shape: [units], data: byBias } }),
      },
    };
  },
  work: ({ units }, [input]) => count(input) * units,
};

/** out += x W^T for W `[units, inputs]`, some units at a time. */
function addTurned(
  x: Tensor["data"],
  weight: WeightTensor,
  out: Float64Array,
  [rows, inputs, units]: readonly [number, number, number],
): void {
  const most = Math.max(1, Math.floor(held / Math.max(1, inputs)));
  for (let u = 0; u < units; u += most) {
    const some = Math.min(most, units - u);
    const part = product(x, weight.values(u * inputs, some * inputs), [rows, inputs, some], { transposed: true });
    for (let r = 0; r < rows; r++) for (let k = 0; k < some; k++) out[r * units + u + k] += part[r * some + k];
  }
}

/** Some columns of a matrix. */
function columns(x: Float64Array, cols: number, start: number, some: number): Float64Array {
  if (some === cols) return x;
  const rows = x.length / cols;
  const result = new Float64Array(rows * some);
  for (let r = 0; r < rows; r++) result.set(x.subarray(r * cols + start, r * cols + start + some), r * some);
  return result;
}
