// Sonde's side of the benchmarks of training, and what both sides start from.
//   node benchmarks/peers/training.mjs JOB STEPS          trains (serve.mjs); the answer is the mean loss of the networks at step 5
//   node benchmarks/peers/training.mjs JOB STEPS FOLDER   writes the networks, the points and the batches to files that training.py reads
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readDataSet } from "../../packages/formats/dist/node/index.js";
import { mlp, standardise } from "../../packages/nets/dist/index.js";
import { batchReader, functionData, kernelExecutor, labelledData, planTraining } from "../../packages/training/dist/index.js";
import { serve } from "./serve.mjs";

const jobs = {
  "train-narrow": { runs: 1000, widths: [1, ...Array(9).fill(2), 1], batch: 128 },
  "train-digits": { runs: 200, widths: [64, ...Array(8).fill(32), 10], batch: 64 },
  "train-wide": { runs: 32, widths: [64, ...Array(10).fill(128), 10], batch: 64 },
};
const [job, stepsText, folder] = process.argv.slice(2);
const steps = Number(stepsText);
const { runs, widths, batch } = jobs[job];
// Later, rounding has been magnified.
const compared = 5;

const plan = planTraining(mlp(widths), await dataOf(widths), {
  runs,
  batch,
  steps: Math.max(steps, compared),
  optimizer: "adam",
});
let groups = [];
if (folder) {
  await prepare();
  await writeStart();
} else
  await serve(async () => {
    await prepare();
    return train;
  });

/** The networks as they are drawn. */
async function prepare() {
  for (const group of groups) group.dispose();
  groups = [];
  for (let first = 0; first < runs; first += 64)
    groups.push(await kernelExecutor.prepare(plan, first, Math.min(64, runs - first)));
}

/** x sin 5x at points of [-sqrt 3, sqrt 3], or the digits, every pixel with mean 0 and variance 1. */
async function dataOf([inputs]) {
  if (inputs === 1) return functionData("x-sin-5x", { points: 3000, inputs, outputs: 1 });
  const { name, points, labels } = await readDataSet("digits");
  return labelledData({ name, points: standardise(points, { channels: inputs }).points, labels });
}

/** The mean over the networks of the loss on the batch of step 5. */
async function train() {
  let loss = 0;
  for (const group of groups) {
    await group.advance(compared);
    loss += group.losses().reduce((sum, value) => sum + value, 0) / runs;
    await group.advance(steps - compared);
  }
  return { value: loss, standardError: 0 };
}

async function writeStart() {
  const { inputs, targets, loss } = plan;
  const reader = batchReader(plan, 0);
  const batches = Array.from({ length: steps }, (_, step) => Array.from(reader(step)));
  const floats = [...groups.map((group) => group.save().parameters), inputs.data, targets.data].map((values) =>
    Buffer.from(Float32Array.from(values).buffer),
  );
  writeFileSync(join(folder, "floats"), Buffer.concat(floats));
  const sizes = { runs, widths, points: inputs.rows, targets: targets.cols };
  writeFileSync(join(folder, "start.json"), JSON.stringify({ ...sizes, loss: loss.name, compared, batches }));
}
