// node packages/kernels-native/scripts/same-bits.mjs [COMMAND ...]: thirty requests of every command that computes, run once in WebAssembly and once for each kind of native vectors that is built
// and this processor has; the MD5 of `result` of every answer must be the same. Minutes.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const each = 30;
const models = ["1-2x9-1", "3-5x4-2", "8-16x6-4", "2-33x3-1", "17-70x2-3", "64-32x3-10", "4-48x12-1"];
const activations = ["relu", "tanh", "gelu", "leaky-relu:0.1", "silu", "erf", "softplus", "elu", "selu", "sigmoid", "sin", "abs"];
const plain = [[], ["--bias", "like-weights"], ["--init", "he-uniform"], ["--bias", "normal:0.1"]];
const shapes = [...plain, ["--norm", "layer"], ["--skip", "residual", "--block", "1"], ["--norm", "batch"], ["--skip", "dense"]];
const pick = (list, k) => list[k % list.length];

/** A request of the kind, the k-th of thirty: models, activations and shapes of networks have numbers without a common factor, so that they meet in other pairs. */
const model = (command, k, ...more) => {
  const chosen = ["--activation", pick(activations, k), ...pick(shapes, k)];
  return [command, pick(models, k), ...chosen, "--seed", String(k), "--threads", "1", ...more];
};
const relu = (command, k, ...more) => [
  command,
  pick(models, k),
  ...pick(plain, k),
  "--seed",
  String(k),
  "--threads",
  "1",
  ...more,
];
/** Claims whose quick runs take a second or two. */
const claims = [
  ...["bounds", "single-layer", "shrinking-set", "convergence", "sign-flipping", "architecture"].map(
    (name) => `neuron-death/${name}`,
  ),
  ...["histograms", "vanilla", "batch-norm", "residual", "residual-convolutional"].map((name) => `moments/${name}`),
  ...["angles/degenerate", "angles/prediction", "vanishing-nodes/with-depth", "vanishing-nodes/effective-nodes"],
];
/** Files of models that the formats are tested with, without those that are refused. */
const refused = ["chunked.h5", "elsewhere.h5", "legacy.pt", "module.pt", "script.pt"];
const files = readdirSync(new URL("../../formats/test/fixtures/models/", import.meta.url), { recursive: true })
  .filter((name) => /(\.(onnx|safetensors|pt|keras|h5)|model\.json)$/.test(name) && !refused.includes(name))
  .sort()
  .map((name) => fileURLToPath(new URL(`../../formats/test/fixtures/models/${name}`, import.meta.url)));
const rates = ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw"];
const requests = {
  check: (k) => model("check", k, "--networks", "40", "--points", "24"),
  death: (k) => (k % 2 ? model : relu)("death", k, "--networks", "200", "--points", "24"),
  // Only Gaussian weights have the law.
  angles: (k) => {
    const law = pick(shapes, k).includes("he-uniform") ? [] : ["--method", "law"];
    return model("angles", k, "--networks", "40", ...pick([[], law, ["--method", "weights"]], k));
  },
  vni: (k) => model("vni", k, "--networks", "20", "--points", "40"),
  moments: (k) => model("moments", k, "--networks", "8", "--batch", "16"),
  advise: (k) => relu("advise", k, "--networks", "40", "--points", "16"),
  // Batch norm has no kernel: layer norm in its place.
  kernel: (k) => model("kernel", k, "--networks", "40", "--points", "12").map((word) => (word === "batch" ? "layer" : word)),
  train: (k) => {
    const [widths, ...task] = pick(tasks, k);
    const [, , ...rest] = model("train", k, "--runs", "9", "--steps", "25", "--batch", "16", "--optimizer", pick(rates, k));
    return ["train", widths, ...rest, ...task];
  },
  predict: (k) => ["predict", pick(models.slice(3), k), "--activation", pick(["relu", "linear", "leaky-relu:0.2", "abs"], k)],
  phase: (k) => [
    "phase",
    "--activation",
    pick(activations, k),
    "--weight-variance",
    String(1 + k / 20),
    "--bias-variance",
    "0.05",
  ],
  inspect: (k) => ["inspect", pick(files, k)],
  sweep: (k) => {
    const [, , ...rest] = relu("death", k, "--networks", "50", "--points", "24");
    return ["sweep", "death", "1-2x3-1", ...rest, "--grid", `width=2..${3 + (k % 3)}`, "--grid", "depth=1,3"];
  },
  reproduce: (k) => ["reproduce", pick(claims, k), "--seed", String(k), "--threads", "1"],
};

