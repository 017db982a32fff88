// Writes the records that figures of the site are drawn from: what the command line prints, without what is not drawn.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const home = dirname(dirname(fileURLToPath(import.meta.url)));
const sonde = join(home, "..", "..", "sonde");
const commands = {
  death: "death 1-2x9-1",
  angles: "angles 10-16x50-1 --networks 500",
  predict: "predict 10-16x50-1",
  vni: "vni 64-64x40-10 --activation tanh --init orthogonal --networks 24 --points 500",
  moments: "moments 16-64x40-1 --norm batch --networks 24 --batch 128",
  phase: "phase --activation tanh --weight-variance 0.5..4 --bias-variance 0..0.5 --grid 25",
};

/** Fields that no figure of the site shows. */
const undrawn = new Set([
  "locations",
  "samples",
  "quantiles",
  "networks",
  "standardError",
  "degenerateEstimate",
  "kurtosis",
  "meanAbsZ",
  "nu2",
  "mu2",
  "qStar",
  "cStar",
  "xiQ",
  "phase",
  "domain",
]);

mkdirSync(join(home, "records"), { recursive: true });
for (const [name, command] of Object.entries(commands)) {
  const { status, stdout, stderr } = spawnSync(sonde, [...command.split(" "), "--json", "--quiet"], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`sonde ${command}: ${stderr}`);
  const { result } = JSON.parse(stdout);
  writeFileSync(
    join(home, "records", `${name}.json`),
    `${JSON.stringify({ command: `sonde ${command}`, result: drawn(result) })}\n`,
  );
}

/** The result without what figures leave out, with the digits that a picture shows. */
function drawn(value, key = "") {
  if (undrawn.has(key)) return undefined;
  if (typeof value === "number") return Number(value.toPrecision(6));
  if (Array.isArray(value)) return value.map((entry) => drawn(entry));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, drawn(entry, name)]));
}
