import { addProduct, ShapeError } from "@sonde/core";
import type { LayerKind } from "../layer-kind.js";
import { broadcastShape, broadcastStrides, count, eachRow, type Tensor, zeros } from "../tensor.js";
import { turned } from "./product.js";

/** The product of two matrices that arrive, for every entry of the axes before the last two, which are repeated as NumPy does. */
export interface MatmulLayer {
  readonly kind: "matmul";
  /** Whether the last two axes of the first or second are taken the other way round. */
  readonly turnFirst?: boolean;
  readonly turnSecond?: boolean;
}

export const matmul: LayerKind<MatmulLayer> = {
  takes: [2, 2],
  shape(layer, [a, b]) {
    const { left, right } = matricesOf(layer, a, b);
    if (left[1] !== right[0])
      throw new ShapeError(`[${a.join(", ")}] times [${b.join(", ")}] does not go: ${left[1]} columns meet ${right[0]} rows`);
    const outer = broadcastShape([a.slice(0, -2), b.slice(0, -2)]);
    return [...outer, ...(a.length === 1 ? [] : [left[0]]), ...(b.length === 1 ? [] : [right[1]])];
  },
  forward(layer, [a, b]) {
    const result = zeros(matmul.shape(layer, [a.shape, b.shape]));
    eachPair(layer, a, b, ({ left, right, n, k, m, at }) =>
      addProduct(left(), right(), result.data.subarray(at, at + n * m), [n, k, m]),
    );
    return result;
  },
  gradient(layer, { inputs: [a, b], error }) {
    const [da, db] = [zeros(a.shape), zeros(b.shape)];
    eachPair(layer, a, b, ({ left, right, n, k, m, at, ofA, ofB }) => {
      const dy = error.data.subarray(at, at + n * m);
      const byLeft = new Float64Array(n * k);
      addProduct(dy, right(), byLeft, [n, m, k], { transposed: true });
      add(da.data, ofA, layer.turnFirst ? turned(byLeft, n, k) : byLeft);
      const byRight = new Float64Array(k * m);
      addProduct(turned(left(), n, k), dy, byRight, [k, n, m]);
      add(db.data, ofB, layer.turnSecond ? turned(byRight, k, m) : byRight);
    });
    return { inputs: [da, db] };
  },
  work(layer, [a, b], output) {
    return count(output) * matricesOf(layer, a, b).left[1];
  },
};

function matricesOf({ turnFirst, turnSecond }: MatmulLayer, a: readonly number[], b: readonly number[]) {
  if (a.length === 0 || b.length === 0) throw new ShapeError("a product of matrices needs axes, but gets a single number");
  const left = a.length === 1 ? [1, a[0]] : a.slice(-2);
  const right = b.length === 1 ? [b[0], 1] : b.slice(-2);
  return { left: turnFirst ? [...left].reverse() : left, right: turnSecond ? [...right].reverse() : right };
}

interface Pair {
  readonly left: () => Float64Array;
  readonly right: () => Float64Array;
  readonly n: number;
  readonly k: number;
  readonly m: number;
  readonly at: number;
  readonly ofA: number;
  readonly ofB: number;
}

/** Calls with every pair of matrices, and where they and their product lie. */
function eachPair(layer: MatmulLayer, a: Tensor, b: Tensor, call: (pair: Pair) => void): void {
  const { left, right } = matricesOf(layer, a.shape, b.shape);
  const [n, k, m] = [left[0], left[1], right[1]];
  const [outerA, outerB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const outer = broadcastShape([outerA, outerB]);
  const strides = [broadcastStrides(outerA, outer), broadcastStrides(outerB, outer)];
  const steps = strides.map((all) => all[outer.length - 1] ?? 0);
  const length = outer[outer.length - 1] ?? 1;
  eachRow(outer, strides, (out, [i, j]) => {
    for (let p = 0; p < length; p++) {
      const ofA = (i + p * steps[0]) * n * k;
      const ofB = (j + p * steps[1]) * k * m;
      const first = a.data.subarray(ofA, ofA + n * k);
      const second = b.data.subarray(ofB, ofB + k * m);
      call({
        left: () => (layer.turnFirst ? turned(first, k, n) : first),
        right: () => (layer.turnSecond ? turned(second, m, k) : second),
        ...{ n, k, m, at: (out + p) * n * m, ofA, ofB },
      });
    }
  });
}

function add(to: Float64Array, start: number, values: Float64Array): void {
  for (let k = 0; k < values.length; k++) to[start + k] += values[k];
}
