// node packages/predictor/calibration/measure.mjs [SHARD/OF]: measures every architecture of rows/trained-*.jsonl before training, as a change is measured that the doctor tries, and appends what it finds to
// rows/measured-SHARD.jsonl. What is in any such file already is left out.
import { appendFileSync } from "node:fs";
import { mlp } from "@sonde/nets";
import { briefEffort, measureWithin } from "@sonde/predictor";
import { rowsOf } from "./rows.mjs";
import { sampled } from "./sample.mjs";
import { summary } from "./summary.mjs";
import { dataFor } from "./tasks.mjs";

const [shard = "0/1"] = process.argv.slice(2);
const [own, of] = shard.split("/").map(Number);
const done = new Set(rowsOf("measured").map(({ k }) => k));
for (const { k } of rowsOf("trained")) {
  if (k % of !== own || done.has(k)) continue;
  const question = sampled(k);
  const start = performance.now();
  const architecture = mlp(question.model, question.options);
  const { inputs } = await dataFor(question);
  const measured = await measureWithin(architecture, briefEffort({ data: inputs, seed: k }), 2e9);
  const row = {
    k,
    seconds: Number(((performance.now() - start) / 1000).toFixed(3)),
    ...(measured && summary(architecture, measured)),
  };
  appendFileSync(new URL(`rows/measured-${own}.jsonl`, import.meta.url), `${JSON.stringify(row)}\n`);
}
