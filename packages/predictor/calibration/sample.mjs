// The distribution of the experiment: architecture number k, a task and its inputs, from the seed alone.
import { split, stream, uniform } from "@sonde/core";

/** Weights that a network may have, and the share of networks that may have the larger number. */
const mostWeights = { usual: 3e5, large: 8e5, share: 0.08 };

const tasks = [
  { name: "digits", weight: 34 },
  { name: "fashion-mnist", weight: 14 },
  { name: "abs", weight: 11 },
  { name: "x-sin-5x", weight: 11 },
  { name: "step-sin", weight: 5 },
  { name: "abs-2d", weight: 6 },
  { name: "smooth", weight: 8 },
  { name: "xor", weight: 7 },
  { name: "xor-clouds", weight: 4 },
];

/** Inputs and outputs of a task. */
export const sizes = {
  digits: [64, 10],
  "fashion-mnist": [784, 10],
  abs: [1, 1],
  "x-sin-5x": [1, 1],
  "step-sin": [1, 1],
  "abs-2d": [2, 2],
  smooth: [8, 1],
  xor: [2, 1],
  "xor-clouds": [2, 1],
};

const activations = [
  { name: "relu", weight: 46 },
  { name: "leaky-relu:0.01", weight: 4 },
  { name: "leaky-relu:0.2", weight: 2 },
  { name: "tanh", weight: 16 },
  { name: "sigmoid", weight: 6 },
  { name: "gelu", weight: 6 },
  { name: "silu", weight: 5 },
  { name: "elu", weight: 4 },
  { name: "selu", weight: 4 },
  { name: "softplus", weight: 3 },
  { name: "erf", weight: 2 },
  { name: "sin", weight: 2 },
];

const inits = [
  { name: "he-normal", weight: 22 },
  { name: "he-uniform", weight: 6 },
  { name: "glorot-normal", weight: 5 },
  { name: "glorot-uniform", weight: 7 },
  { name: "lecun-normal", weight: 6 },
  { name: "orthogonal", weight: 7 },
  { name: "orthogonal-critical", weight: 4 },
  { name: "pytorch", weight: 9 },
  { name: "keras", weight: 3 },
  { name: "rai", weight: 3 },
  { name: "lsuv", weight: 1 },
  { name: "variance", weight: 27 },
];

const norms = [
  { name: "none", weight: 62 },
  { name: "batch", weight: 14 },
  { name: "layer", weight: 15 },
  { name: "rms", weight: 9 },
];

const skips = [
  { name: "none", weight: 68 },
  { name: "residual", weight: 24 },
  { name: "dense", weight: 8 },
];

/** Initialisers that set the biases too. */
const ownBias = ["pytorch", "keras", "rai"];

/**
 * Architecture `k`: `{ k, held, task, model, options, inputs }`. `held`: whether it is of the half that nothing is fitted to or chosen by.
 *
 * Depth is log-uniform on 1..100, width on 2..256, within the bound on the weights; one network in eight tapers and one in twelve has a bottleneck. Where the initialiser is `variance`, sigma_w^2 is log-uniform
 * on 0.05..6, half of the time within 30 % of 1 and 2.
 */
export function sampled(k, seed = 2026) {
  const source = split(stream(seed), k);
  let drawn = 0;
  const u = () => uniform(source, drawn++);
  const chosen = (table) => {
    let left = u() * table.reduce((sum, { weight }) => sum + weight, 0);
    for (const { name, weight } of table) {
      left -= weight;
      if (left < 0) return name;
    }
    return table[table.length - 1].name;
  };
  const logUniform = (low, high) => low * (high / low) ** u();

  const held = u() < 0.5;
  const task = chosen(tasks);
  const activation = chosen(activations);
  const norm = chosen(norms);
  const skip = chosen(skips);
  const block = u() < 0.6 ? 2 : 1;
  const most = u() < mostWeights.share ? mostWeights.large : mostWeights.usual;
  const shape = skip === "residual" ? 1 : u();
  let widths;
  do widths = hiddenWidths();
  while (weightsOf(widths) > most);

  function hiddenWidths() {
    let depth = Math.max(1, Math.round(logUniform(0.71, 100.49)));
    if (skip === "residual") depth = Math.max(block, block * Math.round(depth / block));
    if (skip === "dense") depth = Math.min(depth, 30);
    const width = Math.max(2, Math.round(logUniform(1.71, 256.49)));
    const last = shape < 1 / 8 ? Math.max(2, Math.round(width * u())) : width;
    const all = Array.from({ length: depth }, (_, l) =>
      depth === 1 ? width : Math.round(width + ((last - width) * l) / (depth - 1)),
    );
    if (shape > 11 / 12 && shape < 1) all[Math.floor(u() * depth)] = Math.max(1, Math.round(width / logUniform(4, 32)));
    return all;
  }
  function weightsOf(hidden) {
    const [inputs, outputs] = sizes[task];
    let [sum, fan] = [0, inputs];
    for (const width of [...hidden, outputs]) {
      sum += fan * width;
      fan = skip === "dense" ? fan + width : width;
    }
    return sum;
  }

  const init = chosen(inits);
  const options = { activation };
  if (init === "variance") {
    options.init = u() < 0.8 ? "normal" : "orthogonal";
    const near = u();
    options.weightVariance = Number(
      (near < 0.5 ? (near < 0.25 ? 1 : 2) * logUniform(0.7, 1.3) : logUniform(0.05, 6)).toPrecision(3),
    );
  } else if (init === "orthogonal-critical") Object.assign(options, { init: "orthogonal", weightVariance: 2 });
  else options.init = init;
  if (!ownBias.includes(init)) {
    const bias = u();
    if (bias > 0.94) options.bias = "like-weights";
    else if (bias > 0.7) options.bias = `normal:${Number(logUniform(1e-4, 1).toPrecision(2))}`;
  }
  if (norm !== "none") options.norm = norm;
  if (skip !== "none") options.skip = skip;
  if (skip === "residual") options.block = block;

  const inputs = { standardize: false, scale: 1, offset: 0 };
  const [count] = sizes[task];
  if (count >= 64) inputs.standardize = u() < 0.72;
  else u();
  const odd = u();
  if (odd < 0.1) inputs.scale = Number(logUniform(1e-3, 100).toPrecision(2));
  else if (odd > 0.95) inputs.offset = u() < 0.5 ? 3 : 30;
  else u();
  const model = `${count}-${runs(widths)}-${sizes[task][1]}`;
  return { k, held, task, model, options, inputs };
}

/** Widths in the notation: 64-64-64 as 64x3. */
function runs(widths) {
  const parts = [];
  for (const width of widths) {
    const last = parts.at(-1);
    if (last?.width === width) last.count++;
    else parts.push({ width, count: 1 });
  }
  return parts.map(({ width, count }) => (count > 1 ? `${width}x${count}` : width)).join("-");
}
