// node packages/predictor/calibration/verdicts.mjs [held]: what the doctor says of every architecture of experiment.json.gz that calibrates (or, with `held`, that is held out), as it measures a change that it tries. Appends
// { k, verdict, findings, failure } to rows/verdicts-0.jsonl (verdicts-held.jsonl); what is there already is left out.
import { appendFileSync, mkdirSync } from "node:fs";
import { mlp } from "@sonde/nets";
import { briefEffort, measureWithin, vitalsOf } from "@sonde/predictor";
import { examples } from "./examples.mjs";
import { rowsOf } from "./rows.mjs";
import { dataFor } from "./tasks.mjs";

// What trains stands above this package.
const { planTraining } = await import(new URL("../../training/dist/index.js", import.meta.url));

const wantsHeld = process.argv[2] === "held";
const done = new Set(rowsOf("verdicts").map(({ k }) => k));
const file = new URL(`rows/verdicts-${wantsHeld ? "held" : "0"}.jsonl`, import.meta.url);
mkdirSync(new URL("rows/", import.meta.url), { recursive: true });

for (const question of examples()) {
  const { k, held, model, options } = question;
  if (held !== wantsHeld || done.has(k)) continue;
  const architecture = mlp(model, options);
  const data = await dataFor({ ...question, inputs: question.changed });
  const { targets } = planTraining(architecture, data, { loss: "mse" });
  const measured = await measureWithin(architecture, briefEffort({ data: data.inputs, targets, seed: k }), 3e10);
  if (!measured) continue;
  const { verdict, findings, failure } = vitalsOf(architecture, measured);
  appendFileSync(file, `${JSON.stringify({ k, verdict, findings, failure: Number(failure.value.toPrecision(4)) })}\n`);
}
