import { ConfigError, quote } from "@sonde/core";
import { acos, asin, atan, cos, cosh, erf, exp, log, pow, sin, sinh, tan, tanh } from "@sonde/core/math";
import type { LayerKind } from "../layer-kind.js";
import { broadcastShape, broadcastStrides, eachRow, joinedAxes, summedTo, type Tensor, zeros } from "../tensor.js";

/** y = f(x1, x2, ...) value by value, axes of one entry repeated as NumPy does: sums, products, and what else files hold. */
export interface ElementwiseLayer {
  readonly kind: "add" | "multiply" | "elementwise";
  /** Of `elementwise`: what is computed, such as `subtract`, `divide`, `power`, `maximum`, `sqrt`, `where`. */
  readonly function?: string;
  /** Of `add`: what each input is multiplied by; default 1. */
  readonly factors?: readonly number[];
}

/** A function of as many numbers as it has inputs, and its derivatives; without any, it has gradient 0. */
interface Rule {
  readonly inputs: number | "any";
  readonly value: (...x: number[]) => number;
  readonly derivatives?: readonly ((x: readonly number[], y: number) => number)[];
}

const flat = () => 0;

const unary = (value: (x: number) => number, derivative?: (x: number, y: number) => number): Rule => ({
  inputs: 1,
  value,
  ...(derivative && { derivatives: [([x], y) => derivative(x, y)] }),
});

const truth = (test: (a: number, b: number) => boolean): Rule => ({ inputs: 2, value: (a, b) => (test(a, b) ? 1 : 0) });

/** The nearest whole number, halves to the even one. */
function roundEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  return rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
}

const rules: Readonly<Record<string, Rule>> = {
  subtract: { inputs: 2, value: (a, b) => a - b, derivatives: [() => 1, () => -1] },
  divide: { inputs: 2, value: (a, b) => a / b, derivatives: [([, b]) => 1 / b, ([a, b]) => -a / (b * b)] },
  "whole-divide": { inputs: 2, value: (a, b) => Math.trunc(a / b) },
  power: {
    inputs: 2,
    value: (a, b) => (b === 2 ? a * a : b === 3 ? a * a * a : signedPower(a, b)),
    derivatives: [([a, b]) => (b === 2 ? 2 * a : b * signedPower(a, b - 1)), ([a], y) => (a > 0 ? y * log(a) : 0)],
  },
  modulo: { inputs: 2, value: (a, b) => a - b * Math.floor(a / b), derivatives: [() => 1, ([a, b]) => -Math.floor(a / b)] },
  remainder: { inputs: 2, value: (a, b) => a % b, derivatives: [() => 1, ([a, b]) => -Math.trunc(a / b)] },
  where: {
    inputs: 3,
    value: (c, a, b) => (c !== 0 ? a : b),
    derivatives: [flat, ([c]) => (c !== 0 ? 1 : 0), ([c]) => (c !== 0 ? 0 : 1)],
  },
  equal: truth((a, b) => a === b),
  less: truth((a, b) => a < b),
  greater: truth((a, b) => a > b),
  "less-or-equal": truth((a, b) => a <= b),
  "greater-or-equal": truth((a, b) => a >= b),
  and: truth((a, b) => a !== 0 && b !== 0),
  or: truth((a, b) => a !== 0 || b !== 0),
  xor: truth((a, b) => (a !== 0) !== (b !== 0)),
  not: unary((x) => (x === 0 ? 1 : 0)),
  negate: unary(
    (x) => -x,
    () => -1,
  ),
  absolute: unary(Math.abs, (x) => (x > 0 ? 1 : -1)),
  sign: unary((x) => (x > 0 ? 1 : x < 0 ? -1 : 0)),
  reciprocal: unary(
    (x) => 1 / x,
    (_x, y) => -y * y,
  ),
  sqrt: unary(Math.sqrt, (_x, y) => 0.5 / y),
  exp: unary(exp, (_x, y) => y),
  log: unary(log, (x) => 1 / x),
  erf: unary(erf, (x) => 1.1283791670955126 * exp(-x * x)),
  floor: unary(Math.floor),
  ceil: unary(Math.ceil),
  round: unary(roundEven),
  truncate: unary(Math.trunc),
  "is-nan": unary((x) => (Number.isNaN(x) ? 1 : 0)),
  "is-infinite": unary((x) => (Math.abs(x) === Number.POSITIVE_INFINITY ? 1 : 0)),
  truth: unary((x) => (x !== 0 ? 1 : 0)),
  sin: unary(sin, (x) => cos(x)),
  cos: unary(cos, (x) => -sin(x)),
  tan: unary(tan, (_x, y) => 1 + y * y),
  asin: unary(asin, (x) => 1 / Math.sqrt(1 - x * x)),
  acos: unary(acos, (x) => -1 / Math.sqrt(1 - x * x)),
  atan: unary(atan, (x) => 1 / (1 + x * x)),
  sinh: unary(sinh, (x) => cosh(x)),
  cosh: unary(cosh, (x) => sinh(x)),
  tanh: unary(tanh, (_x, y) => 1 - y * y),
  asinh: unary(
    (x) => (x < 0 ? -1 : 1) * log(Math.abs(x) + Math.sqrt(x * x + 1)),
    (x) => 1 / Math.sqrt(x * x + 1),
  ),
  acosh: unary(
    (x) => log(x + Math.sqrt(x * x - 1)),
    (x) => 1 / Math.sqrt(x * x - 1),
  ),
  atanh: unary(
    (x) => 0.5 * log((1 + x) / (1 - x)),
    (x) => 1 / (1 - x * x),
  ),
};

