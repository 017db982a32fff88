import * as core from "../../packages/core/src/index.js";
import * as math from "../../packages/core/src/math.js";
import { ensembleKernels } from "../../packages/kernels/src/index.js";

/** SHA-256 of the bytes of everything that promises the same bits in every engine. Runs in Node and in a page. */
export async function digests(): Promise<Record<string, string>> {
  return { math: await sha256(everyFunction()), random: await sha256(everyDraw()), kernels: await sha256(oneOfEachKernel()) };
}

/** Each function of core/math on 1000 arguments. The bits of a NaN are the one thing WebAssembly leaves open. */
function everyFunction(): Float64Array {
  const x = core.normals(core.stream(11), new Float64Array(1000));
  const y = core.uniforms(core.stream(12), new Float64Array(1000));
  // Sorted: not every module runner keeps the names of a module in alphabetical order.
  const named = Object.entries(math).sort(([a], [b]) => (a < b ? -1 : 1));
  const functions = named.map(([, f]) => f as (x: number, y: number) => number);
  return Float64Array.from(
    functions.flatMap((f) => [
      ...x.map((value, i) => f(value, y[i])),
      ...y.map((value, i) => f(value * math.exp(23 * x[i]), x[i])),
    ]),
    (value) => (Number.isNaN(value) ? 0.5 : value),
  );
}

function everyDraw(): Float64Array {
  const s = core.split(core.stream(2 ** 40 + 1), 5);
  const range = Array.from({ length: 1000 }, (_, i) => i);
  return Float64Array.from([
    ...core.normals(s, new Float64Array(10_000), 3),
    ...core.uniforms(s, new Float64Array(10_000), 3),
    ...range.map((i) => core.normal(s, i)),
    ...range.map((i) => core.sign(s, i)),
    ...range.map((i) => core.integer(s, i, 1000)),
    ...range.map((i) => core.beta(s, i, 0.7, 2.3)),
    ...core.permutation(s, 1000),
    ...core.sample(s, 1_000_000, 1000),
  ]);
}

/** A layer of every activation, rescaled, and its masks. */
function oneOfEachKernel(): Uint8Array {
  const kernels = ensembleKernels();
  const streams = kernels.allocate(64);
  kernels.setStreams(
    streams,
    [0, 1, 2, 3].map((i) => core.split(core.stream(3), i)),
  );
  const sizes = { points: 9, inputs: 20, units: 33 };
  const x = kernels.allocate(16 * 9 * 20);
  kernels.fillLanes({ streams, scale: 2 }, 77, 9 * 20, x);
  const out = kernels.allocate(16 * 9 * 33);
  const [exponents, flags, masks, counts] = [16, 16, 36, 16].map(kernels.allocate);
  const results: number[] = [];
  for (const activation of ["relu", "tanh", "softplus", "selu", "erf", "gelu", "sin"] as const) {
    kernels.dense(x, sizes, { streams, scale: 0.3 }, out, { activation });
    kernels.rescale(out, 9 * 33, exponents, flags);
    kernels.alivePoints(out, 9, 33, masks, counts);
    results.push(...kernels.bytes(out, 16 * 9 * 33), ...kernels.ints(exponents, 4), ...kernels.bytes(masks, 36));
  }
  return Uint8Array.from(results);
}

async function sha256(values: Float64Array | Uint8Array): Promise<string> {
  const { crypto } = globalThis as unknown as {
    crypto: { subtle: { digest(name: string, data: object): Promise<ArrayBuffer> } };
  };
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", values));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
