import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";
import { fileURLToPath } from "node:url";
import { modelGraph } from "../../packages/formats/dist/index.js";
import { readArrays, withModel } from "../../packages/formats/dist/node/index.js";
import { runGraph } from "../../packages/nets/dist/index.js";

const script = fileURLToPath(new URL("lib/make_models.py", import.meta.url));

/**
 * What networks put out that PyTorch and torchvision export with random weights, against PyTorch in float32: the largest difference over the largest output, which is 1e-5 at most. Debian's
 * python3-torch, python3-torchvision and python3-onnx make them (2 GB in a temporary folder); `/usr/bin/python3` unless SONDE_PYTHON names another.
 */
export async function* rows() {
  const folder = mkdtempSync(join(tmpdir(), "sonde-models-"));
  try {
    const python = process.env.SONDE_PYTHON ?? "/usr/bin/python3";
    try {
      execFileSync(python, [script, folder], { stdio: ["ignore", "ignore", "pipe"], maxBuffer: 2 ** 28 });
    } catch (error) {
      const why = String(error.stderr ?? error.message)
        .trim()
        .split("\n")
        .pop();
      throw new Error(
        `${python} made no models (${why}): install python3-torchvision and python3-onnx, or name another by SONDE_PYTHON`,
      );
    }
    for (const file of readdirSync(folder).filter((name) => /\.(onnx|pt)$/.test(name)))
      yield { case: parse(file).name, ours: await differenceOrNone(folder, file), reference: 0, tolerance: 1e-5 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One that does not run does not keep the others from being compared. */
async function differenceOrNone(folder, path) {
  try {
    return await difference(folder, path);
  } catch (error) {
    console.log(`  ${error.message.slice(0, 300)}`);
    return Number.POSITIVE_INFINITY;
  }
}

function difference(folder, path) {
  const { name } = parse(path);
  return withModel(join(folder, path), async (file) => {
    const [[x], [y]] = await Promise.all(["in", "out"].map((end) => readArrays(join(folder, `${name}-${end}.npy`))));
    const { graph, weights } = modelGraph(file, { points: x.shape[0], input: x.shape.slice(1) });
    const given = { [graph.inputs[0].name]: { shape: x.shape, data: Float64Array.from(x.data, Number) } };
    const { shape, data } = runGraph(graph, weights, given)[graph.outputs[0]];
    if (String(shape) !== String(y.shape)) return Number.POSITIVE_INFINITY;
    let [most, largest] = [0, 0];
    data.forEach((value, k) => {
      most = Math.max(most, Math.abs(value - y.data[k]));
      largest = Math.max(largest, Math.abs(y.data[k]));
    });
    return most / largest;
  });
}
