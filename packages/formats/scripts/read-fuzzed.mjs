import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { SondeError, stream } from "@sonde/core";
import { graphShapes, isGraphForm, readArchitecture, readGraph, runGraph } from "@sonde/nets";
import {
  describedNetwork,
  holdsRecording,
  modelArchitecture,
  modelGraph,
  modelLayers,
  recogniseInitialiser,
} from "../dist/index.js";
import { readArrays, readDataSet, withModel } from "../dist/node/index.js";
import { parseYaml } from "../dist/yaml/index.js";
import { watchFiles } from "./watch-files.mjs";

/** Multiplications, and values, of a network that is run. */
const runnable = { work: 1e9, values: 5e6 };

/**
 * Reads files in a folder of their own, beside which lies a secret that a link, a linked folder and a pipe within lead to, and says what became of each and how much processor time it took: `read`, `built` as a graph, `run`, each perhaps `as list`, `refused` with a sentence, or `failed` with the reason.
 */
export async function reader(seeds) {
  const root = mkdtempSync(join(tmpdir(), "sonde-fuzz-"));
  process.on("exit", () => rmSync(root, { recursive: true, force: true }));
  const inside = join(root, "model");
  const secret = join(root, "secret");
  mkdirSync(inside);
  writeFileSync(secret, new Uint8Array(4096));
  symlinkSync(secret, join(inside, "link"));
  symlinkSync(root, join(inside, "folder"));
  execFileSync("mkfifo", [join(inside, "pipe")]);
  const set = ({ name, beside = {}, linked, bytes }) => {
    const path = join(inside, name);
    writeFileSync(path, bytes);
    for (const [other, from] of Object.entries(beside)) {
      rmSync(join(inside, other), { force: true });
      if (linked) symlinkSync(secret, join(inside, other));
      else copyFileSync(from, join(inside, other));
    }
    return path;
  };
  // What is loaded when it is needed is loaded now.
  for (const seed of seeds.filter(({ name }) => /\.(keras|h5|csv\.gz)$/.test(name)).slice(0, 20))
    await readers[seed.kind](set({ ...seed, bytes: seed.bytes() })).catch(() => {});
  const opened = watchFiles();

  return async (file) => {
    const path = set(file);
    opened();
    const started = process.cpuUsage();
    let outcome;
    try {
      outcome = await readers[file.kind](path);
    } catch (error) {
      outcome = "refused";
      try {
        checkSentence(error);
      } catch (failure) {
        outcome = `failed: ${failure.message}`;
      }
    }
    const { user, system } = process.cpuUsage(started);
    const ms = (user + system) / 1000;
    const all = opened();
    const outside = all.find((other) => !other.startsWith(inside + sep));
    if (outside !== undefined) outcome = `failed: it opened ${outside}`;
    if (!all.includes(path)) outcome = "failed: the model was not seen to be opened, so nothing would have been";
    rmSync(path);
    return { outcome, ms };
  };
}

const readers = {
  model: (path) => withModel(path, readModel),
  async arrays(path) {
    const arrays = await readArrays(path);
    return arrays.length > 0 ? "arrays" : "no arrays";
  },
  async data(path) {
    const { points } = await readDataSet(path, { points: 3 });
    return points.rows > 0 ? "data" : "no data";
  },
  async architecture(path) {
    const { readFileSync } = await import("node:fs");
    const text = readFileSync(path, "utf8");
    let value;
    if (path.endsWith(".yaml")) value = parseYaml(text);
    else
      try {
        value = JSON.parse(text);
      } catch {
        return "no JSON";
      }
    try {
      readArchitecture(value);
    } catch (error) {
      checkSentence(error);
      if (value === null || typeof value !== "object" || !isGraphForm(value)) throw error;
    }
    return isGraphForm(value) ? ran(describedNetwork(readGraph(value), stream(0)), "graph") : "architecture";
  },
};

/** What became of a model. */
function readModel(model) {
  let outcome = "read";
  recogniseInitialiser(model, modelLayers(model));
  holdsRecording(model);
  try {
    outcome = ran(modelGraph(model, { points: 1, activation: "relu" }), "built");
    modelArchitecture(model, { activation: "relu" });
    outcome = `${outcome} as list`;
  } catch (error) {
    checkSentence(error);
  }
  for (const tensor of model.tensors.slice(0, 50))
    try {
      if (count(tensor.shape) < 1e7) tensor.values();
    } catch (error) {
      checkSentence(error);
    }
  return outcome;
}

/** Runs a network that is no larger than what is run here. */
function ran({ graph, weights }, built) {
  const shaped = graphShapes(graph);
  const inputs = graph.inputs.map(({ name, shape, entries }) => [name, shape, entries]);
  const sizes = [
    ...shaped.flatMap(({ output, weights: own }) => [output, ...Object.values(own).map(({ shape }) => shape)]),
    ...inputs.map(([, shape]) => shape),
  ];
  const work = shaped.reduce((sum, own) => sum + own.work, 0);
  if (!(work < runnable.work && sizes.reduce((sum, shape) => sum + count(shape), 0) < runnable.values)) return built;
  const given = inputs.map(([name, shape, entries]) => [
    name,
    { shape, data: new Float64Array(count(shape)).fill(entries === undefined ? 0.5 : 1) },
  ]);
  runGraph(graph, weights, Object.fromEntries(given));
  return "run";
}

function count(shape) {
  return shape.reduce((a, b) => a * b, 1);
}

function checkSentence(error) {
  if (!(error instanceof SondeError)) throw new Error(error?.stack ?? String(error));
  if ([...error.message].some((character) => character < " ") || error.message.length > 1000 || error.message.length < 10)
    throw new Error(`no sentence: ${JSON.stringify(error.message.slice(0, 200))}`);
}
