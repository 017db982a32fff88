// node packages/training/scripts/cross-check.mjs [NETWORKS] [PYTHON]: the shares of outcomes beside those of a program of its own in PyTorch (cross_check.py), which shares nothing with Sonde but the settings: other
// targets, widths, depths, laws, losses and optimisers than those of collapse.mjs. Trains NETWORKS (default 200) on either side, writes cross-check.md, and ends with 1 where a share is more than 4.5 standard
// errors away.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { matrix, stream, uniforms } from "@sonde/core";
import { mlp } from "@sonde/nets";
import { train, xorData } from "@sonde/training";
import { markdownTable } from "./lib/markdown-table.mjs";

const [networks = 200, python = "python3"] = [Number(process.argv[2] ?? 200), process.argv[3]];
const most = 4.5;
const [points, batch, steps] = [1920, 64, 600];
const common = { points, batch, steps, init: "he-normal", loss: "mse" };

const settings = [
  { target: "|x|", widths: [1, 3, 3, 3, 3, 3, 3, 1], optimizer: "adam", learningRate: 0.003 },
  { target: "x sin 5x", widths: [1, 4, 4, 4, 4, 1], loss: "mae", optimizer: "rmsprop", learningRate: 0.003 },
  { target: "tanh 3x", widths: [1, 2, 2, 2, 2, 2, 2, 1], init: "glorot-normal", optimizer: "momentum", learningRate: 0.03 },
  { target: "x1 x2", widths: [2, 5, 5, 5, 5, 5, 1], loss: "huber", optimizer: "nesterov", learningRate: 0.03 },
  { target: "exp(-x^2)", widths: [1, ...Array(8).fill(6), 1], init: "lecun-normal", optimizer: "adamw", learningRate: 0.003 },
  {
    target: "1[x > 0.5]",
    widths: [1, ...Array(10).fill(3), 1],
    bias: "like-weights",
    optimizer: "adam",
    learningRate: 0.01,
    schedule: "cosine",
  },
  {
    target: "xor",
    widths: [2, 4, 4, 4, 1],
    activation: "tanh",
    init: "glorot-normal",
    optimizer: "sgd",
    learningRate: 0.1,
    batch: 4,
    steps: 1500,
  },
  { target: "xor", widths: [2, 3, 3, 3, 3, 2], loss: "cross-entropy", optimizer: "adam", learningRate: 0.01, batch: 4 },
  { target: "x sin 5x", widths: [1, 16, 16, 16, 16, 1], optimizer: "sgd", learningRate: 0.25 },
].map((setting) => ({ ...common, ...setting }));

const functions = {
  "|x|": ([x]) => Math.abs(x),
  "x sin 5x": ([x]) => x * Math.sin(5 * x),
  "tanh 3x": ([x]) => Math.tanh(3 * x),
  "exp(-x^2)": ([x]) => Math.exp(-x * x),
  "1[x > 0.5]": ([x]) => (x > 0.5 ? 1 : 0),
  "x1 x2": ([x1, x2]) => x1 * x2,
};

const theirs = JSON.parse(
  execFileSync(python, [new URL("cross_check.py", import.meta.url).pathname, JSON.stringify({ runs: networks, settings })], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  }),
);
const lines = [];
let worst = 0;
for (const [k, setting] of settings.entries()) {
  const ours = await outcomesOf(setting, 100 + k);
  const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs[k])])].filter(
    (name) => (ours[name] ?? 0) + (theirs[k][name] ?? 0) > 0,
  );
  for (const name of names) {
    const apart = errorsApart(ours[name] ?? 0, theirs[k][name] ?? 0);
    worst = Math.max(worst, Math.abs(apart));
    lines.push([name === names[0] ? described(setting) : "", name, ours[name] ?? 0, theirs[k][name] ?? 0, apart.toFixed(2)]);
  }
}
writeFileSync(
  new URL("../cross-check.md", import.meta.url),
  `# Outcomes beside those of PyTorch

Written by \`node packages/training/scripts/cross-check.mjs\`. ${networks} networks on either side, each with batches of its own; the program in PyTorch (\`scripts/cross_check.py\`) shares nothing with Sonde but the settings. The difference of the
shares in standard errors is at most ${worst.toFixed(2)} over ${lines.length} counts; rest: neither learned nor constant, stuck or not.

${markdownTable(["setting", "outcome", "Sonde", "PyTorch", "difference / standard error"], lines)}
`,
);
console.log(`at most ${worst.toFixed(2)} standard errors over ${lines.length} counts`);
process.exitCode = worst > most ? 1 : 0;

async function outcomesOf({ widths, activation = "relu", init, bias, target, ...recipe }, seed) {
  const [inputs, ...rest] = widths;
  const model = mlp(`${inputs}-${rest[0]}x${rest.length - 1}-${rest.at(-1)}`, { activation, init, ...(bias && { bias }) });
  const data = target === "xor" ? xorData() : functionOf(target, inputs, seed);
  const { learned, collapsedMean, collapsedMedian, collapsedOther, diverged, ...others } = (
    await train(model, { ...recipe, points: undefined, data, runs: networks, seed, batches: "own", looks: 0, monitors: [] })
  ).outcomes;
  const rest_ = Object.values(others).reduce((sum, count) => sum + count, 0);
  return { learned, collapsedMean, collapsedMedian, collapsedOther, diverged, rest: rest_ };
}

/** Points of [-sqrt 3, sqrt 3]^d with values, and a grid as that of functionData. */
function functionOf(name, inputs, seed) {
  const half = Math.sqrt(3);
  const at = matrix(
    points,
    inputs,
    uniforms(stream(seed), new Float64Array(points * inputs)).map((u) => half * (2 * u - 1)),
  );
  const side = inputs === 1 ? 201 : 21;
  const place = (index) => half * (-1 + (2 * index) / (side - 1));
  const grid = Array.from({ length: side ** inputs }, (_, p) =>
    inputs === 1 ? [place(p)] : [place(p % side), place(Math.floor(p / side))],
  );
  const values = Array.from({ length: points }, (_, p) => functions[name](at.data.subarray(p * inputs, (p + 1) * inputs)));
  return {
    name,
    inputs: at,
    targets: matrix(points, 1, Float64Array.from(values)),
    probe: matrix(grid.length, inputs, Float64Array.from(grid.flat())),
  };
}

/** The difference of two counts of networks in its standard errors if both have one share. */
function errorsApart(a, b) {
  const share = (a + b) / (2 * networks);
  return a === b ? 0 : (a - b) / networks / Math.sqrt((share * (1 - share) * 2) / networks);
}

function described({ target, widths, loss, init, bias, activation, optimizer, learningRate, schedule, steps }) {
  const hidden = widths.slice(1, -1);
  return [
    target,
    `${widths[0]}-${hidden[0]}x${hidden.length}-${widths.at(-1)}`,
    ...(activation ? [activation] : []),
    init + (bias ? ", Gaussian bias" : ""),
    loss,
    `${optimizer} ${learningRate}`,
    ...(schedule ? [schedule] : []),
    `${steps} steps`,
  ].join(", ");
}