/** Networks that can be trained, and on what. */
const tasks = [
  ["1-2x9-1", "--target", "x-sin-5x", "--points", "100"],
  ["2-33x3-2", "--target", "abs-2d", "--points", "100"],
  ["64-32x3-10", "--data", "digits", "--points", "200"],
  ["2-6x3-1", "--target", "xor", "--points", "40"],
  ["1-16x4-1", "--target", "step-sin", "--points", "100", "--own-batches"],
];

if (process.argv[2] === "--answer") await answer();
else await compare(process.argv.slice(2));

/** Answers requests, a line of JSON each, by this process's kernels: MD5 of `result`, exit code. */
async function answer() {
  const { run } = await import(new URL("../../../apps/cli/dist/program.js", import.meta.url));
  const { kernelHost } = await import(new URL("../../kernels/dist/index.js", import.meta.url));
  const { kind, vectors } = kernelHost();
  const write = process.stdout.write.bind(process.stdout);
  write(`${JSON.stringify({ kind, vectors })}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    let text = "";
    process.stdout.write = (chunk, ...rest) => {
      text += chunk;
      rest.findLast((one) => typeof one === "function")?.();
      return true;
    };
    const args = JSON.parse(line);
    const store = args[0] === "sweep" ? mkdtempSync(join(tmpdir(), "sonde-same-bits-")) : undefined;
    const code = await run([...args, ...(store ? ["--store", store] : []), "--json", "--quiet"]);
    process.stdout.write = write;
    const result = store ? takeRecords(store) : text && JSON.parse(text).result;
    const md5 = result ? createHash("md5").update(JSON.stringify(result)).digest("hex") : undefined;
    write(`${JSON.stringify({ code, md5 })}\n`);
  }
}

/** The results of a sweep's cells, by cell; the store goes. */
function takeRecords(store) {
  const records = readdirSync(join(store, "records")).flatMap((file) =>
    readFileSync(join(store, "records", file), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  );
  rmSync(store, { recursive: true });
  return records.sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ id, result }) => ({ id, result }));
}

async function compare(wanted) {
  const names = wanted.length > 0 ? wanted : Object.keys(requests);
  const wasm = await start("wasm", "");
  const native = [];
  for (const vectors of ["avx512", "avx2", "base"]) {
    const host = await start("native", vectors);
    if (host) native.push(host);
  }
  if (native.length === 0) throw new Error("there are no native kernels here: npm run native -- -- --all");
  console.log(`WebAssembly and native ${native.map(({ vectors }) => vectors).join(", ")}`);
  let [different, without] = [0, 0];
  for (const name of names) {
    let same = 0;
    let none = 0;
    for (let k = 0; k < each; k++) {
      const args = requests[name](k);
      const [first, ...others] = await Promise.all([wasm, ...native].map((host) => host.ask(args)));
      if (!first.md5) {
        none++;
        console.log(`  no result: sonde ${args.join(" ")}`);
      }
      if (others.every(({ md5, code }) => md5 === first.md5 && code === first.code)) same++;
      else console.log(`  differs: sonde ${args.join(" ")}`);
    }
    different += each - same;
    without += none;
    console.log(`${name}: ${same} of ${each} the same${none ? `, ${none} without a result` : ""}`);
  }
  for (const host of [wasm, ...native]) host.stop();
  process.exitCode = different || without ? 1 : 0;
}

/** A process that answers with these kernels; undefined where there are none. */
async function start(kernels, vectors) {
  const env = { ...process.env, SONDE_KERNELS: kernels, SONDE_VECTORS: vectors };
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), "--answer"], { env, stdio: ["pipe", "pipe", "ignore"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value } = await lines.next();
  if (!value) return undefined;
  const ask = async (args) => {
    child.stdin.write(`${JSON.stringify(args)}\n`);
    const { value: text } = await lines.next();
    if (!text) throw new Error(`${kernels} ${vectors} ended at: sonde ${args.join(" ")}`);
    return JSON.parse(text);
  };
  return { ...JSON.parse(value), ask, stop: () => child.kill() };
}
