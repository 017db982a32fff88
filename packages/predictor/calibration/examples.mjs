import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { median } from "@sonde/core";
import { parseNotation } from "@sonde/nets";
import { rowsOf } from "./rows.mjs";
import { sampled } from "./sample.mjs";

const file = new URL("experiment.json.gz", import.meta.url);

/** Whether networks with these skills failed: the median below one half. */
export function fails(skills) {
  return median(skills) < 0.5 ? 1 : 0;
}

/** Everything that is known of the architectures that were trained and measured, from the rows where there are any, and otherwise from the file that was made of them. */
export function examples() {
  const rows = joined();
  if (rows.length > 0) return rows;
  if (!existsSync(file)) throw new Error("there is no experiment.json.gz: run train.mjs and measure.mjs");
  const { columns } = JSON.parse(gunzipSync(readFileSync(file)).toString());
  return columns.k.map((k, i) => ({
    ...described(k),
    ...Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[i]])),
  }));
}

/** Writes one column for each field, so that it compresses well. */
export function keep(rows) {
  const fields = ["k", "adam", "sgd", "indicators", "largestLearningRate", "proxies"];
  const columns = Object.fromEntries(fields.map((name) => [name, rows.map((row) => row[name] ?? null)]));
  writeFileSync(file, gzipSync(JSON.stringify({ columns }), { level: 9 }));
}

function joined() {
  const [measured, proxies] = ["measured", "proxies"].map((kind) => new Map(rowsOf(kind).map((row) => [row.k, row])));
  return rowsOf("trained").flatMap(({ k, adam, sgd }) => {
    const own = measured.get(k);
    if (!own) return [];
    const { k: _, ...scores } = proxies.get(k) ?? {};
    return [
      { ...described(k), adam, sgd, indicators: own.indicators, largestLearningRate: own.largestLearningRate, proxies: scores },
    ];
  });
}

function described(k) {
  const question = sampled(k);
  const { model, options, task } = question;
  const all = parseNotation(model);
  return {
    ...question,
    changed: question.inputs,
    inputs: all[0],
    outputs: all.at(-1),
    widths: all.slice(1, -1),
    groups: [
      ...(options.activation === "relu" && !options.norm && !options.skip ? ["ReLU, plain"] : []),
      ...(options.activation === "relu" ? [] : ["other activations"]),
      ...(options.norm ? ["normalised"] : []),
      ...(options.skip === "residual" ? ["residual"] : []),
      task === "digits" || task === "fashion-mnist" ? "classification" : "regression",
    ],
  };
}
