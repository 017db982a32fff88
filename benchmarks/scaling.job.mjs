// One process of benchmarks/scaling.mjs: the living ratio of an ensemble; prints its answer, CPU time and peak memory as JSON.
//   node benchmarks/scaling.job.mjs METHOD WIDTH DEPTH POINTS NETWORKS THREADS
import { Worker } from "node:worker_threads";
import { deathProbability } from "../packages/metrics-death/dist/index.js";
import { mlp } from "../packages/nets/dist/index.js";

const [method, ...sizes] = process.argv.slice(2);
const [width, depth, points, networks, threads] = sizes.map(Number);
const createWorker = threads > 1 ? () => new Worker(new URL("./peers/worker.mjs", import.meta.url)) : undefined;
const options = { method, networks, threads, createWorker, points, domain: Array(width).fill([-1, 1]) };
const { executor, networks: drawn, layers } = await deathProbability(mlp([width, ...Array(depth).fill(width), 1]), options);
const { value, standardError } = layers[depth - 1].livingRatio;
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
// Microseconds; on Linux maxRSS is in KiB.
const used = { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMiB: maxRSS / 1024 };
console.log(JSON.stringify({ executor, networks: drawn, value, standardError, ...used }));
