import { type Matrix, matrix, multiply, transpose } from "@sonde/core";
import { size } from "@sonde/nets";
import type { Field } from "./field.js";
import type { Resting } from "./walk.js";

/** Products of numbers between two rests. */
const betweenRests = 2e7;

/** The kernel of inputs: K(s, s') = x_s . x'_s' / channels for points [first, last) of two sets, or of each point of one set with itself (`own`). Theta is 0. */
export function* inputField(
  shape: readonly number[],
  a: Matrix,
  b: Matrix,
  { rows, cols, across, ntk }: { rows: Range; cols: Range; across: boolean; ntk: boolean },
): Resting<Field> {
  const positions = shape.slice(0, -1);
  const channels = shape[shape.length - 1];
  const count = size(positions);
  const others = across ? count : 1;
  const [height, width] = [rows.last - rows.first, cols.last - cols.first];
  const group = (nngp: Float64Array) => ({ share: 1, nngp, ...(ntk && { ntk: new Float64Array(nngp.length) }) });
  const field = { rows: height, cols: width, positions, across };
  if (count === 1) {
    const data = new Float64Array(height * width);
    const columns = transpose(part(b, cols));
    const step = Math.max(1, Math.floor(betweenRests / (width * channels)));
    for (let first = rows.first; first < rows.last; first += step) {
      const last = Math.min(rows.last, first + step);
      data.set(multiply(part(a, { first, last }), columns).data, (first - rows.first) * width);
      yield;
    }
    for (let k = 0; k < data.length; k++) data[k] /= channels;
    return { ...field, groups: [group(data)] };
  }
  const nngp = new Float64Array(height * count * others * width);
  let at = 0;
  for (let i = rows.first; i < rows.last; i++)
    for (let s = 0; s < count; s++) {
      for (let other = 0; other < others; other++)
        for (let j = cols.first; j < cols.last; j++)
          nngp[at++] =
            dot(a.data, i * a.cols + s * channels, b.data, j * b.cols + (across ? other : s) * channels, channels) / channels;
      yield;
    }
  return { ...field, groups: [group(nngp)] };
}

function part({ cols, data }: Matrix, { first, last }: Range): Matrix {
  return matrix(last - first, cols, data.subarray(first * cols, last * cols));
}

/** Indices [first, last). */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** The second moment of every point's channels and their mean, position by position: fields of one row. */
export function ownInputField(shape: readonly number[], x: Matrix, { first, last }: Range): { variances: Field; means: Field } {
  const positions = shape.slice(0, -1);
  const channels = shape[shape.length - 1];
  const count = size(positions);
  const width = last - first;
  const squares = new Float64Array(count * width);
  const sums = new Float64Array(count * width);
  for (let s = 0; s < count; s++)
    for (let j = 0; j < width; j++) {
      const from = (first + j) * x.cols + s * channels;
      squares[s * width + j] = dot(x.data, from, x.data, from, channels) / channels;
      for (let c = 0; c < channels; c++) sums[s * width + j] += x.data[from + c] / channels;
    }
  const field = (nngp: Float64Array): Field => ({ rows: 1, cols: width, positions, across: false, groups: [{ share: 1, nngp }] });
  return { variances: field(squares), means: field(sums) };
}

function dot(a: ArrayLike<number>, from: number, b: ArrayLike<number>, other: number, length: number): number {
  let sum = 0;
  for (let c = 0; c < length; c++) sum += a[from + c] * b[other + c];
  return sum;
}
