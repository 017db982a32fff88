// node packages/predictor/calibration/measure.mjs [SHARD/OF]: reads the indicators of every architecture of rows/trained-*.jsonl before training, measured as the doctor measures a change that it tries, and appends them to
// rows/measured-SHARD.jsonl. What is in any such file already is left out.
import { appendFileSync } from "node:fs";
import { mlp } from "@sonde/nets";
import { briefEffort, measureWithin, readIndicators } from "@sonde/predictor";
import { rowsOf } from "./rows.mjs";
import { sampled } from "./sample.mjs";
import { dataFor } from "./tasks.mjs";

// What trains stands above this package.
const { planTraining } = await import(new URL("../../training/dist/index.js", import.meta.url));

const [shard = "0/1"] = process.argv.slice(2);
const [own, of] = shard.split("/").map(Number);
const done = new Set(rowsOf("measured").map(({ k }) => k));
const short = (value) => Number(value.toPrecision(5));

for (const { k } of rowsOf("trained")) {
  if (k % of !== own || done.has(k)) continue;
  const question = sampled(k);
  const start = performance.now();
  const architecture = mlp(question.model, question.options);
  const data = await dataFor(question);
  const { targets } = planTraining(architecture, data, { loss: "mse" });
  const measured = await measureWithin(architecture, briefEffort({ data: data.inputs, targets, seed: k }), 3e10);
  if (!measured) {
    console.error(`${k} is left out: too large to be measured as a change`);
    continue;
  }
  const readings = [...readIndicators(architecture, measured)].map(([name, { value, error }]) => [
    name,
    [short(value), short(error)],
  ]);
  const { largestLearningRate = null } = measured.conditioning ?? {};
  const row = {
    k,
    seconds: short((performance.now() - start) / 1000),
    largestLearningRate,
    indicators: Object.fromEntries(readings),
  };
  appendFileSync(new URL(`rows/measured-${own}.jsonl`, import.meta.url), `${JSON.stringify(row)}\n`);
}
