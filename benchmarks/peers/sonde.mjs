// Sonde's side of the benchmarks: one process a job, which works whenever it is asked (serve.mjs).
//   node benchmarks/peers/sonde.mjs JOB SIZE THREADS
import { Worker } from "node:worker_threads";
import { workerPool } from "../../packages/core/dist/index.js";
import { infiniteWidthKernel } from "../../packages/infinite-width/dist/index.js";
import { ensembleKernels } from "../../packages/kernels/dist/index.js";
import { measureAngles } from "../../packages/metrics-correlation/dist/index.js";
import { deathProbability } from "../../packages/metrics-death/dist/index.js";
import { measureMoments } from "../../packages/moments/dist/index.js";
import { mlp } from "../../packages/nets/dist/index.js";
import { measureUnits, measureUnitsParallel } from "../../packages/vni/dist/index.js";
import { serve } from "./serve.mjs";

const [job, sizeText, threadsText] = process.argv.slice(2);
const size = Number(sizeText);
const threads = Number(threadsText);

const jobs = {
  "width-8": () => livingRatio(8),
  "width-64": () => livingRatio(64),
  "width-8-kernels": () => livingRatioOfKernels(8),
  "width-64-kernels": () => livingRatioOfKernels(64),
  angle: () => angle,
  wide,
  normals,
  kernel: infiniteWidth,
  "born-dead": () => bornDead,
  moments: () => logChi(mlp("512-512x50-1", { norm: "batch" }), 128),
  "moments-conv": () => logChi(convolutional(32, 20, 8), 32),
  vni,
};
const work = jobs[job]();
await serve(() => work);
// Workers that are kept would wait for more.
process.exit();

/** The share of points alive in the last layer, by the public library. */
function livingRatio(width) {
  const data = { rows: 64, cols: 8, data: Float64Array.from(standardNormals(64 * 8)) };
  // Kept from one question to the next, as PyTorch keeps its threads.
  const pool =
    threads > 1 ? workerPool(() => new Worker(new URL("./worker.mjs", import.meta.url)), { most: threads }) : undefined;
  const options = { data, method: "weights", networks: size, threads, createWorker: pool?.createWorker };
  const network = mlp(`8-${width}x20-1`);
  return async () => (await deathProbability(network, options)).layers[19].livingRatio;
}

/** The mean ln chi after the last layer, with every moment at every place and the effective ranks after every activation. */
function logChi(network, batch) {
  return async () => {
    const { layers } = await measureMoments(network, { batch, method: "weights", networks: size });
    const { mean, standardError } = layers[layers.length - 1].logChi;
    return { value: mean, standardError };
  };
}

/** Periodic 3x3 convolutions with batch norm and ReLU, as many channels at the input. */
function convolutional(channels, depth, side) {
  const layer = [
    { kind: "conv", channels, kernel: [3, 3], padding: "periodic" },
    { kind: "norm", norm: "batch" },
    { kind: "activation", activation: "relu" },
  ];
  // The output layer is not measured.
  const output = [{ kind: "flatten" }, { kind: "dense", units: 1 }];
  return { input: [side, side, channels], layers: [...Array.from({ length: depth }, () => layer).flat(), ...output] };
}

/** The same by bare calls of the kernels: what the arithmetic alone takes. */
function livingRatioOfKernels(width) {
  const points = 64;
  const depth = 20;
  const kernels = ensembleKernels();
  const take = (bytes) => kernels.allocate(bytes);
  const [streams, masks, counts] = [take(64), take(4 * points), take(16)];
  const [single, input] = [take(4 * points * 8), take(16 * points * 8)];
  const buffers = [take(16 * points * width), take(16 * points * width)];
  kernels.floats(single, points * 8).set(standardNormals(points * 8));
  kernels.broadcast(single, points * 8, input);
  return () => {
    const ratios = [];
    for (let group = 0; group < size; group += 4) {
      let x = input;
      for (let layer = 0; layer < depth; layer++) {
        const inputs = layer === 0 ? 8 : width;
        setStreams(kernels, streams, group, layer);
        const weights = { streams, scale: Math.sqrt(2 / inputs) };
        kernels.dense(x, { points, inputs, units: width }, weights, buffers[layer % 2], { activation: "relu" });
        x = buffers[layer % 2];
      }
      kernels.alivePoints(x, points, width, masks, counts);
      for (const count of kernels.ints(counts, Math.min(4, size - group))) ratios.push(count / points);
    }
    return meanOf(ratios);
  };
}

/** The streams of a layer of four networks. */
function setStreams(kernels, streams, group, layer) {
  kernels.setStreams(
    streams,
    [0, 1, 2, 3].map((lane) => ({ k0: 1, k1: 0, s0: group + lane, s1: layer })),
  );
}

