import { addProduct, ConfigError, ShapeError } from "@sonde/core";
import type { LayerKind } from "../layer-kind.js";
import { zeros } from "../tensor.js";
import { curveOf } from "./activation.js";

/**
 * A recurrent layer over steps, measured only (it has no gradient here). Gates, in order, as ONNX has them: `lstm` input, output, forget, cell; `gru` update, reset, hidden; `rnn` one.
 *
 * Inputs: the values, and after them the state that it begins with where there is one (of an LSTM that of the cells too). Weights: `weight` [directions, gates units, inputs], `recurrentWeight` [directions, gates units, units], `bias` and
 * `recurrentBias` [directions, gates units], `peepholes` [directions, 3 units] (input, output, forget).
 */
export interface RecurrentLayer {
  readonly kind: "recurrent";
  readonly cell: "lstm" | "gru" | "rnn";
  readonly units: number;
  /** Default `forward`. */
  readonly direction?: "forward" | "reverse" | "both";
  /** Whether values are `[points, steps, inputs]`, as Keras has them, and outputs `[points, steps, directions units]`; default `[steps, points, inputs]` and `[steps, directions, points, units]`. */
  readonly pointsFirst?: boolean;
  /** Whether only what comes last is put out, `[directions, points, units]` (points first: `[points, directions units]`); `last-cell` is the state of the cells. Default `all`. */
  readonly output?: "all" | "last" | "last-cell";
  /** Activations, by name; default sigmoid and tanh. */
  readonly gate?: string;
  readonly activation?: string;
  /** The activation of an LSTM's cells before they are put out; default `activation`. */
  readonly outward?: string;
  /** Of a GRU: whether the reset gate is applied after the product with the weights; default no. */
  readonly resetAfter?: boolean;
  /** Of an LSTM: whether the input gate is 1 less the forget gate. */
  readonly coupled?: boolean;
  /** Of each direction: values beyond are cut, before the activations. */
  readonly clip?: number;
}

const gates = { lstm: 4, gru: 3, rnn: 1 } as const;