function signedPower(a: number, b: number): number {
  if (a >= 0 || !Number.isInteger(b)) return pow(a, b);
  return (b % 2 === 0 ? 1 : -1) * pow(-a, b);
}

/** Functions of any number of inputs, two by two; `share` is the part of the gradient that an input gets. */
const folds: Readonly<
  Record<string, { readonly join: (a: number, b: number) => number; readonly share: (own: number, y: number) => number }>
> = {
  maximum: { join: (a, b) => (Number.isNaN(a) || a > b ? a : b), share: (own, y) => (own === y ? 1 : 0) },
  minimum: { join: (a, b) => (Number.isNaN(a) || a < b ? a : b), share: (own, y) => (own === y ? 1 : 0) },
};

/** Names that `function` knows. */
const elementwiseFunctions: readonly string[] = [...Object.keys(rules), ...Object.keys(folds)];

export const elementwise: LayerKind<ElementwiseLayer> = {
  takes: [1, Number.POSITIVE_INFINITY],
  shape(layer, inputs) {
    if (layer.kind === "elementwise") {
      const name = layer.function ?? "";
      if (!Object.hasOwn(rules, name) && !Object.hasOwn(folds, name))
        throw new ConfigError(`there is no function ${quote(name)}: the names are ${elementwiseFunctions.join(", ")}`);
      const expected = Object.hasOwn(rules, name) ? rules[name].inputs : "any";
      if (expected !== "any" && inputs.length !== expected)
        throw new ConfigError(`${name} takes ${expected} ${expected === 1 ? "input" : "inputs"}, got ${inputs.length}`);
    }
    return broadcastShape(inputs);
  },
  forward(layer, inputs) {
    const { kind, factors } = layer;
    if (kind === "add") {
      const scaled = factors ? inputs.map((x, k) => timesFactor(x, factors[k] ?? 1)) : inputs;
      return scaled.slice(1).reduce((sum, x) => combine([sum, x], sums), scaled[0]);
    }
    if (kind === "multiply") return inputs.slice(1).reduce((y, x) => combine([y, x], products), inputs[0]);
    const name = layer.function ?? "";
    const fold = Object.hasOwn(folds, name) ? folds[name] : undefined;
    if (fold) return inputs.slice(1).reduce((y, x) => combine([y, x], calls(fold.join)), inputs[0]);
    return combine(inputs, calls(rules[name].value));
  },
  gradient(layer, { inputs, output, error }) {
    const { kind, factors } = layer;
    const { shape } = output;
    const back = (k: number, local: (values: readonly number[], y: number) => number): Tensor => {
      const data = new Float64Array(output.data.length);
      eachValue(inputs, shape, (out, values) => {
        data[out] = error.data[out] * local(values, output.data[out]);
      });
      return summedTo({ shape, data }, inputs[k].shape);
    };
    if (kind === "add") return { inputs: inputs.map((x, k) => summedTo(timesFactor(error, factors?.[k] ?? 1), x.shape)) };
    if (kind === "multiply")
      return { inputs: inputs.map((_, k) => back(k, (values) => values.reduce((y, x, j) => (j === k ? y : y * x), 1))) };
    const name = layer.function ?? "";
    if (Object.hasOwn(folds, name))
      return { inputs: inputs.map((_, k) => back(k, (values, y) => folds[name].share(values[k], y))) };
    const { derivatives } = rules[name];
    return { inputs: inputs.map((_, k) => (derivatives ? back(k, derivatives[k]) : undefined)) };
  },
};

