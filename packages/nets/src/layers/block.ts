import { matrix } from "@sonde/core";
import type { Points } from "./operator.js";

/** Sum of equal shapes, as a residual block ends. */
export function sum(a: Points, b: Points): Points {
  return matrix(
    a.rows,
    a.cols,
    a.data.map((value, i) => value + b.data[i]),
  );
}

/** Values joined along the channels, as a concat block ends: `[points, ...positions, p]` and `[..., q] -> [..., p + q]`. */
export function join(a: Points, b: Points, p: number): Points {
  const y = matrix(a.rows, a.cols + b.cols);
  const places = a.data.length / p;
  const q = b.data.length / places;
  for (let i = 0; i < places; i++) {
    y.data.set(a.data.subarray(i * p, (i + 1) * p), i * (p + q));
    y.data.set(b.data.subarray(i * q, (i + 1) * q), i * (p + q) + p);
  }
  return y;
}

/** The inverse of `join`: the first p of every p + q channels, and the others. */
export function unjoin(y: Points, p: number, q: number): [Points, Points] {
  const places = y.data.length / (p + q);
  const a = new Float64Array(places * p);
  const b = new Float64Array(places * q);
  for (let i = 0; i < places; i++) {
    a.set(y.data.subarray(i * (p + q), i * (p + q) + p), i * p);
    b.set(y.data.subarray(i * (p + q) + p, (i + 1) * (p + q)), i * q);
  }
  return [matrix(y.rows, a.length / y.rows, a), matrix(y.rows, b.length / y.rows, b)];
}