export const recurrent: LayerKind<RecurrentLayer> = {
  takes: [1, 3],
  shape({ cell, units, direction, pointsFirst, output = "all" }, [input]) {
    if (!Object.hasOwn(gates, cell)) throw new ConfigError(`a recurrent layer has the cell lstm, gru or rnn, got ${cell}`);
    if (input.length !== 3)
      throw new ShapeError(`a recurrent layer needs [steps, points, inputs], but gets [${input.join(", ")}]`);
    const directions = direction === "both" ? 2 : 1;
    const [steps, points] = pointsFirst ? [input[1], input[0]] : input;
    if (pointsFirst) return output === "all" ? [points, steps, directions * units] : [points, directions * units];
    return output === "all" ? [steps, directions, points, units] : [directions, points, units];
  },
  weights({ cell, units, direction }, [input]) {
    const directions = direction === "both" ? 2 : 1;
    const rows = gates[cell] * units;
    const inputs = input[2];
    const fans = (from: number) => ({ kernel: [], inputs: from, outputs: directions * rows });
    const zero = { kind: "constant", value: 0 } as const;
    return {
      weight: { shape: [directions, rows, inputs], begin: { kind: "weights", fans: fans(inputs), layout: "inputs-last" } },
      recurrentWeight: { shape: [directions, rows, units], begin: { kind: "weights", fans: fans(units), layout: "inputs-last" } },
      bias: { shape: [directions, rows], begin: zero },
      recurrentBias: { shape: [directions, rows], begin: zero },
      ...(cell === "lstm" && { peepholes: { shape: [directions, 3 * units], begin: zero } }),
    };
  },
  forward(layer, inputs, weights) {
    const { cell, units, pointsFirst, direction = "forward", output = "all" } = layer;
    const [x, hidden, cells] = inputs;
    const [steps, points] = pointsFirst ? [x.shape[1], x.shape[0]] : x.shape;
    const features = x.shape[2];
    const directions = direction === "both" ? 2 : 1;
    const rows = gates[cell] * units;
    const read = (name: string) => {
      const values = weights[name]?.values();
      return values && Float64Array.from(values);
    };
    const [w, r, b, rb, peep] = ["weight", "recurrentWeight", "bias", "recurrentBias", "peepholes"].map(read);
    const result = zeros(recurrent.shape(layer, [x.shape]));
    const [gate, inner] = [curveOf(layer.gate ?? "sigmoid").value, curveOf(layer.activation ?? "tanh").value];
    const outward = layer.outward === undefined ? inner : curveOf(layer.outward).value;
    const cut =
      layer.clip === undefined ? (v: number) => v : (v: number) => Math.max(-(layer.clip ?? 0), Math.min(layer.clip ?? 0, v));
    for (let d = 0; d < directions; d++) {
      const backwards = direction === "reverse" || d === 1;
      // [features, rows] and [units, rows], so that rows of values times them are gates.
      const [fromInput, fromState] = [sideways(w, d, rows, features), sideways(r, d, rows, units)];
      const [shift, stateShift] = [part(b, d, rows), part(rb, d, rows)];
      const peepholes = part(peep, d, 3 * units);
      let h = part(hidden?.data, d, points * units);
      let c = part(cells?.data, d, points * units);
      for (let step = 0; step < steps; step++) {
        const t = backwards ? steps - 1 - step : step;
        const values = new Float64Array(points * features);
        for (let p = 0; p < points; p++) {
          const from = (pointsFirst ? p * steps + t : t * points + p) * features;
          values.set(x.data.subarray(from, from + features), p * features);
        }
        const a = repeated(shift, points);
        addProduct(values, fromInput, a, [points, features, rows]);
        const s = repeated(stateShift, points);
        addProduct(h, fromState, s, [points, units, rows]);
        const next = new Float64Array(points * units);
        const nextCells = new Float64Array(points * units);
        const reset = new Float64Array(points * units);
        const late = cell === "gru" && !layer.resetAfter;
        if (late) {
          for (let p = 0; p < points; p++)
            for (let u = 0; u < units; u++) {
              const k = p * rows + units + u;
              reset[p * units + u] = gate(cut(a[k] + s[k])) * h[p * units + u];
            }
          const again = repeated(stateShift, points);
          addProduct(reset, fromState, again, [points, units, rows]);
          for (let p = 0; p < points; p++)
            for (let u = 0; u < units; u++) s[p * rows + 2 * units + u] = again[p * rows + 2 * units + u];
        }
        for (let p = 0; p < points; p++)
          for (let u = 0; u < units; u++) {
            const at = p * units + u;
            const pre = (k: number) => a[p * rows + k * units + u] + s[p * rows + k * units + u];
            if (cell === "rnn") next[at] = inner(cut(pre(0)));
            else if (cell === "gru") {
              const k = p * rows + 2 * units + u;
              const update = gate(cut(pre(0)));
              const own = late ? s[k] : gate(cut(pre(1))) * s[k];
              next[at] = (1 - update) * inner(cut(a[k] + own)) + update * h[at];
            } else {
              const forget = gate(cut(pre(2) + peepholes[2 * units + u] * c[at]));
              const enter = layer.coupled ? 1 - forget : gate(cut(pre(0) + peepholes[u] * c[at]));
              nextCells[at] = forget * c[at] + enter * inner(cut(pre(3)));
              next[at] = gate(cut(pre(1) + peepholes[units + u] * nextCells[at])) * outward(nextCells[at]);
            }
          }
        h = next;
        c = nextCells;
        if (output !== "all") continue;
        for (let p = 0; p < points; p++) {
          const to = pointsFirst ? ((p * steps + t) * directions + d) * units : ((t * directions + d) * points + p) * units;
          result.data.set(h.subarray(p * units, (p + 1) * units), to);
        }
      }
      if (output === "all") continue;
      const last = output === "last" ? h : c;
      for (let p = 0; p < points; p++)
        result.data.set(last.subarray(p * units, (p + 1) * units), (pointsFirst ? p * directions + d : d * points + p) * units);
    }
    return result;
  },
  work: ({ cell, units, direction }, [input]) =>
    (direction === "both" ? 2 : 1) * input[0] * input[1] * gates[cell] * units * (input[2] + units),
};

/** The d-th part of so many numbers; zeros where there are none. */
function part(values: Float64Array | undefined, d: number, size: number): Float64Array {
  return values?.slice(d * size, (d + 1) * size) ?? new Float64Array(size);
}

/** The d-th matrix `[rows, cols]` on its side. */
function sideways(values: Float64Array | undefined, d: number, rows: number, cols: number): Float64Array {
  const own = part(values, d, rows * cols);
  const result = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) result[j * rows + i] = own[i * cols + j];
  return result;
}

function repeated(row: Float64Array, times: number): Float64Array {
  const result = new Float64Array(row.length * times);
  for (let k = 0; k < times; k++) result.set(row, k * row.length);
  return result;
}
