import { type Angle, angleBetween, matrix, normals, row, stream } from "@sonde/core";
import { describe, expect, it } from "vitest";
import { type Architecture, type EnsemblePlan, type Metric, mlp, planEnsemble, runEnsemble } from "../../src/index.js";

type Seen = { angle?: Angle; apparent?: Angle; exponent: number; alive: number[] };

/** Keeps the angle of every layer of every network, as it is carried and as the activations say. */
const watch: Metric<unknown, Seen[], Seen[][]> = {
  name: "watch",
  trace: () => [],
  observe(trace, { activations, pairAngle, exponent, alive }) {
    const values = activations();
    const apparent = angleBetween(row(values, 0), row(values, 1));
    trace.push({ angle: pairAngle ? pairAngle() : apparent, apparent, exponent, alive: [...alive()] });
  },
  empty: () => [],
  fold: (state, trace) => {
    state.push(trace);
  },
  merge: (state, next) => {
    state.push(...next);
  },
};

async function angles(
  architecture: Architecture,
  inputs: EnsemblePlan["inputs"],
  networks: number,
  executor: "law-pair" | "law-reference",
): Promise<Seen[][]> {
  const metrics = [{ name: "watch", options: {} }];
  const plan = planEnsemble({ architecture, inputs, seed: 3, method: "law", precision: "difference", networks, metrics });
  expect(plan.executor).toBe("law-pair");
  return (await runEnsemble({ ...plan, executor }, { metrics: [watch] })).states[0] as Seen[][];
}

const pair = (theta: number, inputs = 2) => {
  const result = matrix(2, inputs);
  result.data[0] = 1;
  result.data[inputs] = Math.cos(theta);
  result.data[inputs + 1] = Math.sin(theta);
  return result;
};

describe("two points carried with their difference", () => {
  it.each<[string, Architecture, EnsemblePlan["inputs"]]>([
    ["ReLU from pi/2", mlp("2-12x8-1"), pair(Math.PI / 2)],
    ["ReLU from opposite points", mlp("2-9x6-1"), matrix(2, 2, Float64Array.of(1, 0, -2, 0))],
    ["one input", mlp("1-4x5-1"), matrix(2, 1, Float64Array.of(-1, 3))],
    ["a zero point", mlp("2-5x4-1"), matrix(2, 2, Float64Array.of(0, 0, 1, 2))],
    ["units that die", mlp("3-2x6-1"), matrix(2, 3, normals(stream(2), new Float64Array(6)))],
    ["leaky ReLU", mlp("2-7x6-1", { activation: "leaky-relu:0.2" }), pair(2.5)],
    ["absolute values from near pi", mlp("2-7x6-1", { activation: "abs" }), pair(3.1)],
    ["linear layers", mlp("2-7x6-1", { activation: "linear", weightVariance: 1 }), pair(2)],
    ["unequal widths", mlp("4-6-12-7-1"), pair(1, 4)],
  ])("is the same network as the plain draw in law: %s", async (_name, architecture, inputs) => {
    const [found, plain] = [
      await angles(architecture, inputs, 40, "law-pair"),
      await angles(architecture, inputs, 40, "law-reference"),
    ];
    found.forEach((network, k) => {
      network.forEach(({ angle, apparent, alive }, l) => {
        const expected = plain[k][l];
        expect(alive).toEqual(expected.alive);
        expect(angle === undefined).toBe(expected.angle === undefined);
        if (!angle || !apparent || !expected.angle) return;
        expect(Math.abs(angle.theta - expected.angle.theta)).toBeLessThan(1e-12);
        expect(Math.abs(apparent.theta - expected.angle.theta)).toBeLessThan(1e-12);
        expect(Math.abs(angle.cosine - expected.angle.cosine)).toBeLessThan(1e-12);
        // Where rounding does not hide it, ln sin^2 agrees too, and collinear pairs are collinear in both.
        if (expected.angle.logSin2 > -40) expect(Math.abs(angle.logSin2 - expected.angle.logSin2)).toBeLessThan(1e-6);
        else expect(angle.logSin2).toBeLessThan(-40);
      });
    });
  });

  it("follows the law of small angles to any depth: width 8, 40 layers from 1e-150", async () => {
    const [width, layers, networks] = [8, 40, 4000];
    const start = matrix(2, 2, Float64Array.of(1, 0, 1, 1e-150));
    const found = await angles(mlp([2, ...new Array<number>(layers).fill(width), 1]), start, networks, "law-pair");
    // Given at least two active units of the two points, ln sin^2 moves by a law of mean -rho and variance sigma^2: the science of angles, `rho*` and `sigma*^2`.
    const [rho, variance] = [0.500691203217, 2.28147307001];
    const degenerate = (width + 1) * 2 ** -width;
    const last = found.map((network) => network[layers - 1].angle?.logSin2 ?? Number.NEGATIVE_INFINITY);
    const kept = last.filter(Number.isFinite).map((value) => value - 2 * Math.log(1e-150));
    const share = (1 - degenerate) ** layers;
    expect(Math.abs(kept.length / networks - share)).toBeLessThan(4.5 * Math.sqrt((share * (1 - share)) / networks));
    const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
    expect(Math.abs(mean + rho * layers)).toBeLessThan(4.5 * Math.sqrt((variance * layers) / kept.length));
    const square = kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (kept.length - 1);
    expect(Math.abs(square / (variance * layers) - 1)).toBeLessThan(4.5 * Math.sqrt(3 / kept.length));
  });

  it("goes on where float64 sees one point only, and beyond the range of float64", async () => {
    const [network] = await angles(
      mlp("2-64x3-1", { weightVariance: 1e-40 }),
      matrix(2, 2, Float64Array.of(1, 0, 1, 1e-300)),
      1,
      "law-pair",
    );
    const [first, , last] = network;
    expect(first.apparent?.logSin2).toBe(Number.NEGATIVE_INFINITY);
    expect(Math.abs((last.angle?.logSin2 ?? 0) - 2 * Math.log(1e-300))).toBeLessThan(5);
    const deep = await angles(mlp([2, ...new Array<number>(2000).fill(24), 1]), pair(1), 20, "law-pair");
    const ends = deep
      .map((layers) => layers[1999].angle?.logSin2)
      .filter((value) => value !== undefined && Number.isFinite(value));
    expect(ends.length).toBeGreaterThan(10);
    // 2000 (2/24 + 1/36) = 220 and more below 0, not cut at the -72 of float64.
    for (const value of ends) expect(value).toBeLessThan(-100);
  });
});
