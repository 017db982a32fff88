import { matrix } from "@sonde/core";
import { type Address, ensembleKernels } from "@sonde/kernels";
import fc from "fast-check";
import { expect } from "vitest";
import type { Points } from "../../src/layers/operator.js";

/** The kernels under test; `kernels.release()` begins every case. */
export const kernels = ensembleKernels();

/** A block of values in the kernels' memory, filled. */
export function put(values: ArrayLike<number>): Address {
  const address = kernels.allocate(4 * values.length);
  kernels.floats(address, values.length).set(values);
  return address;
}

/** Standard normals for [count][4] values, the same for one seed. */
export function normalLanes(count: number, seed = 0): Float32Array {
  return kernels.normals({ k0: seed, k1: 1, s0: 2, s1: 3 }, new Float32Array(4 * count));
}

/** Values with their tangents behind them. */
export function behind(values: Float32Array, tangents: Float32Array): Float32Array {
  const both = new Float32Array(values.length + tangents.length);
  both.set(values);
  both.set(tangents, values.length);
  return both;
}

/** The values [rows][cols] of one network among [rows][cols][4], in float64. */
export function lane(values: Float32Array, k: number, rows: number): Points {
  const data = Float64Array.from({ length: values.length / 4 }, (_, i) => values[4 * i + k]);
  return matrix(rows, data.length / rows, data);
}

/** Fails unless |got - expected| <= bound(index) everywhere. */
export function expectWithin(got: Points, expected: Points, bound: (index: number) => number): void {
  expect([got.rows, got.cols]).toEqual([expected.rows, expected.cols]);
  let worst = { excess: 0, index: -1, got: 0, expected: 0 };
  got.data.forEach((value, index) => {
    const difference = Math.abs(value - expected.data[index]);
    const excess = difference === 0 ? 0 : difference / bound(index);
    if (!(excess <= worst.excess)) worst = { excess, index, got: value, expected: expected.data[index] };
  });
  if (!(worst.excess <= 1)) expect.fail(`error ${worst.excess} times the bound: ${JSON.stringify(worst)}`);
}

/** A size from 1 to 200, small ones as often as large ones. */
export const size = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 200 }));
