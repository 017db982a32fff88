import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { differences, dropFiles, recordOf, uncheckedOf } from "../site/doctor.mjs";
import { serveFolder } from "../site/serve.mjs";
import { installedOnnxruntime } from "./lib/onnxruntime-node.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const docs = here("../../apps/docs");
const command = here("../../apps/cli/bundle/main.js");
const script = here("lib/make_foreign_models.py");

/** The longest sum of these models has 289 terms; two programs that add them up in other orders are this far apart at most, as a share of the terms' sizes: 289 roundings of 2^-24. */
const tolerance = 289 * 2 ** -24;

/** Milliseconds for a model in the page. */
const patience = 300_000;

/**
 * The site's doctor, built and in Debian's Chromium, on the models that Sonde does not run, by onnxruntime-web, against `sonde check` on the same files by onnxruntime-node (installed into a temporary folder unless SONDE_ONNXRUNTIME names one):
 * the same verdict, layers and findings, and every number of the record within the rounding of the longest sum (for angles divided by their sine); and one sentence for what it refuses. Debian's chromium and python3-onnx.
 */
export async function* rows() {
  const folder = mkdtempSync(join(tmpdir(), "sonde-onnxruntime-web-"));
  process.env.SONDE_ONNXRUNTIME ??= installedOnnxruntime(folder);
  execFileSync(process.env.SONDE_PYTHON ?? "/usr/bin/python3", [script, folder], { stdio: ["ignore", "ignore", "inherit"] });
  execFileSync(process.execPath, [join(docs, "scripts/build.mjs")], { stdio: ["ignore", "ignore", "inherit"] });
  const site = await serveFolder(join(docs, ".vitepress/dist"));
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(patience);
    await page.goto(`${site.address}/doctor.html`, { timeout: patience });
    const models = readdirSync(folder).filter((file) => file.endsWith(".onnx"));
    for (const file of models.filter((one) => models.includes(one.replace(/\.onnx$/, "-twin.onnx"))).sort())
      yield* compared(page, folder, file);
    for (const [name, why] of refusals) yield* refused(page, join(folder, name), why);
  } finally {
    await browser.close();
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Models that are not run, and what is said of them. */
const refusals = [
  ["unknown.onnx", /^Not measured: onnxruntime-web [\d.]+ does not run it: .*Nonsense.* is not a registered function\/op$/],
  ["large.onnx", /^Not measured: onnxruntime-web [\d.]+ needs more memory than the 2048 MiB that it may take here: .*$/],
];

async function* compared(page, folder, file) {
  const { name } = parse(file);
  const beside = readdirSync(folder).filter((one) => one === `${name}.data`);
  await dropFiles(
    page,
    [file, ...beside].map((one) => join(folder, one)),
  );
  await page.getByRole("heading", { name: file, exact: true }).waitFor();
  const shown = await recordOf(page, patience);
  const { points } = shown.settings;
  const { networks } = shown.result.like;
  const printed = checked(join(folder, file), ["--points", points, "--networks", networks]);
  const own = ({ program: _, ...result }) => result;
  const found = [...differences(own(shown.result), own(printed.result), "")];
  const numbers = found.filter(({ one, other }) => typeof one === "number" && typeof other === "number");
  const words = found.filter((difference) => !numbers.includes(difference));
  for (const { at, one, other } of words) console.log(`  ${name}${at}: ${JSON.stringify(one)} and ${JSON.stringify(other)}`);
  yield { case: `${name}: run by the two`, ours: Number(isRunBy(shown, "web") && isRunBy(printed, "node")), reference: 1 };
  yield { case: `${name}: verdict`, ours: Number(shown.result.verdict === printed.result.verdict), reference: 1 };
  yield { case: `${name}: what is no number`, ours: words.length, reference: 0 };
  const angles = numbers.filter(({ at }) => layerOfAngle(at) !== undefined);
  const rest = numbers.filter(({ at }) => layerOfAngle(at) === undefined);
  yield { case: `${name}: ${count(printed.result)} numbers but angles`, ours: largest(rest, () => 1), reference: 0, tolerance };
  const spread = ({ at }) => meanInverseSine(printed.result.layers[layerOfAngle(at)]);
  yield { case: `${name}: angles, times sin`, ours: largest(angles, spread), reference: 0, tolerance };
}

function isRunBy({ result }, where) {
  return result.program.startsWith(`onnxruntime-${where} `);
}

/** The layer whose angles a number is of. */
function layerOfAngle(at) {
  return /^\.layers\.(\d+)\.(?:logSin2|angle)\b/.exec(at)?.[1];
}

/** The mean of 1 / sin over pairs whose ln sin^2 is normal: by how much a rounding of the activations is larger in their angle. */
function meanInverseSine({ logSin2 }) {
  return Math.exp(-logSin2.value / 2 + logSin2.sd ** 2 / 8);
}

function largest(numbers, scale) {
  const apart = ({ one, other }) => Math.abs(one - other) / Math.max(1, Math.abs(other));
  return Math.max(0, ...numbers.map((number) => apart(number) / scale(number)));
}

function count(value) {
  if (typeof value === "number") return 1;
  return typeof value === "object" && value !== null ? Object.values(value).reduce((sum, one) => sum + count(one), 0) : 0;
}

async function* refused(page, path, why) {
  const { base } = parse(path);
  await dropFiles(page, [path]);
  await page.getByRole("heading", { name: base, exact: true }).waitFor();
  const sentence = await uncheckedOf(page, patience);
  if (!why.test(sentence)) console.log(`  ${base}: ${sentence}`);
  yield { case: `${base}: one sentence`, ours: Number(why.test(sentence)), reference: 1 };
}

function checked(path, options) {
  const args = [command, "check", path, ...options, "--json", "--quiet"].map(String);
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 2 ** 28 });
  if (status > 1) throw new Error(`sonde check ${parse(path).name} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}
