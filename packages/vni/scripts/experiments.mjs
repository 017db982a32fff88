// node packages/vni/scripts/experiments.mjs exponents|bias : the tables of the documentation, as Markdown. Some CPU minutes each.
import { Worker } from "node:worker_threads";
import { mlp } from "@sonde/nets";
import { measureVni } from "@sonde/vni";

const createWorker = () => new Worker(new URL("worker.mjs", import.meta.url));
const measure = (model, options, more) => measureVni(mlp(model, options), { threads: 2, createWorker, ...more });

/** Whether the table has its heading. */
let begun = false;

const experiments = { exponents, bias };
const [name] = process.argv.slice(2);
if (!experiments[name]) throw new Error(`expected one of ${Object.keys(experiments).join(", ")}`);
await experiments[name]();

/** VNI ~ depth^a width^b, fitted over cells of independent networks whose local VNI the formula puts below 0.35. */
async function exponents() {
  const depths = [4, 8, 16, 32];
  const widths = [32, 64, 128, 256];
  print(["activation, weights", "quantity", "depth exponent a", "width exponent b", "cells", "chi^2"]);
  for (const [label, options] of [
    ["linear, normal", { activation: "linear" }],
    ["ReLU, normal", {}],
    ["ReLU, orthogonal", { init: "orthogonal" }],
    ["tanh, normal", { activation: "tanh", init: "lecun-normal" }],
  ]) {
    const cells = [];
    for (const width of widths)
      for (const depth of depths) {
        const model = `${width}-${width}x${depth}-1`;
        const { layers } = await measure(model, options, {
          networks: width === 256 ? 16 : 32,
          points: 1000,
          seed: 1000 * width + depth,
        });
        const last = layers[depth - 1];
        if (last.formula < 0.35) cells.push({ width, depth, ...last });
      }
    for (const quantity of ["local", "weighted", "vni"]) {
      const { a, b, chiSquare } = fit(cells.map((cell) => ({ ...cell, ...cell[quantity] })));
      print([label, quantity, a, b, String(cells.length), chiSquare.toFixed(0)]);
    }
  }
}

/** Weighted least squares of ln y = c + a ln depth + b ln width; errors are scaled up where the power law does not hold. */
function fit(cells) {
  const rows = cells.map(({ depth, width, value, standardError }) => ({
    x: [1, Math.log(depth), Math.log(width)],
    y: Math.log(value),
    weight: (value / standardError) ** 2,
  }));
  const normal = [0, 1, 2].map((i) => [0, 1, 2].map((j) => rows.reduce((sum, { x, weight }) => sum + weight * x[i] * x[j], 0)));
  const right = [0, 1, 2].map((i) => rows.reduce((sum, { x, y, weight }) => sum + weight * x[i] * y, 0));
  const inverse = invert(normal);
  const [c, a, b] = inverse.map((line) => line.reduce((sum, value, j) => sum + value * right[j], 0));
  const chiSquare = rows.reduce((sum, { x, y, weight }) => sum + weight * (y - c - a * x[1] - b * x[2]) ** 2, 0);
  const scale = Math.sqrt(Math.max(1, chiSquare / (rows.length - 3)));
  return {
    a: `${a.toFixed(3)} ± ${(scale * Math.sqrt(inverse[1][1])).toFixed(3)}`,
    b: `${b.toFixed(3)} ± ${(scale * Math.sqrt(inverse[2][2])).toFixed(3)}`,
    chiSquare,
  };
}

function invert([[a, b, c], [d, e, f], [g, h, i]]) {
  const minors = [
    [e * i - f * h, c * h - b * i, b * f - c * e],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d],
  ];
  const determinant = a * minors[0][0] + b * minors[1][0] + c * minors[2][0];
  return minors.map((line) => line.map((value) => value / determinant));
}

/** The same networks looked at with M points, with and without the bias that M adds. */
async function bias() {
  const cases = [
    ["linear orthogonal, L = 5", "64-64x5-1", { activation: "linear", init: "orthogonal" }],
    ["tanh normal, L = 20", "64-64x20-1", { activation: "tanh", init: "lecun-normal" }],
    ["ReLU normal, L = 20", "64-64x20-1", {}],
  ];
  print(["network", "M", "VNI, raw", "VNI", "weighted, raw", "weighted", "constant units"]);
  for (const [label, model, options] of cases)
    for (const points of [50, 100, 200, 500, 1000, 2000, 4000]) {
      const run = async (removeBias) => {
        const { layers } = await measure(model, options, { networks: 32, points, removeBias, local: false, seed: 7 });
        return layers[layers.length - 1];
      };
      const [raw, clean] = [await run(false), await run(true)];
      const show = ({ value, standardError }) => `${value.toFixed(4)} ± ${standardError.toFixed(4)}`;
      const cells = [raw.vni, clean.vni, raw.weighted, clean.weighted].map(show);
      print([label, String(points), ...cells, clean.constantUnits.value.toFixed(1)]);
    }
}

function print(cells) {
  console.log(`| ${cells.join(" | ")} |`);
  if (!begun) console.log(`|${"---|".repeat(cells.length)}`);
  begun = true;
}
