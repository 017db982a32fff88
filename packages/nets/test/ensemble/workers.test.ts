import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { matrix, normals, stream, workerPool } from "@sonde/core";
import { describe, expect, it } from "vitest";
import { type EnsemblePlan, growEnsemble, type Metric, mlp, planEnsemble, runEnsemble } from "../../src/index.js";
import { trackedWorkers } from "./tracked-workers.js";

const inputs = matrix(4, 6, normals(stream(5), new Float64Array(24)));

function plan(metric: string, change: Partial<EnsemblePlan> = {}): EnsemblePlan {
  const metrics = [{ name: metric, options: {} }];
  const networks = 1000;
  const planned = planEnsemble({ architecture: mlp("6-8x3-1"), inputs, seed: 11, method: "weights", networks, metrics });
  // Enough work to be worth workers.
  return { ...planned, chunk: 8, work: 1e10, ...change };
}

/** What this thread needs of a metric that runs in workers. */
const merged = (name: string): Metric<unknown, undefined, { sums: number[] }> => ({
  name,
  trace: () => undefined,
  empty: () => ({ sums: [] }),
  fold: () => {},
  merge: (state, next) => {
    state.sums.push(...next.sums);
  },
});

const run = (metric: string, options: object, change: Partial<EnsemblePlan> = {}) =>
  runEnsemble(plan(metric, change), { metrics: [merged(metric)], threads: 2, ...options });

/** Milliseconds from the abort of a run to its end. */
async function msToAbort(metric: string, change: Partial<EnsemblePlan> = {}): Promise<number> {
  const { createWorker, made, alive } = trackedWorkers();
  const controller = new AbortController();
  const reason = new Error("changed my mind");
  let aborted = 0;
  setTimeout(() => {
    aborted = performance.now();
    controller.abort(reason);
  }, 1000);
  await expect(run(metric, { createWorker, signal: controller.signal }, change)).rejects.toBe(reason);
  const ms = performance.now() - aborted;
  expect([made(), alive()]).toEqual([2, 0]);
  return ms;
}

describe("workers", () => {
  it("grow what is known chunk by chunk, and end when the loop is left", async () => {
    const { createWorker, made, alive } = trackedWorkers();
    const counts: number[] = [];
    for await (const { networks, states } of growEnsemble(plan("counting"), {
      metrics: [merged("counting")],
      createWorker,
      threads: 2,
    })) {
      counts.push(networks);
      expect((states[0] as { sums: number[] }).sums.length).toBe(networks);
      expect(alive()).toBe(2);
      if (networks >= 40) break;
    }
    expect(counts).toEqual([8, 16, 24, 32, 40]);
    expect([made(), alive()]).toEqual([2, 0]);
  });

  it("end when the signal aborts a loop over what is known, which throws its reason, as it does without workers", async () => {
    const { createWorker, made, alive } = trackedWorkers();
    for (const options of [{}, { createWorker, threads: 2 }]) {
      const controller = new AbortController();
      const reason = new Error("enough");
      const grown = growEnsemble(plan("counting"), { metrics: [merged("counting")], signal: controller.signal, ...options });
      expect((await grown.next()).value?.networks).toBe(8);
      controller.abort(reason);
      await expect(grown.next()).rejects.toBe(reason);
    }
    expect([made(), alive()]).toEqual([2, 0]);
  });

  // Chunks of minutes and more; the bound leaves a busy machine ten times the second that an abort may take.
  it("end at once when aborted inside a metric that never returns", async () => {
    expect(await msToAbort("endless")).toBeLessThan(10_000);
  });

  it.each(["kernels", "law", "reference"] as const)(
    "end at once when aborted inside a layer that takes long (%s)",
    async (executor) => {
      const points = matrix(400, 6, normals(stream(6), new Float64Array(2400)));
      const change = { architecture: mlp("6-4000x40-1"), inputs: points, executor };
      expect(await msToAbort("counting", change)).toBeLessThan(10_000);
    },
  );

  it.each([
    ["failing", /^this metric fails$/],
    ["dying", /^a worker stopped: it exited with code 7$/],
    ["hoarding", /^a worker stopped: .*memory/],
  ])("that fail end the run with their reason: %s", async (metric, reason) => {
    const { createWorker, made, alive } = trackedWorkers({ maxOldGenerationSizeMb: 32 });
    await expect(run(metric, { createWorker })).rejects.toThrow(reason);
    expect([made(), alive()]).toEqual([2, 0]);
  });

  it("of a pool go from run to run, and rest in between until it is closed", async () => {
    const { createWorker, made, alive } = trackedWorkers();
    const alone = await run("counting", { createWorker });
    expect([made(), alive()]).toEqual([2, 0]);
    const pool = workerPool(createWorker);
    for (const turn of [1, 2, 3]) {
      const shared = await run("counting", { createWorker: pool.createWorker });
      expect([turn, shared]).toEqual([turn, alone]);
      expect([made(), alive()]).toEqual([4, 2]);
    }
    await pool.close();
    expect([made(), alive()]).toEqual([4, 0]);
  });

  it("of a pool that still owe an answer are ended with their run, and so are those that failed", async () => {
    const { createWorker, made, alive } = trackedWorkers({ maxOldGenerationSizeMb: 32 });
    const pool = workerPool(createWorker);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("enough")), 500);
    await expect(run("endless", { createWorker: pool.createWorker, signal: controller.signal })).rejects.toThrow("enough");
    expect([made(), alive()]).toEqual([2, 0]);
    for (const [metric, reason] of [
      ["dying", "exited"],
      ["failing", "this metric fails"],
    ])
      await expect(run(metric, { createWorker: pool.createWorker })).rejects.toThrow(reason);
    const { networks } = await run("counting", { createWorker: pool.createWorker });
    expect(networks).toBe(1000);
    await pool.close();
    expect(alive()).toBe(0);
  });

  it("of a pool that may have two serve runs side by side, each when the one before is done, with the numbers of one alone", async () => {
    const { createWorker, made, alive } = trackedWorkers();
    const alone = await run("counting", { createWorker });
    const pool = workerPool(createWorker, { most: 2 });
    const order: number[] = [];
    const begin = (turn: number, options = {}) =>
      run("counting", { createWorker: pool.createWorker, ...options }).finally(() => order.push(turn));
    const controller = new AbortController();
    const runs = [begin(0), begin(1), begin(2, { signal: controller.signal }), begin(3)];
    // One that is given up while it waits, and one that fails, leave the workers to the next.
    controller.abort(new Error("enough"));
    await expect(runs[2]).rejects.toThrow("enough");
    const failing = run("dying", { createWorker: pool.createWorker });
    const last = begin(4);
    await expect(failing).rejects.toThrow("exited");
    expect(await Promise.all([runs[0], runs[1], runs[3], last])).toEqual([alone, alone, alone, alone]);
    expect(order).toEqual([2, 0, 1, 3, 4]);
    // Two alone, two of the pool, and two in place of those that died or were left with tasks.
    expect([made() <= 6, alive()]).toEqual([true, 2]);
    await pool.close();
    expect(alive()).toBe(0);
  });

  it("that failed let the process end", () => {
    const { stdout, status } = spawnSync(process.execPath, [fileURLToPath(new URL("./failing-run.mjs", import.meta.url))], {
      encoding: "utf8",
      timeout: 60_000,
    });
    expect([stdout.trim().split("\n"), status]).toEqual([
      ["failing: this metric fails; left: none", "dying: a worker stopped: it exited with code 7; left: none", "the last line"],
      0,
    ]);
  });
});
