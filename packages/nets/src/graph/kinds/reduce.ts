import { ConfigError, quote } from "@sonde/core";
import { exp, log } from "@sonde/core/math";
import type { LayerKind } from "../layer-kind.js";
import { axisOf, count, gathered, stridesOf, type Tensor, zeros } from "../tensor.js";

/** One number of all along some axes: their mean, sum, largest and so on. */
export interface ReduceLayer {
  readonly kind: "reduce";
  readonly function: string;
  /** Default all. */
  readonly axes?: readonly number[];
  /** Whether axes of one entry stay; default no. */
  readonly keepsAxes?: boolean;
  /** Of `arg-max` and `arg-min`: whether the last of equals is taken; default the first. */
  readonly last?: boolean;
}

interface Rule {
  readonly value: (x: Float64Array, last: boolean) => number;
  /** The derivative by one of the values. */
  readonly derivative?: (own: number, y: number, length: number) => number;
}

const sum = (x: Float64Array, term: (value: number) => number): number => {
  let total = 0;
  for (const value of x) total += term(value);
  return total;
};
const most = (x: Float64Array, sign: number): number => {
  let best = Number.NEGATIVE_INFINITY;
  for (const value of x) best = Math.max(best, sign * value);
  return sign * best;
};
const place = (x: Float64Array, sign: number, last: boolean): number => {
  let best = 0;
  for (let k = 1; k < x.length; k++) if (sign * x[k] > sign * x[best] || (last && x[k] === x[best])) best = k;
  return best;
};

const rules: Readonly<Record<string, Rule>> = {
  mean: { value: (x) => sum(x, (v) => v) / x.length, derivative: (_own, _y, length) => 1 / length },
  sum: { value: (x) => sum(x, (v) => v), derivative: () => 1 },
  product: { value: (x) => x.reduce((y, v) => y * v, 1), derivative: (own, y) => y / own },
  maximum: { value: (x) => most(x, 1), derivative: (own, y) => (own === y ? 1 : 0) },
  minimum: { value: (x) => most(x, -1), derivative: (own, y) => (own === y ? 1 : 0) },
  "absolute-sum": { value: (x) => sum(x, Math.abs), derivative: (own) => (own > 0 ? 1 : own < 0 ? -1 : 0) },
  "square-sum": { value: (x) => sum(x, (v) => v * v), derivative: (own) => 2 * own },
  norm: { value: (x) => Math.sqrt(sum(x, (v) => v * v)), derivative: (own, y) => (y === 0 ? 0 : own / y) },
  "log-sum": { value: (x) => log(sum(x, (v) => v)), derivative: (_own, y) => exp(-y) },
  "log-sum-exp": {
    value: (x) => {
      const largest = most(x, 1);
      return Number.isFinite(largest) ? largest + log(sum(x, (v) => exp(v - largest))) : largest;
    },
    derivative: (own, y) => exp(own - y),
  },
  "arg-max": { value: (x, last) => place(x, 1, last) },
  "arg-min": { value: (x, last) => place(x, -1, last) },
};

export const reduce: LayerKind<ReduceLayer> = {
  shape(layer, [input]) {
    if (!Object.hasOwn(rules, layer.function))
      throw new ConfigError(`there is no function ${quote(layer.function)}: the names are ${Object.keys(rules).join(", ")}`);
    const gone = goneAxes(layer, input);
    return layer.keepsAxes ? input.map((size, axis) => (gone.has(axis) ? 1 : size)) : input.filter((_, axis) => !gone.has(axis));
  },
  forward(layer, [x]) {
    const { ordered, length } = lastOf(layer, x);
    const result = zeros(reduce.shape(layer, [x.shape]));
    const { value } = rules[layer.function];
    for (let k = 0; k < result.data.length; k++)
      result.data[k] = value(ordered.data.subarray(k * length, (k + 1) * length), layer.last ?? false);
    return result;
  },
  gradient(layer, { inputs: [x], output, error }) {
    const { derivative } = rules[layer.function];
    if (!derivative) return { inputs: [undefined] };
    const { ordered, length, order } = lastOf(layer, x);
    const back = ordered.data.map((own, k) => {
      const at = Math.floor(k / length);
      return error.data[at] * derivative(own, output.data[at], length);
    });
    const inverse = order.map((_, axis) => order.indexOf(axis));
    const strides = stridesOf(ordered.shape);
    return {
      inputs: [
        gathered(
          back,
          x.shape,
          inverse.map((axis) => strides[axis]),
        ),
      ],
    };
  },
};

function goneAxes({ axes }: ReduceLayer, shape: readonly number[]): ReadonlySet<number> {
  return new Set((axes ?? shape.map((_, axis) => axis)).map((axis) => axisOf(axis, shape.length)));
}

/** The values with the axes that go moved to the end. */
function lastOf(layer: ReduceLayer, { shape, data }: Tensor): { ordered: Tensor; length: number; order: number[] } {
  const gone = goneAxes(layer, shape);
  const order = [...shape.keys()].filter((axis) => !gone.has(axis)).concat([...shape.keys()].filter((axis) => gone.has(axis)));
  const strides = stridesOf(shape);
  const ordered = gathered(
    data,
    order.map((axis) => shape[axis]),
    order.map((axis) => strides[axis]),
  );
  return { ordered, length: count(shape.filter((_, axis) => gone.has(axis))), order };
}
