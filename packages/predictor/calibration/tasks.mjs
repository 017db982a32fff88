// The tasks of the experiment: training data and how long is trained.
import { matrix, normals, split, stream } from "@sonde/core";
import { sin, tanh } from "@sonde/core/math";
import { standardise } from "@sonde/nets";

// What trains and what reads data sets stands above this package.
const { functionData, labelledData, xorData } = await import(new URL("../../training/dist/index.js", import.meta.url));
const { readDataSet } = await import(new URL("../../formats/dist/node/index.js", import.meta.url));

/** Steps and points in a batch. */
export const lengths = {
  digits: { steps: 600, batch: 64 },
  "fashion-mnist": { steps: 600, batch: 64 },
  abs: { steps: 1500, batch: 64 },
  "x-sin-5x": { steps: 1500, batch: 64 },
  "step-sin": { steps: 1500, batch: 64 },
  "abs-2d": { steps: 1500, batch: 64 },
  smooth: { steps: 1500, batch: 64 },
  xor: { steps: 1000, batch: 4 },
  "xor-clouds": { steps: 1000, batch: 64 },
};

const labelled = { digits: 1797, "fashion-mnist": 2048 };
const kept = new Map();

/** The training data of a task, before its inputs are changed; the same for all architectures. */
async function plainData(task) {
  if (!kept.has(task)) kept.set(task, await makeData(task));
  return kept.get(task);
}

async function makeData(task) {
  if (task in labelled) {
    const { points, labels } = await readDataSet(task, { points: labelled[task], seed: 0 });
    return labelledData({ name: task, points, labels }, { test: 0, seed: 0 });
  }
  // Exclusive or is learned as a value: of four points a constant is right about two.
  if (task.startsWith("xor")) {
    const { classes: _, ...data } = task === "xor" ? xorData() : xorData({ points: 512, seed: 0 });
    return data;
  }
  if (task === "smooth") return smoothData();
  const two = task === "abs-2d";
  return functionData(task, { points: 1000, inputs: two ? 2 : 1, outputs: two ? 2 : 1, seed: 0 });
}

/** Eight normal inputs, y = sin(x1 + x2 / 2) + tanh(x3 x4) / 2 + x5 / 2. */
function smoothData() {
  const inputs = matrix(2000, 8, normals(split(stream(8), 0), new Float64Array(16000)));
  const targets = matrix(2000, 1);
  for (let p = 0; p < 2000; p++) {
    const [a, b, c, d, e] = inputs.data.subarray(8 * p);
    targets.data[p] = sin(a + b / 2) + tanh(c * d) / 2 + e / 2;
  }
  return { name: "smooth", inputs, targets, probe: matrix(512, 8, inputs.data.slice(0, 4096)) };
}

/** The training data of a sampled architecture. */
export async function dataFor({ task, inputs: { standardize, scale, offset } }) {
  const data = await plainData(task);
  const change = (points) => {
    const values = standardize ? standardise(points).points : points;
    return scale === 1 && offset === 0
      ? values
      : matrix(
          values.rows,
          values.cols,
          values.data.map((x) => scale * x + offset),
        );
  };
  return { ...data, inputs: change(data.inputs), probe: change(data.probe) };
}
