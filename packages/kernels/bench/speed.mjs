// Speed of the kernels on one core, best of five; about half a minute. Build first, then: node packages/kernels/bench/speed.mjs
// With --relaxed (and, in Node 20, node --experimental-wasm-relaxed-simd): the build with fused multiply-add.
import { ensembleKernels, mathModule } from "@sonde/kernels";

const kernels = ensembleKernels({ relaxed: process.argv.includes("--relaxed") });
const names = kernels.allocate(64);
kernels.setStreams(
  names,
  [0, 1, 2, 3].map((k) => ({ k0: k, k1: 0, s0: 0, s1: 0 })),
);

/** Best nanoseconds of one call. */
function best(call, repeats) {
  let least = Infinity;
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    for (let i = 0; i < repeats; i++) call();
    least = Math.min(least, ((performance.now() - start) * 1e6) / repeats);
  }
  return least;
}

const count = 2 ** 16;
const mark = kernels.mark();
const out = kernels.allocate(16 * count);
const contiguous = new Float32Array(count);
const { normals } = mathModule();
const perNormal = [
  ["float32, four lanes", best(() => kernels.fillLanes({ streams: names, scale: 1 }, 0, count, out), 20) / (4 * count)],
  ["float32, one stream", best(() => kernels.normals({ k0: 1, k1: 0, s0: 0, s1: 0 }, contiguous), 20) / count],
  ["float64, one stream", best(() => normals(1, 0, 0, 0, 0, 1024), 100) / 4096],
];
for (const [what, ns] of perNormal) console.log(`${what.padEnd(22)} ${ns.toFixed(2)} ns a normal`);
kernels.release(mark);

console.log("\npoints x inputs x units   given weights   random weights");
for (const [points, inputs, units] of [
  [512, 8, 8],
  [512, 16, 16],
  [512, 32, 32],
  [512, 64, 64],
  [512, 128, 128],
  [2000, 128, 128],
  [512, 256, 256],
  [512, 512, 512],
  [512, 1024, 1024],
  [512, 2048, 2048],
  [64, 8, 8],
  [64, 64, 64],
  [512, 784, 128],
]) {
  const sizes = { points, inputs, units };
  const x = kernels.allocate(16 * points * inputs);
  const y = kernels.allocate(16 * points * units);
  const w = kernels.allocate(16 * inputs * units);
  kernels.fillLanes({ streams: names, scale: 1 }, 0, points * inputs, x);
  kernels.fillLanes({ streams: names, scale: 0.1 }, 0, inputs * units, w);
  const flops = 8 * points * inputs * units;
  const repeats = Math.ceil(2e8 / flops);
  const given = flops / best(() => kernels.denseWith(x, sizes, w, y, { activation: "relu" }), repeats);
  const random = flops / best(() => kernels.dense(x, sizes, { streams: names, scale: 0.1 }, y, { activation: "relu" }), repeats);
  const label = `${points} x ${inputs} x ${units}`;
  console.log(`${label.padEnd(23)} ${given.toFixed(1).padStart(8)} GFLOP/s ${random.toFixed(1).padStart(8)} GFLOP/s`);
  kernels.release(mark);
}
