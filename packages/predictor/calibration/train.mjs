// node packages/predictor/calibration/train.mjs FROM TO [SHARD/OF] [adam]: trains the sampled architectures FROM to TO - 1, four networks each, by both recipes or by Adam alone, and appends a line for each to rows/trained-SHARD.jsonl.
// What is in any file of rows already is left out: after an interruption the same command goes on.
import { appendFileSync, mkdirSync } from "node:fs";
import { median } from "@sonde/core";
import { mlp } from "@sonde/nets";
import { rowsOf } from "./rows.mjs";
import { sampled } from "./sample.mjs";
import { dataFor, lengths } from "./tasks.mjs";

// What trains stands above this package.
const { executorFor, kernelExecutor, lossOf, planTraining, referenceExecutor } = await import(
  new URL("../../training/dist/index.js", import.meta.url)
);

const networks = 4;
export const rates = [1e-4, 1e-3, 1e-2, 1e-1, 1];
/** Points that a network is judged by. */
const judged = 1024;

const [from, to, shard = "0/1", only] = process.argv.slice(2);
const [own, of] = shard.split("/").map(Number);
const folder = new URL("rows/", import.meta.url);
mkdirSync(folder, { recursive: true });
const done = new Set(rowsOf("trained").map(({ k }) => k));

for (let k = Number(from); k < Number(to); k++) {
  if (k % of !== own || done.has(k)) continue;
  const row = await trained(sampled(k));
  appendFileSync(new URL(`trained-${own}.jsonl`, folder), `${JSON.stringify(row)}\n`);
  const { adam, sgd, seconds } = row;
  console.error(
    k,
    row.model,
    JSON.stringify(row.options),
    row.task,
    "adam",
    adam.end.join(" "),
    ...(sgd ? ["sgd", sgd.rate, sgd.end.join(" ")] : []),
    seconds,
  );
}

/** What becomes of a sampled architecture by both recipes. */
async function trained(question) {
  const { k, task, model, options } = question;
  const architecture = mlp(model, options);
  const data = await dataFor(question);
  const { steps, batch } = lengths[task];
  const common = { data, steps, batch, runs: networks, seed: k, trainNorms: true };
  const start = performance.now();
  const adam = await opened(architecture, { ...common, optimizer: "adam", learningRate: 1e-3 });
  const initial = await adam.skills();
  await adam.to(steps / 10);
  const tenth = await adam.skills();
  await adam.to(steps);
  const end = await adam.skills();
  const middle = performance.now();
  const sgd = only === "adam" ? undefined : await bestRate(architecture, common);
  const seconds = [(middle - start) / 1000, (performance.now() - middle) / 1000].map((s) => Number(s.toFixed(2)));
  return { ...question, executor: adam.executor, initial, adam: { tenth, end }, sgd, seconds };
}

/** Momentum at the best of five rates: all go an eighth of the way, the two with the least loss three eighths, the better of them to the end. */
async function bestRate(architecture, common) {
  const runs = [];
  for (const learningRate of rates) {
    const run = await opened(architecture, { ...common, optimizer: "momentum", learningRate });
    const before = await run.lossOfAll();
    await run.to(common.steps / 8);
    runs.push({ learningRate, run, loss: await run.lossOfAll(), before });
  }
  const early = runs.map(({ loss, before }) => (Number.isFinite(loss) ? short(loss / before) : null));
  const byLoss = (a, b) => (Number.isFinite(a.loss) ? a.loss : Infinity) - (Number.isFinite(b.loss) ? b.loss : Infinity);
  const two = [...runs].sort(byLoss).slice(0, 2);
  for (const one of two) {
    await one.run.to((3 * common.steps) / 8);
    one.loss = await one.run.lossOfAll();
  }
  const [best] = two.sort(byLoss);
  await best.run.to(common.steps);
  return { rate: best.learningRate, early, end: await best.run.skills() };
}

/** A group of networks in training. */
async function opened(architecture, { data, ...recipe }) {
  const plan = planTraining(architecture, data, recipe);
  const executor = executorFor(plan, undefined, [kernelExecutor, referenceExecutor]);
  const group = await executor.prepare(plan, 0, networks);
  const rows = Math.min(judged, plan.inputs.rows);
  const head = (m) => ({ rows, cols: m.cols, data: m.data.subarray(0, rows * m.cols) });
  const [inputs, targets] = [head(plan.inputs), head(plan.targets)];
  const all = (value) => Array.from({ length: networks }, (_, n) => value(group.outputs ? group.outputs(n, inputs) : undefined));
  return {
    executor: executor.name,
    to: async (step) => group.advance(Math.round(step) - group.step),
    skills: async () => all((outputs) => short(data.classes ? accuracy(outputs, targets) : explained(outputs, targets))),
    lossOfAll: async () => {
      const losses = all(({ data: values, cols }) => lossOf(plan.loss, values, targets.data, cols));
      return losses.every(Number.isFinite) ? median(losses) : Number.NaN;
    },
  };
}

function accuracy({ rows, cols, data }, targets) {
  let right = 0;
  for (let p = 0; p < rows; p++) {
    let best = 0;
    for (let j = 1; j < cols; j++) if (data[p * cols + j] > data[p * cols + best]) best = j;
    if (best === targets.data[p]) right++;
  }
  return data.every(Number.isFinite) ? right / rows : -1;
}

/** 1 - mean squared error / variance of the targets; -1 where outputs are not finite, and never less. */
function explained({ rows, cols, data }, targets) {
  let [error, variance] = [0, 0];
  for (let j = 0; j < cols; j++) {
    let [sum, squares] = [0, 0];
    for (let p = 0; p < rows; p++) {
      const y = targets.data[p * cols + j];
      sum += y;
      squares += y * y;
      error += (data[p * cols + j] - y) ** 2;
    }
    variance += squares - (sum * sum) / rows;
  }
  const share = 1 - error / variance;
  return Number.isNaN(share) ? -1 : Math.max(share, -1);
}

function short(value) {
  return Number(value.toPrecision(4));
}
