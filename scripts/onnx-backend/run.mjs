// node scripts/onnx-backend/run.mjs FOLDER [PATTERN]: runs the cases that cases.py took apart, and says of each operator that Sonde runs itself how many of its cases agree to 1e-5.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { modelGraph, parseNpy, runOperators } from "../../packages/formats/dist/index.js";
import { withModel } from "../../packages/formats/dist/node/index.js";
import { runGraph } from "../../packages/nets/dist/index.js";

const [folder, pattern = "."] = process.argv.slice(2);
const cases = JSON.parse(readFileSync(join(folder, "cases.json"), "utf8"));
const known = new Set(runOperators());
const asked = new RegExp(pattern);
const array = (name) => {
  const { shape, data } = parseNpy(new Uint8Array(readFileSync(join(folder, name))));
  return { shape, data: Float64Array.from(data, Number) };
};

/** The largest difference over 1 or the expected magnitude; infinite for another shape. */
function difference({ shape, data, values }, expected) {
  const got = { shape, data: data ?? Float64Array.from(values(), Number) };
  if (got.data.length !== expected.data.length || String(got.shape) !== String(expected.shape)) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (const [k, want] of expected.data.entries()) {
    const own = got.data[k];
    if (Object.is(own, want) || own === want || (Number.isNaN(own) && Number.isNaN(want))) continue;
    most = Math.max(most, Math.abs(own - want) / Math.max(1, Math.abs(want)));
  }
  return most;
}

async function run({ name, outputs }) {
  return withModel(join(folder, `${name}.onnx`), (model) => {
    const { graph, weights } = modelGraph(model);
    const made = runGraph(
      graph,
      weights,
      Object.fromEntries(graph.inputs.map(({ name: input }) => [input, array(`${name}-in.npy`)])),
    );
    const computed = graph.outputs.map((output) => made[output]);
    // An output that does not depend on the input is a constant of the model.
    const values = model.outputs.map((output) => model.tensors.find((tensor) => tensor.name === output.name) ?? computed.shift());
    return Math.max(
      ...Array.from({ length: outputs }, (_, k) =>
        values[k] ? difference(values[k], array(`${name}-out${k}.npy`)) : Number.POSITIVE_INFINITY,
      ),
    );
  });
}

const table = new Map();
const failed = [];
for (const one of cases) {
  const { name, operators, left, types = [] } = one;
  if (!asked.test(name) || !operators.every((operator) => known.has(operator) || operator === "Constant")) continue;
  const operator = operators.find((own) => own !== "Constant") ?? "Constant";
  const row = table.get(operator) ?? { agree: 0, refused: 0, wrong: 0, left: 0 };
  table.set(operator, row);
  if (left) {
    row.left++;
    continue;
  }
  try {
    // Half precision rounds each step of its own.
    const off = await run(one);
    if (off <= (types.includes("float16") ? 1e-2 : 1e-5)) row.agree++;
    else {
      row.wrong++;
      failed.push(`${name} (${types.join(", ")}): off by ${off}`);
    }
  } catch (error) {
    row.refused++;
    failed.push(`${name} (${types.join(", ")}): ${error.message.replace(/^"[^"]*": /, "").slice(0, 160)}`);
  }
}
const sum = (key) => [...table.values()].reduce((total, row) => total + row[key], 0);
for (const [operator, { agree, refused, wrong, left }] of [...table].sort())
  console.log(
    `${operator}: ${agree} agree${refused ? `, ${refused} refused` : ""}${wrong ? `, ${wrong} wrong` : ""}${left ? `, ${left} without numbers` : ""}`,
  );
for (const line of failed) console.log(`  ${line}`);
console.log(`${table.size} operators, ${sum("agree")} cases agree, ${sum("wrong")} wrong, ${sum("refused")} refused`);
