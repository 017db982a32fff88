import { matrix, normal } from "@sonde/core";
import { describe, expect, it } from "vitest";
import { type EstimationOptions, estimateOver, type Metric, mlp, planEstimate, type Simulation } from "../../src/index.js";

/** The mean of a normal draw for each network, and what it costs. */
const survivors: Simulation = {
  refusal: ({ input }) => (input[0] === 1 ? undefined : "there are several inputs"),
  steps: () => 1000,
  prepare: () => (network) => ({ conditional: [normal(network, 0)] }),
};
const drawn: Metric<undefined, undefined, number[]> = {
  name: "drawn",
  simulations: { survivors },
  trace: () => undefined,
  empty: () => [],
  fold: (state, _trace, _context, { conditional }) => void state.push(conditional ? conditional[0] : Number.NaN),
  merge: (state, next) => void state.push(...next),
};
const request = { metric: drawn, options: undefined, watched: () => undefined };
const point = (inputs: number) => matrix(1, inputs, new Float64Array(inputs).fill(1));
const run = (inputs: number, options: EstimationOptions, requests = [request]) =>
  estimateOver(mlp(`${inputs}-2-1`), point(inputs), requests, { networks: 20, seed: 3, ...options });

describe("a metric's own simulation", () => {
  it("draws networks where it is exact, each from its own stream, in chunks of any size", async () => {
    const { states, executor } = await run(1, {});
    expect(executor).toBe("survivors");
    const values = states[0] as number[];
    expect(new Set(values).size).toBe(20);
    expect((await run(1, { networks: 7, method: "conditional" })).states[0]).toEqual(values.slice(0, 7));
  });

  it("is chosen by its own cost", () => {
    const plan = planEstimate(mlp("1-2-1"), point(1), [request], { budget: 1e6 });
    expect(plan).toMatchObject({ executor: "survivors", networks: 1000, work: 1e6 });
  });

  it("steps aside where it is not exact, for other draws, and for other metrics beside it", async () => {
    const other = { ...request, metric: { ...drawn, name: "other", simulations: undefined } };
    expect((await run(2, {})).executor).not.toBe("survivors");
    expect((await run(1, { method: "weights" })).executor).not.toBe("survivors");
    expect((await run(1, {}, [request, other])).executor).not.toBe("survivors");
    expect((await run(1, {}, [other])).executor).not.toBe("survivors");
    await expect(run(2, { method: "conditional" })).rejects.toThrow(
      "--method conditional is not exact here: there are several inputs; use --method count",
    );
    await expect(run(1, { method: "conditional" }, [other])).rejects.toThrow("what is measured looks at all networks");
  });
});
