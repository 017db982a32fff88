import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { inProcess, patience, useFolder } from "./sonde.js";

const python = "/usr/bin/python3";
const scripts = fileURLToPath(new URL("../../docs/python", import.meta.url));

/** Whether a module can be imported, without importing it. */
const has = (...modules: string[]) =>
  spawnSync(python, [
    "-c",
    `import importlib.util as u, sys; sys.exit(any(u.find_spec(m) is None for m in ${JSON.stringify(modules)}))`,
  ]).status === 0;
const [hasTorch, hasOnnx, hasSafetensors] = [has("torch", "numpy"), has("torch", "onnx"), has("torch", "safetensors")];

/** Runs scripts one after the other in one process, since loading PyTorch takes most of their time. */
function run(folder: string, names: readonly string[]): void {
  if (names.length === 0) return;
  const code = `import runpy; [runpy.run_path(p, run_name="__main__") for p in ${JSON.stringify(names.map((name) => join(scripts, name)))}]`;
  const { status, stderr } = spawnSync(python, ["-W", "ignore", "-c", code], { cwd: folder, encoding: "utf8" });
  expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
}

describe("the scripts for Python users", { timeout: patience }, () => {
  const folder = useFolder();
  beforeAll(() => {
    const torch = hasTorch ? ["record_hooks.py", "save_state_dict.py"] : [];
    const onnx = hasOnnx ? ["export_onnx.py"] : [];
    run(folder, [...torch, ...onnx, ...(hasSafetensors ? ["save_safetensors.py"] : [])]);
  }, patience);

  it.skipIf(!hasTorch)("save what sonde reads (skipped without Debian's python3-torch)", async () => {
    const { result } = JSON.parse(
      (await inProcess(["check", join(folder, "recorded.npz"), "--activation", "relu", "--json"])).stdout,
    );
    // Twenty layers of width 10 by PyTorch's own initialisation: every layer divides the signal by what its bias does not bring back.
    expect(result).toMatchObject({ verdict: "degenerate", inputs: { name: "input" }, outputs: { name: "logits" } });
    expect(result.layers.map(({ name }: { name: string }) => name)).toEqual(Array.from({ length: 20 }, (_, l) => `${2 * l + 1}`));
    expect(result.layers.every(({ gradient, linear }: { gradient: object; linear: object }) => gradient && linear)).toBe(true);
    expect(result.findings).toContainEqual(expect.objectContaining({ pathology: "vanishing-signal", severity: "degenerate" }));
    const weights = JSON.parse((await inProcess(["inspect", join(folder, "weights.pt"), "--json"])).stdout);
    expect(weights.result).toMatchObject({ format: "pytorch", initialiser: { name: "pytorch" } });
  });

  it.skipIf(!hasOnnx)("keep batch norm in ONNX (skipped without Debian's python3-torch and python3-onnx)", async () => {
    const { result } = JSON.parse((await inProcess(["inspect", join(folder, "model.onnx"), "--json"])).stdout);
    expect(result.layers.filter(({ kind }: { kind: string }) => kind === "norm")).toHaveLength(2);
    expect(result.unsupported).toEqual([]);
  });

  it.skipIf(!hasSafetensors)("save safetensors in order (skipped without the Python package safetensors)", async () => {
    const { result } = JSON.parse((await inProcess(["check", join(folder, "recorded.safetensors"), "--json"])).stdout);
    expect(result.layers.map(({ name }: { name: string }) => name)).toEqual(["relu1", "relu3"]);
  });
});
