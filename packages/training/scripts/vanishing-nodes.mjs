// node packages/training/scripts/vanishing-nodes.mjs [NETWORKS] [WORD]: can networks whose units have become copies of one another learn exclusive or? Sets every claim about vanishing nodes beside what random
// networks do: at initialisation, over depth and width after training, at single learning rates, while they train, and where gradients vanish too. Trains NETWORKS networks (default 100) in every row that
// vanishing-nodes.jsonl does not have yet, and draws up vanishing-nodes.md and pictures/vanishing-nodes-*.svg anew from all that it has. A row is written when it is finished: after an interruption the same command
// goes on. With WORD only rows whose name that regular expression fits are run.
import { writeFileSync } from "node:fs";
import { addRow, bestRow } from "./lib/rows.mjs";
import { claims } from "./vanishing-nodes/claims.mjs";
import { combinations } from "./vanishing-nodes/combinations.mjs";
import { during } from "./vanishing-nodes/during.mjs";
import { initialisation } from "./vanishing-nodes/initialisation.mjs";
import { maps } from "./vanishing-nodes/maps.mjs";
import { rates } from "./vanishing-nodes/rates.mjs";

const [networks = 100, word = ""] = [Number(process.argv[2] ?? 100), process.argv[3]];
const here = (name) => new URL(`../${name}`, import.meta.url);
const file = here("vanishing-nodes.jsonl");
const parts = [initialisation, maps, rates, during, combinations];
const find = (name) => bestRow(file, name);

for (const part of parts)
  for (const row of part.rows) {
    const wanted = Math.max(1, Math.ceil(networks * (part.share ?? 1)));
    if (!new RegExp(word).test(row.name) || find(row.name)?.networks >= wanted) continue;
    const begun = performance.now();
    const result = await part.run(row, wanted, find);
    addRow(file, { row: row.name, networks: wanted, ...result, seconds: Math.round((performance.now() - begun) / 100) / 10 });
    console.error(`${row.name}: ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  }

const found = new Map(parts.flatMap((part) => part.rows.flatMap((row) => find(row.name) ?? [])).map((row) => [row.row, row]));
const complete = parts.filter((part) => part.rows.every(({ name }) => found.has(name)));
const missing = parts.filter((part) => !complete.includes(part));
if (missing.length > 0) console.error(`not complete, so nothing is drawn up: ${missing.map(({ title }) => title).join(", ")}`);
else {
  const seconds = [...found.values()].reduce((sum, row) => sum + row.seconds, 0);
  writeFileSync(here("vanishing-nodes.md"), report(seconds));
  for (const part of parts) await part.draw(found);
}

function report(seconds) {
  return `# Vanishing nodes

Written by \`node packages/training/scripts/vanishing-nodes.mjs\`; ${(seconds / 60).toFixed(0)} minutes of one core. Unless said otherwise on the four corners of exclusive or with one output and mean squared error, all corners in every batch, so that
learned means that all four are told right. The VNI is that of the last hidden layer over the four corners, taken for the whole population. Two inputs keep it near 1/2 as long as nothing else raises it, and four corners above 1/3.

## Claims

${claims(found)}

${parts.map((part) => `## ${part.title}\n\n${part.report(found)}`).join("\n\n")}
`;
}
