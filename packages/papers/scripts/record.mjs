// node packages/papers/scripts/record.mjs [--scale quick|standard|full] [--images NAME] [--dry] [CLAIM|PAPER ...]: measures claims on one thread and writes records/PAPER/CLAIM.json, part by part, so that an interrupted
// run goes on where it stopped. Recorded parts whose settings are the same are not measured again. --dry writes nothing and prints every comparison; --judge measures nothing and compares again what is recorded.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { claims, claimsNamed, judged, partsAt, reproduce } from "@sonde/papers";
import { readRecord, recordFile } from "@sonde/papers/node";

// What reads data sets stands beside this package.
const { readDataSet } = await import(new URL("../../formats/dist/node/index.js", import.meta.url));
const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scale: { type: "string", default: "standard" },
    images: { type: "string" },
    dry: { type: "boolean", default: false },
    judge: { type: "boolean", default: false },
  },
});
const { scale, dry } = values;
const images = values.images ?? (scale === "quick" ? "digits" : "fashion-mnist");
const chosen = positionals.length > 0 ? positionals.flatMap(claimsNamed) : claims;
const readData = (name, options) => readDataSet(name, options);

for (const claim of chosen) {
  const known = dry ? [] : recorded(claim);
  const begun = process.cpuUsage();
  if (values.judge) {
    const wanted = partsAt(claim, { scale, images });
    const parts = wanted.flatMap((part) => known.find((one) => isSame(one, part)) ?? []);
    if (parts.length < wanted.length) console.error(`${claim.id}: ${wanted.length - parts.length} parts are not recorded`);
    else report(save(claim, judged(claim, { scale, seed: 0, parts, interrupted: false }), parts));
    continue;
  }
  let last = process.cpuUsage();
  const timed = [];
  const reproduction = await reproduce(claim, {
    scale,
    images,
    known: known.map(({ seconds: _, ...part }) => part),
    readData,
    threads: 1,
    finished(part) {
      const { user, system } = process.cpuUsage(last);
      last = process.cpuUsage();
      const before = known.find((one) => isSame(one, part));
      timed.push({ ...part, seconds: before?.seconds ?? Math.round((user + system) / 1e5) / 10 });
      if (!dry) save(claim, { ...judged(claim, { scale, seed: 0, parts: timed, interrupted: true }) }, timed);
    },
  });
  const { user, system } = process.cpuUsage(begun);
  if (!dry) save(claim, reproduction, timed);
  report(reproduction, (user + system) / 1e6);
}

/** Parts of this claim that are recorded, and of others that measure the same with the same settings. */
function recorded(claim) {
  const alike = claims.filter(({ measure }) => measure === claim.measure);
  return [claim, ...alike].flatMap((one) => readRecord(one, scale)?.parts ?? []);
}

function isSame(one, part) {
  return one.name === part.name && JSON.stringify(one.settings) === JSON.stringify(part.settings);
}

function save(claim, { parts: _, ...reproduction }, parts) {
  const file = recordFile(claim, scale);
  mkdirSync(dirname(file.pathname), { recursive: true });
  const record = { sonde: version, images: claim.needsImages ? images : "none", ...reproduction, parts };
  // A line for each part and each comparison.
  const { parts: _parts, comparisons, ...head } = record;
  const list = (rows) => `[\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(",\n")}\n ]`;
  const top = Object.entries(head).map(([key, value]) => ` ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  writeFileSync(file, `{\n${[...top, ` "parts": ${list(parts)}`, ` "comparisons": ${list(comparisons)}`].join(",\n")}\n}\n`);
  return record;
}

function report({ claim, verdict, comparisons }, seconds = 0) {
  console.log(`${claim}: ${verdict}, ${seconds.toFixed(1)} s`);
  for (const { what, ours, rule, expected, apart, outcome, bears } of comparisons)
    if (dry || outcome !== "holds")
      console.log(
        `  ${outcome.padEnd(9)} ${bears.padEnd(7)} ${what}: ${Number(ours.value).toPrecision(5)} ± ${(ours.standardError ?? 0).toPrecision(2)}, ${rule} ${Number(expected.value).toPrecision(5)} (${expected.origin})${apart === null ? "" : `, ${apart.toFixed(1)} se`}`,
      );
}