function timesFactor(x: Tensor, factor: number): Tensor {
  return factor === 1 ? x : { shape: x.shape, data: x.data.map((value) => value * factor) };
}

/** Values of a tensor that follow one another in even steps. */
interface Run {
  readonly data: Float64Array;
  readonly at: number;
  readonly step: number;
}

/** Computes a run of results from as long runs of the inputs. */
type RunRule = (to: Float64Array, runs: readonly Run[]) => void;

/** A sum is sooner done than a call for it. */
const sums: RunRule = (to, [{ data: a, at: i, step: di }, { data: b, at: j, step: dj }]) => {
  for (let k = 0; k < to.length; k++) to[k] = a[i + k * di] + b[j + k * dj];
};

const products: RunRule = (to, [{ data: a, at: i, step: di }, { data: b, at: j, step: dj }]) => {
  for (let k = 0; k < to.length; k++) to[k] = a[i + k * di] * b[j + k * dj];
};

/** By a function of the values of one, two or three tensors. */
const calls =
  (value: (...x: number[]) => number): RunRule =>
  (to, [x, y, z]) => {
    const a = (k: number) => x.data[x.at + k * x.step];
    const b = (k: number) => y.data[y.at + k * y.step];
    if (!y) for (let k = 0; k < to.length; k++) to[k] = value(a(k));
    else if (!z) for (let k = 0; k < to.length; k++) to[k] = value(a(k), b(k));
    else for (let k = 0; k < to.length; k++) to[k] = value(a(k), b(k), z.data[z.at + k * z.step]);
  };

/** What a rule makes of tensors, axes of one entry repeated. */
function combine(inputs: readonly Tensor[], rule: RunRule): Tensor {
  const result = zeros(broadcastShape(inputs.map((x) => x.shape)));
  const { shape, strides } = joinedAxes(
    result.shape,
    inputs.map((x) => broadcastStrides(x.shape, result.shape)),
  );
  const length = shape[shape.length - 1] ?? 1;
  const steps = strides.map((all) => all[shape.length - 1] ?? 0);
  eachRow(shape, strides, (out, offsets) => {
    const runs = inputs.map(({ data }, k) => ({ data, at: offsets[k], step: steps[k] }));
    rule(result.data.subarray(out, out + length), runs);
  });
  return result;
}

/** Calls with every place of the output and the values that meet there; the list is reused. */
function eachValue(
  inputs: readonly Tensor[],
  shape: readonly number[],
  call: (out: number, values: readonly number[]) => void,
): void {
  const strides = inputs.map((x) => broadcastStrides(x.shape, shape));
  const length = shape[shape.length - 1] ?? 1;
  const values = new Array<number>(inputs.length);
  eachRow(shape, strides, (out, offsets) => {
    for (let k = 0; k < length; k++) {
      for (let i = 0; i < inputs.length; i++) values[i] = inputs[i].data[offsets[i] + k * (strides[i][shape.length - 1] ?? 0)];
      call(out + k, values);
    }
  });
}
