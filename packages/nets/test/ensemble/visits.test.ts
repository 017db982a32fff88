import { matrix, normals, stream } from "@sonde/core";
import { describe, expect, it } from "vitest";
import {
  type Architecture,
  type Executor,
  forward,
  gaussianInputs,
  growEnsemble,
  inferShapes,
  type Metric,
  mlp,
  networkStream,
  planEnsemble,
  randomNetwork,
  runEnsemble,
  type ShapedLayer,
} from "../../src/index.js";

interface Place {
  readonly path: string;
  readonly values: number[];
  readonly tangents: number[];
}

/** Keeps what is at every place of every network. */
const places: Metric<{ tangents: boolean }, Place[], Place[][]> = {
  name: "places",
  trace: () => [],
  visit: (trace, place, { options }) => {
    const truth = (data: ArrayLike<number>, exponent: number) => Array.from(data, (value) => value * 2 ** exponent);
    trace.push({
      path: place.path,
      values: truth(place.activations().data, place.exponent),
      tangents: options.tangents ? truth(place.tangents().data, place.tangentExponent) : [],
    });
  },
  empty: () => [],
  fold: (state, trace) => {
    state.push(trace);
  },
  merge: (state, next) => {
    state.push(...next);
  },
};

const image: Architecture = {
  input: [4, 3, 2],
  layers: [
    { kind: "embedding", units: 3 },
    {
      kind: "residual",
      body: [
        { kind: "norm", norm: "batch" },
        { kind: "activation", activation: "relu" },
        { kind: "conv", channels: 3, kernel: [3, 3], padding: "periodic" },
      ],
    },
    { kind: "conv", channels: 2, kernel: [2, 2], padding: "symmetric" },
    { kind: "activation", activation: "tanh" },
    { kind: "flatten" },
    { kind: "dense", units: 4 },
  ],
};

function planOf(architecture: Architecture, executor: Executor, { networks = 5, tangents = true } = {}) {
  const inputs = gaussianInputs(architecture, { points: 6, standardised: true });
  const plan = planEnsemble({
    architecture,
    inputs,
    fresh: inputs.fresh,
    ...(tangents && { tangents: { batchNorm: "frozen" as const } }),
    seed: 4,
    method: "weights",
    networks,
    metrics: [{ name: "places", options: { tangents } }],
  });
  return { ...plan, executor };
}

async function run(architecture: Architecture, executor: Executor, options: Parameters<typeof planOf>[2] = {}) {
  const { states } = await runEnsemble(planOf(architecture, executor, options), { metrics: [places] });
  return states[0] as Place[][];
}

/** Blocks after their layers, as they are computed. */
const paths = (layers: readonly ShapedLayer[]): string[] =>
  layers.flatMap(({ path, branches }) => [...branches.flatMap(paths), path]);

