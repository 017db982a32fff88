import { spawnSync } from "node:child_process";
import { Worker } from "node:worker_threads";
import { matrix, normals, stream } from "@sonde/core";
import { beforeAll, describe, expect, it } from "vitest";
import { measureUnits, measureUnitsParallel } from "../src/index.js";

// Workers run the built module.
beforeAll(() => {
  const { status, stderr } = spawnSync(process.execPath, [new URL("../../../scripts/build.mjs", import.meta.url).pathname], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the build failed:\n${stderr}`);
}, 600_000);

const createWorker = () => new Worker(new URL("../dist/worker.js", import.meta.url), { execArgv: [] });

describe("measureUnitsParallel", () => {
  it.each([
    [900, 600],
    [300, 900],
  ])("%i points, %i units: the same bits with any number of threads", async (points, units) => {
    const data = Float32Array.from(normals(stream(1), new Float64Array(points * units)));
    const alone = measureUnits(matrix(points, units, data));
    for (const threads of [1, 2, 3])
      expect(await measureUnitsParallel(matrix(points, units, data), { threads, createWorker })).toEqual(alone);
  });

  it("ends with the reason of its signal", async () => {
    const data = normals(stream(1), new Float64Array(600 * 600));
    const reason = new Error("enough");
    await expect(
      measureUnitsParallel(matrix(600, 600, data), { threads: 2, createWorker, signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
  });
});
