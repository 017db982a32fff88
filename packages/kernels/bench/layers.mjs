// Speed of the layer operations on one core, best of five; about ten seconds. Build first, then: node packages/kernels/bench/layers.mjs
import { ensembleKernels } from "@sonde/kernels";

const kernels = ensembleKernels();
const streams = kernels.allocate(64);
kernels.roots({ k0: 0, k1: 0, s0: 0, s1: 0 }, 0, streams);
const weights = { streams, scale: 0.05 };

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

/** The positions that 3 x 3 windows over n x n positions read, with zeros around. */
function threeByThree(n) {
  const taps = Array.from({ length: 9 * n * n }, (_, i) => {
    const [row, column] = [Math.floor(i / 9 / n) + Math.floor((i % 9) / 3) - 1, (Math.floor(i / 9) % n) + (i % 3) - 1];
    return row < 0 || row >= n || column < 0 || column >= n ? -1 : row * n + column;
  });
  return kernels.windowTable(taps);
}

function random(count) {
  const address = kernels.allocate(16 * count);
  kernels.fillLanes({ streams, scale: 1 }, 0, count, address);
  return address;
}

console.log("3 x 3 convolution of n x n positions: points x n x n x channels -> channels");
for (const [points, n, channels, units] of [
  [32, 8, 64, 64],
  [4, 8, 64, 64],
  [1, 8, 64, 64],
  [32, 8, 16, 16],
  [32, 8, 3, 32],
  [8, 4, 256, 256],
]) {
  const mark = kernels.mark();
  const x = random(points * n * n * channels);
  const out = kernels.allocate(16 * points * n * n * units);
  const sizes = { points, positions: n * n, channels, windows: n * n, taps: 9, units, table: threeByThree(n) };
  const flops = 8 * points * n * n * 9 * channels * units;
  const drawn = flops / best(() => kernels.conv(x, sizes, weights, out, { activation: "relu" }), Math.ceil(2e8 / flops));
  const given = random(9 * channels * units);
  const used = flops / best(() => kernels.convWith(x, sizes, given, out, { activation: "relu" }), Math.ceil(2e8 / flops));
  const label = `${points} x ${n} x ${n} x ${channels} -> ${units}`;
  console.log(`${label.padEnd(24)} given weights ${used.toFixed(1).padStart(6)}, random ${drawn.toFixed(1).padStart(6)} GFLOP/s`);
  kernels.release(mark);
}

console.log("\nnorms (bytes read and written once over time)");
for (const [points, positions, channels] of [
  [64, 1, 8],
  [512, 1, 128],
  [512, 1, 1024],
  [32, 64, 64],
]) {
  const mark = kernels.mark();
  const count = points * positions * channels;
  const x = random(2 * count);
  const out = kernels.allocate(32 * count);
  const sizes = { points, positions, channels };
  const repeats = Math.ceil(2e6 / count);
  const speed = (norm, options) =>
    ((options.tangents ? 64 : 32) * count) / best(() => kernels.norm(x, norm, sizes, out, options), repeats);
  const results = ["batch", "layer", "rms"].map(
    (norm) => `${norm} ${speed(norm, {}).toFixed(1)} (tangents ${speed(norm, { tangents: true, frozen: false }).toFixed(1)})`,
  );
  console.log(`${`${points} x ${positions} x ${channels}`.padEnd(16)} ${results.join(", ")} GB/s`);
  kernels.release(mark);
}

console.log("\na whole layer in one call, 64 points");
for (const width of [1, 8, 64]) {
  const mark = kernels.mark();
  const sizes = { points: 64, inputs: width, units: width };
  const x = random(64 * width);
  const out = kernels.allocate(16 * 64 * width);
  const [exponents, flags, livingFlags] = [16, 16, 16].map(kernels.allocate);
  const [through, ratios] = [256, 32].map(kernels.allocate);
  kernels.bytes(through, 256).fill(1);
  const scratch = kernels.allocate(kernels.layerScratch(width, width));
  const layer = { x, out, ...sizes, roots: streams, index: 0, scale: Math.sqrt(2 / width), activation: "relu", scratch };
  const plain = kernels.defineLayer(layer);
  const whole = kernels.defineLayer({
    ...layer,
    rescale: { exponents, flags, slack: 20 },
    living: { through, ratios, flags: livingFlags },
  });
  const repeats = Math.ceil(2e5 / width);
  const dense = best(() => kernels.dense(x, sizes, weights, out, { activation: "relu" }), repeats);
  const [alone, all] = [plain, whole].map((defined) => best(() => kernels.layer(defined), repeats));
  const empty = kernels.defineLayer({ ...layer, points: 0 });
  const call = best(() => kernels.layer(empty), repeats);
  console.log(
    `width ${String(width).padEnd(3)} dense ${dense.toFixed(0)} ns; layer ${alone.toFixed(0)} ns, with rescale and living ${all.toFixed(0)} ns; of no points ${call.toFixed(0)} ns`,
  );
  kernels.release(mark);
}

const input = random(64 * 8);
const places = [0, 1].map(() => kernels.allocate(16 * 64 * 8));
const scratch = kernels.allocate(kernels.layerScratch(8, 8));
const common = { points: 64, inputs: 8, units: 8, roots: streams, scale: 0.5, activation: "relu", scratch };
const network = Array.from({ length: 20 }, (_, index) =>
  kernels.defineLayer({ ...common, index, x: index ? places[index % 2] : input, out: places[1 - (index % 2)] }),
);
const each = best(() => network.forEach(kernels.layer), 1e4) / network.length;
const first = kernels.chainLayers(network);
const chained = best(() => kernels.layer(first), 1e4) / network.length;
console.log(`\n20 layers of width 8: ${each.toFixed(0)} ns a layer in calls of their own, ${chained.toFixed(0)} ns in one call`);
const call = best(() => kernels.split(streams, 1, streams), 1e6);
console.log(`split of four streams ${call.toFixed(0)} ns`);