/** The mean of ln sin^2 of the angle between two orthogonal inputs after 100 layers of width 1024. */
async function angle() {
  const { layers } = await measureAngles(mlp("1024-1024x100-1"), { method: "law", networks: size });
  return layers[99].logSin2;
}

/** P(born dead) on [-1, 1] at width 4 and depth 10, from survivors. */
function bornDead() {
  return deathProbability(mlp("1-4x10-1"), { domain: [-1, 1], method: "conditional", networks: size });
}

/** The mean square of the last of 20 layers of width 1024 over 512 points, by bare calls of the kernels; its expectation is the input's, 1. */
function wide() {
  const points = 512;
  const width = 1024;
  const kernels = ensembleKernels();
  const count = points * width;
  const streams = kernels.allocate(64);
  const single = kernels.allocate(4 * count);
  const buffers = [0, 1, 2].map(() => kernels.allocate(16 * count));
  const input = standardNormals(count);
  const norm = Math.sqrt(squareSum(input, 1)[0] / count);
  kernels.floats(single, count).set(input.map((v) => v / norm));
  kernels.broadcast(single, count, buffers[2]);
  return () => {
    const squares = [];
    for (let group = 0; group < size; group += 4) {
      let x = buffers[2];
      for (let layer = 0; layer < 20; layer++) {
        setStreams(kernels, streams, group, layer);
        const weights = { streams, scale: Math.sqrt(2 / width) };
        kernels.dense(x, { points, inputs: width, units: width }, weights, buffers[layer % 2], { activation: "relu" });
        x = buffers[layer % 2];
      }
      squares.push(...squareSum(kernels.floats(x, 4 * count), 4).map((sum) => sum / count));
    }
    return meanOf(squares);
  };
}

/** The mean square of the last of many buffers of a million normals. */
function normals() {
  const kernels = ensembleKernels();
  const out = new Float32Array(1_000_000);
  return () => {
    for (let fill = 0; fill < size; fill++) kernels.normals({ k0: 0, k1: 0, s0: 0, s1: 0 }, out, fill * out.length);
    return { value: squareSum(out, 1)[0] / out.length, standardError: Math.sqrt(2 / out.length) };
  };
}

/** The raw VNI of a layer of 4096 units over `size` points, float32: those of numpy_vni.py. */
function vni() {
  const [units, block] = [4096, 500];
  const some = new Float32Array(block * units);
  for (let i = 0; i < some.length; i++) {
    let k = i;
    for (const [shift, factor] of [
      [16, 0x7feb352d],
      [15, 0x846ca68b],
    ])
      k = Math.imul(k ^ (k >>> shift), factor);
    k ^= k >>> 16;
    some[i] = Math.max(0, (k >>> 8) / 2 ** 24 - 0.5);
  }
  const data = new Float32Array(threads > 1 ? new SharedArrayBuffer(4 * size * units) : size * units);
  for (let p = 0; p < size; p += block) data.set(some, p * units);
  const layer = { shape: [size, units], data };
  const createWorker = () => new Worker(new URL("../../packages/vni/dist/worker.js", import.meta.url));
  return async () => {
    const { raw } = threads > 1 ? await measureUnitsParallel(layer, { threads, createWorker }) : measureUnits(layer);
    return { value: raw.vni, standardError: 0 };
  };
}

/** The average entry of the NNGP and the NTK of a thousand points, computed again and again. */
function infiniteWidth() {
  const [points, inputs] = [1000, 64];
  const x = { rows: points, cols: inputs, data: new Float64Array(points * inputs) };
  x.data.forEach((_, k) => {
    const [i, j] = [Math.floor(k / inputs), k % inputs];
    x.data[k] = Math.sin(1 + 0.37 * i + 1.91 * j * j);
  });
  return async () => {
    let value = 0;
    for (let repeat = 0; repeat < size; repeat++) {
      const { nngp, ntk } = await infiniteWidthKernel(mlp(`${inputs}-1x20-1`), x);
      value = (average(nngp.data) + average(ntk.data)) / 2;
    }
    return { value, standardError: 0 };
  };
}

function average(values) {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}

function standardNormals(count) {
  return ensembleKernels().normals({ k0: 7, k1: 7, s0: 7, s1: 7 }, new Float32Array(count));
}

/** The sums of squares of `lanes` interleaved lanes. */
function squareSum(values, lanes) {
  const sums = Array(lanes).fill(0);
  for (let i = 0; i < values.length; i++) sums[i % lanes] += values[i] * values[i];
  return sums;
}

function meanOf(values) {
  const n = values.length;
  const value = values.reduce((sum, v) => sum + v, 0) / n;
  const variance = values.reduce((sum, v) => sum + (v - value) ** 2, 0) / (n - 1);
  return { value, standardError: Math.sqrt(variance / n) };
}
