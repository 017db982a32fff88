import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";
import { fileURLToPath } from "node:url";
import { stream } from "../../packages/core/dist/index.js";
import { exposableValues, foreignNetwork, gaussianPoints, modelGraph } from "../../packages/formats/dist/index.js";
import { withModel } from "../../packages/formats/dist/node/index.js";
import { runGraph } from "../../packages/nets/dist/index.js";
import { installedRuntime, onnxruntime } from "../../packages/onnxruntime/dist/index.js";
import { installedOnnxruntime } from "./lib/onnxruntime-node.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const fixtures = here("../../packages/formats/test/fixtures");
const command = here("../../apps/cli/bundle/main.js");
const script = here("lib/make_foreign_models.py");

/** Points of a comparison, and networks like a model. */
const points = 64;
const networks = 20;

/**
 * `@sonde/onnxruntime` with the real onnxruntime-node, which is installed into a temporary folder (46 MB are used, 288 MB come) unless SONDE_ONNXRUNTIME names one: every value between the operators of the models among the fixtures
 * against Sonde's own executor, largest difference over the largest value, 1e-5 at most; and `sonde check` on models that Sonde does not run (`If`, `Loop`, functions, operators of ONNX Runtime's own, an LSTM with lengths, weights beside the file) against the same on
 * twins of standard operators, which it runs itself. Debian's python3-onnx makes them; `/usr/bin/python3` unless SONDE_PYTHON names another.
 */
export async function* rows() {
  const folder = mkdtempSync(join(tmpdir(), "sonde-onnxruntime-"));
  try {
    process.env.SONDE_ONNXRUNTIME ??= installedOnnxruntime(folder);
    for (const name of ["models", "exported"])
      for (const file of readdirSync(join(fixtures, name)).filter((one) => one.endsWith(".onnx")))
        yield* valuesOf(join(fixtures, name, file));
    execFileSync(process.env.SONDE_PYTHON ?? "/usr/bin/python3", [script, folder], { stdio: ["ignore", "ignore", "inherit"] });
    for (const name of ["known", "sized"]) yield* valuesOf(join(folder, `${name}.onnx`));
    for (const file of readdirSync(folder)
      .filter((one) => one.endsWith("-twin.onnx"))
      .sort())
      yield* twins(join(folder, file.replace("-twin", "")), join(folder, file));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every value that both programs compute. */
async function* valuesOf(path) {
  const { name } = parse(path);
  yield* await withModel(path, async (file) => {
    let own;
    try {
      own = modelGraph(file, { points: 3 });
    } catch {
      // What Sonde does not run is compared with a twin.
      return [];
    }
    const given = Object.fromEntries(own.graph.inputs.map((input, k) => [input.name, valuesFor(input, k)]));
    const made = new Map();
    const outputs = runGraph(own.graph, own.weights, given, { observe: ({ node }, value) => made.set(node.name, copyOf(value)) });
    for (const [value, found] of Object.entries(outputs)) made.set(value, found);
    const program = onnxruntime(path, installedRuntime());
    try {
      const { inputs: types } = foreignNetwork(file);
      const session = await program.open(exposableValues(file));
      const wanted = session.outputs.filter((value) => made.has(value));
      const fed = types.map(({ name: input, type }) => ({ name: input, type, ...given[input] }));
      const found = await session.run(fed, wanted);
      return [
        {
          case: `${name}: ${wanted.length} values`,
          ours: Math.max(...found.map((value) => apart(value, made.get(value.name)))),
          reference: 0,
          tolerance: 1e-5,
        },
      ];
    } catch (error) {
      console.log(`  ${name}: ${error.message.slice(0, 200)}`);
      return [];
    } finally {
      program.close();
    }
  });
}

function valuesFor({ shape, entries }, k) {
  const size = shape.reduce((product, n) => product * n, 1);
  const { data } = gaussianPoints(stream(k), 1, size);
  return { shape, data: entries === undefined ? data : data.map((value) => Math.floor(Math.abs(value) * 7) % entries) };
}

const copyOf = ({ shape, data }) => ({ shape, data: data.slice() });

function apart({ shape, data }, reference) {
  if (data.length !== reference.data.length || String(shape) !== String(reference.shape)) return Number.POSITIVE_INFINITY;
  let [most, largest] = [0, Number.MIN_VALUE];
  data.forEach((value, k) => {
    if (value === reference.data[k]) return;
    most = Math.max(most, Math.abs(value - reference.data[k]));
    largest = Math.max(largest, Math.abs(reference.data[k]));
  });
  return most / largest;
}

/** A model that onnxruntime-node runs and its twin that Sonde runs: verdict, figures layer by layer, and networks like them. */
function* twins(path, twin) {
  const { name } = parse(path);
  const [one, other] = [path, twin].map(checked);
  if (!one.result.program) throw new Error(`${name} was not run by onnxruntime-node`);
  yield { case: `${name}: exit code`, ours: one.code, reference: other.code };
  yield { case: `${name}: verdict`, ours: Number(one.result.verdict === other.result.verdict), reference: 1 };
  const [layers, theirs] = [one, other].map(({ result }) => result.layers);
  // A loop shows only its last state.
  const pairs = name === "loop" ? [[layers.at(-1), theirs.at(-1)]] : layers.map((layer, l) => [layer, theirs[l]]);
  if (name !== "loop") yield { case: `${name}: layers`, ours: layers.length, reference: theirs.length };
  for (const [what, of] of Object.entries(figures)) {
    const differences = pairs.flatMap(([a, b]) =>
      Number.isFinite(of(a)) && Number.isFinite(of(b)) ? [Math.abs(of(a) - of(b))] : [],
    );
    if (differences.length > 0) yield { case: `${name}: ${what}`, ours: Math.max(...differences), reference: 0, tolerance: 1e-4 };
  }
  for (const { figure, mean, sd } of one.result.like.figures) {
    const same = other.result.like.figures.find((figureLike) => figureLike.figure === figure);
    if (!same || !["logSin2", "vni", "growth"].includes(figure) || name === "loop") continue;
    const error = (spread) => spread / Math.sqrt(networks);
    yield {
      case: `${name}: ${figure} of networks like it`,
      ours: mean,
      standardError: error(sd),
      reference: same.mean,
      referenceError: error(same.sd),
    };
  }
}

const figures = {
  "ln mean square": ({ signal }) => signal.logMeanSquare.value ?? Number.NaN,
  "living ratio": ({ livingRatio }) => livingRatio.value,
  "ln sin^2 above the rounding": ({ logSin2 }) => (logSin2?.value > -12 ? logSin2.value : Number.NaN),
};

function checked(path) {
  const args = [command, "check", path, "--points", points, "--networks", networks, "--json", "--quiet"].map(String);
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 2 ** 28 });
  if (status > 1) throw new Error(`sonde check ${parse(path).name} ended with ${status}: ${stderr}`);
  return { code: status, ...JSON.parse(stdout) };
}
