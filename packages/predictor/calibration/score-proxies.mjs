// node packages/predictor/calibration/score-proxies.mjs [SHARD/OF]: the proxies of every measured architecture on 32 of its training points, the median of its four networks, into rows/proxies-SHARD.jsonl; what is there is left out.
import { appendFileSync } from "node:fs";
import { median } from "@sonde/core";
import { mlp } from "@sonde/nets";
import { proxies } from "./proxies.mjs";
import { rowsOf } from "./rows.mjs";
import { sampled } from "./sample.mjs";
import { dataFor } from "./tasks.mjs";

// What trains stands above this package.
const { initialNetwork, planTraining } = await import(new URL("../../training/dist/index.js", import.meta.url));

const [points, networks] = [32, 4];
const [shard = "0/1"] = process.argv.slice(2);
const [own, of] = shard.split("/").map(Number);
const done = new Set(rowsOf("proxies").map(({ k }) => k));

for (const { k } of rowsOf("measured")) {
  if (k % of !== own || done.has(k)) continue;
  const question = sampled(k);
  const plan = planTraining(mlp(question.model, question.options), await dataFor(question), {
    seed: k,
    runs: networks,
    steps: 1,
  });
  const head = (m) => ({ ...m, rows: Math.min(points, m.rows), data: m.data.subarray(0, Math.min(points, m.rows) * m.cols) });
  const batch = { inputs: head(plan.inputs), targets: head(plan.targets), loss: plan.loss };
  const each = Array.from({ length: networks }, (_, n) => proxies(initialNetwork(plan, n), batch));
  const names = Object.keys(each[0]);
  const row = Object.fromEntries(names.map((name) => [name, middle(each.map((one) => one[name]))]));
  appendFileSync(new URL(`rows/proxies-${own}.jsonl`, import.meta.url), `${JSON.stringify({ k, ...row })}\n`);
}

/** The median; of numbers that do not exist null. */
function middle(values) {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return null;
  const value = median(known);
  return Number.isFinite(value) ? Number(value.toPrecision(5)) : value > 0 ? "inf" : "-inf";
}