describe("visits", () => {
  it.each<[string, Architecture]>([
    ["a plain network", mlp("3-6x3-1")],
    ["units with batch norm", mlp("3-6x4-1", { norm: "batch", skip: "residual" })],
    ["images", image],
  ])("see the input and every layer up to the last hidden one, alike in the kernels and in float64: %s", async (_name, net) => {
    const [fast, exact] = [await run(net, "kernels"), await run(net, "reference")];
    const all = paths(inferShapes(net));
    const last = inferShapes(net).filter(({ hidden }) => hidden !== undefined);
    const wanted = ["input", ...all.slice(0, all.indexOf(last[last.length - 1].path) + 1)];
    expect(fast).toHaveLength(5);
    fast.forEach((network, k) => {
      expect(network.map(({ path }) => path)).toEqual(wanted);
      expect(exact[k].map(({ path }) => path)).toEqual(wanted);
      network.forEach((place, p) => {
        for (const part of ["values", "tangents"] as const) {
          const truth = exact[k][p][part];
          const scale = Math.max(...truth.map(Math.abs));
          expect(place[part]).toHaveLength(truth.length);
          // Rounding of float32 through a few layers.
          place[part].forEach((value, i) => {
            expect(Math.abs(value - truth[i])).toBeLessThan(1e-4 * scale);
          });
        }
      });
    });
  });

  it.each<[string, Architecture]>([
    ["a plain network", mlp("3-6x3-2")],
    [
      "an activation on the output",
      { ...mlp("3-6-2"), layers: [...mlp("3-6-2").layers, { kind: "activation", activation: "tanh" }] },
    ],
    ["images", image],
  ])("go on to the outputs where a metric needs them: %s", async (_name, net) => {
    const outputs = { ...places, needs: ["outputs"] as const };
    for (const executor of ["kernels", "reference"] as const) {
      const plan = planOf(net, executor, { networks: 2, tangents: false });
      const { states } = await runEnsemble(plan, { metrics: [outputs] });
      (states[0] as Place[][]).forEach((network, k) => {
        expect(network.map(({ path }) => path)).toEqual(["input", ...paths(inferShapes(net))]);
        const inputs = matrix(6, network[0].values.length / 6, Float64Array.from(network[0].values));
        const truth = forward(randomNetwork(net, networkStream(4, k)), inputs).data;
        network.at(-1)?.values.forEach((value, i) => {
          expect(Math.abs(value - truth[i])).toBeLessThan(1e-4);
        });
      });
    }
  });

  it("see the same in law by both executors", async () => {
    const net = mlp("3-6x3-1", { norm: "rms", activation: "gelu" });
    const [fast, exact] = [await run(net, "law", { tangents: false }), await run(net, "law-reference", { tangents: false })];
    fast.forEach((network, k) => {
      expect(network.map(({ path }) => path)).toEqual(exact[k].map(({ path }) => path));
      network.forEach(({ values }, p) => {
        values.forEach((value, i) => {
          // The kernels draw normals in float32.
          expect(Math.abs(value - exact[k][p].values[i])).toBeLessThan(1e-5);
        });
      });
    });
  });

  it("find inputs and directions that are each network's own, the inputs standardised", async () => {
    const networks = await run(mlp("3-6x1-1"), "kernels");
    const [first, second] = networks.map(([input]) => input);
    expect(first.values).not.toEqual(second.values);
    expect(first.tangents).not.toEqual(second.tangents);
    for (let feature = 0; feature < 3; feature++) {
      const column = first.values.filter((_, i) => i % 3 === feature);
      expect(Math.abs(column.reduce((sum, x) => sum + x, 0))).toBeLessThan(1e-6);
      expect(column.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(6, 5);
    }
  });

  it("see the directions that are given, the same for every network", async () => {
    const inputs = matrix(4, 3, normals(stream(1), new Float64Array(12)));
    const directions = matrix(4, 3, normals(stream(2), new Float64Array(12)));
    const request = { architecture: mlp("3-6x1-1"), inputs, tangents: { directions, batchNorm: "full" as const } };
    const metrics = [{ name: "places", options: { tangents: true } }];
    const plan = planEnsemble({ ...request, seed: 4, method: "weights", networks: 3, metrics });
    const { states } = await runEnsemble(plan, { metrics: [places] });
    for (const [input] of states[0] as Place[][])
      input.tangents.forEach((value, i) => {
        expect(value).toBeCloseTo(directions.data[i], 6);
      });
  });
});

describe("residual units", () => {
  it("share their memory: twenty thousand of them take no more than one", async () => {
    const counting: Metric<unknown, { layers: number }, { layers: number }> = {
      name: "counting",
      trace: () => ({ layers: 0 }),
      observe: (trace) => {
        trace.layers++;
      },
      empty: () => ({ layers: 0 }),
      fold: (state, trace) => {
        state.layers += trace.layers;
      },
      merge: (state, next) => {
        state.layers += next.layers;
      },
    };
    const architecture = mlp("8-8x20000-1", { skip: "residual", block: 1 });
    const inputs = gaussianInputs(architecture, { points: 256 });
    const metrics = [{ name: "counting", options: {} }];
    const plan = planEnsemble({ architecture, inputs, seed: 0, method: "weights", networks: 4, metrics });
    expect(plan.executor).toBe("kernels");
    const { states } = await runEnsemble(plan, { metrics: [counting] });
    expect(states).toEqual([{ layers: 80_000 }]);
  });
});

describe("a run that goes on from an earlier one", () => {
  it("ends as if it had never been interrupted", async () => {
    const plan = { ...planOf(mlp("3-6x3-1"), "kernels", { networks: 30 }), chunk: 8 };
    const whole = await runEnsemble(plan, { metrics: [places] });
    for (const networks of [8, 11]) {
      const resume = await runEnsemble({ ...plan, networks }, { metrics: [places] });
      const rest = await runEnsemble(plan, { metrics: [places], resume });
      expect(rest).toEqual(whole);
      expect(resume.networks).toBe(networks);
    }
  });

  it("has nothing to do where the earlier one has all networks", async () => {
    const plan = planOf(mlp("3-6x3-1"), "kernels", { networks: 6 });
    const whole = await runEnsemble(plan, { metrics: [places] });
    expect(await runEnsemble({ ...plan, networks: 4 }, { metrics: [places], resume: whole })).toEqual(whole);
    const seen: number[] = [];
    for await (const { networks } of growEnsemble(plan, { metrics: [places], resume: whole })) seen.push(networks);
    expect(seen).toEqual([6]);
  });
});
