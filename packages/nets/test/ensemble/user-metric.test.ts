import { matrix, normals, stream } from "@sonde/core";
import { describe, expect, it } from "vitest";
import { type EnsemblePlan, estimateOver, type Metric, mlp, planEnsemble, runEnsemble } from "../../src/index.js";
import { trackedWorkers } from "./tracked-workers.js";

const module = new URL("./user-metric.mjs", import.meta.url).href;
const { largest } = (await import(module)) as { largest: Metric<unknown, number[], number[][]> };
const inputs = matrix(3, 4, normals(stream(8), new Float64Array(12)));

const plan = (metric: Partial<EnsemblePlan["metrics"][number]>): EnsemblePlan => ({
  ...planEnsemble({
    architecture: mlp("4-6x3-1"),
    inputs,
    seed: 2,
    method: "auto",
    networks: 100,
    metrics: [{ name: "largest", options: { unit: 2 }, module, ...metric }],
  }),
  chunk: 8,
  // Enough to be worth workers where there are any.
  work: 1e10,
});

describe("a user's own metric, named by the URL of its module", () => {
  it("finds the same bits on this thread and in workers that do not serve it", async () => {
    const { createWorker, alive } = trackedWorkers();
    const inline = await runEnsemble(plan({}), { metrics: [] });
    expect((inline.states[0] as number[][]).length).toBe(100);
    expect(await runEnsemble(plan({}), { metrics: [largest] })).toEqual(inline);
    for (const threads of [1, 2]) expect(await runEnsemble(plan({}), { metrics: [], createWorker, threads })).toEqual(inline);
    expect(alive()).toBe(0);
  });

  it("is asked for in an estimate", async () => {
    const { createWorker, made } = trackedWorkers();
    // A metric that says that it takes long is worth workers.
    const request = { metric: largest, options: { unit: 1 }, module, steps: 1e8, watched: () => undefined };
    const run = (options: object) => estimateOver(mlp("4-6x3-1"), inputs, [request], { networks: 40, ...options });
    expect(await run({ createWorker, threads: 2 })).toEqual(await run({}));
    expect(made()).toBe(2);
  });

  it.each<[string, Partial<EnsemblePlan["metrics"][number]>, RegExp]>([
    [
      "does not exist",
      { module: new URL("./no-such-file.mjs", import.meta.url).href },
      /^the module "file:.*" cannot be loaded: .*no-such-file/,
    ],
    [
      "throws while it is loaded",
      { module: 'data:text/javascript,throw new Error("not today")' },
      /^the module .* cannot be loaded: not today$/,
    ],
    ["is not JavaScript", { module: "data:text/javascript,for" }, /^the module .* cannot be loaded: Unexpected/],
    [
      "exports nothing fitting",
      { name: "smallest" },
      /^the module .* exports no metric with the name "smallest": export an object with/,
    ],
    [
      "exports half a metric",
      { name: "incomplete" },
      /^the module .* exports no metric with the name "incomplete": export an object with/,
    ],
    [
      "is no URL",
      { module: "./user-metric.mjs" },
      /^a metric's module is named by a URL, got "\.\/user-metric\.mjs": pass new URL/,
    ],
  ])("that %s is refused with one sentence, on this thread and in a worker", async (_case, metric, message) => {
    const { createWorker, made, alive } = trackedWorkers();
    const stubborn = { ...largest, name: metric.name ?? "largest" };
    for (const options of [{ metrics: [] }, { metrics: [stubborn], createWorker, threads: 2 }]) {
      const failure = await runEnsemble(plan(metric), options).catch((error: Error) => error);
      expect(failure).toMatchObject({ name: "ConfigError", message: expect.stringMatching(message) });
    }
    expect([made(), alive()]).toEqual([2, 0]);
  });
});
