import { expect, it } from "vitest";
import { wasm } from "../src/generated/ensemble-relaxed-wasm.js";
import { ensembleKernels, UnsupportedHostError } from "../src/index.js";
import { isSupported } from "../src/instantiate.js";
import { streams } from "./oracle.js";

/** A layer of 40 points, 70 -> 65 units, with inputs in [0, 1). */
function layer(relaxed: boolean): Float32Array {
  const kernels = ensembleKernels({ relaxed });
  const sizes = { points: 40, inputs: 70, units: 65 };
  const [names, x, out] = [64, 16 * 40 * 70, 16 * 40 * 65].map(kernels.allocate);
  kernels.setStreams(names, streams);
  kernels.floats(x, 4 * 40 * 70).forEach((_, i, values) => {
    values[i] = (i % 997) / 997;
  });
  kernels.dense(x, sizes, { streams: names, scale: 0.1 }, out);
  return kernels.floats(out, 4 * 40 * 65);
}

// Node 20 needs --experimental-wasm-relaxed-simd, later ones and browsers have it.
it.runIf(isSupported(wasm))("the relaxed build differs from the plain one by rounding only", () => {
  const plain = layer(false);
  // 70 terms below 1 and 0.6 in size, each rounded at most twice: errors of 70 sums that stay below 16.
  layer(true).forEach((value, i) => {
    expect(Math.abs(value - plain[i])).toBeLessThan(70 * 16 * 2 ** -24);
  });
});

it.runIf(!isSupported(wasm))("the relaxed build says where it is not supported, and what to do", () => {
  expect(() => ensembleKernels({ relaxed: true })).toThrow(UnsupportedHostError);
  expect(() => ensembleKernels({ relaxed: true })).toThrow(/no relaxed SIMD: leave `relaxed` out/);
});
