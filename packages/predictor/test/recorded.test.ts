import { type Matrix, matrix, normals, stream } from "@sonde/core";
import { deadUnits } from "@sonde/metrics-death";
import { recordedMoments } from "@sonde/moments";
import { type Architecture, forward, mlp, randomNetwork } from "@sonde/nets";
import { measureUnits } from "@sonde/vni";
import { describe, expect, it } from "vitest";
import { diagnoseRecorded, networksLike, type RecordedArray, recordedResult, thresholds, withCompanions } from "../src/index.js";

const gaussian = (points: number, units: number, seed = 3) =>
  matrix(points, units, normals(stream(seed), new Float64Array(points * units)));

const named = (name: string, { rows, cols, data }: Matrix): RecordedArray => ({ name, shape: [rows, cols], data });

/** An array of `f(point, unit)`. */
const array = (name: string, points: number, units: number, f: (p: number, u: number) => number): RecordedArray =>
  named(
    name,
    matrix(
      points,
      units,
      Float64Array.from({ length: points * units }, (_, k) => f(Math.floor(k / units), k % units)),
    ),
  );

/** The inputs and the hidden layers of one random network. */
function recording(architecture: Architecture, inputs: Matrix<Float64Array>): RecordedArray[] {
  const arrays = [named("input", inputs)];
  forward(randomNetwork(architecture, stream(1)), inputs, {
    observe: ({ layer, activations: { rows, cols, data } }) => {
      arrays.push({ name: `fc${layer}`, shape: [rows, cols], data: Float64Array.from(data) });
    },
  });
  return arrays;
}

const found = (arrays: readonly RecordedArray[]) =>
  diagnoseRecorded(arrays).findings.map(({ pathology, severity }) => `${pathology} ${severity}`);

describe("a recorded network", () => {
  const arrays = recording(mlp("16-64x5-4"), gaussian(128, 16));

  it("is healthy where it is, with the numbers of the metrics, under its own names", () => {
    const { verdict, findings, measurement } = diagnoseRecorded(arrays);
    expect({ verdict, findings }).toEqual({ verdict: "healthy", findings: [] });
    const { layers, inputs, points, pairs, growth } = measurement;
    expect({ points, pairs, input: inputs?.name }).toEqual({ points: 128, pairs: 8128, input: "input" });
    expect(layers.map(({ layer, name }) => `${layer} ${name}`)).toEqual(["1 fc1", "2 fc2", "3 fc3", "4 fc4", "5 fc5"]);
    layers.forEach((layer, l) => {
      const units = measureUnits(arrays[l + 1]);
      expect(layer.effectiveNodes).toBe(units.effectiveNodes);
      expect(layer.effectiveRank).toBe(recordedMoments(arrays[l + 1]).effectiveRank);
      expect(layer.deadUnits).toMatchObject({ value: deadUnits(arrays[l + 1]).deadShare, networks: 1 });
      expect(layer.deadUnits.rateBelow).toBeCloseTo(1 - 0.05 ** (1 / 128), 14);
      expect(layer.signal.logMeanSquare.value).toBeCloseTo(Math.log(recordedMoments(arrays[l + 1]).nu2), 12);
    });
    const steps = layers.slice(1).map(({ signal }) => signal.growth?.value ?? Number.NaN);
    expect(steps.reduce((a, b) => a + b, 0) / 4).toBeCloseTo(growth?.value ?? Number.NaN, 12);
    expect(layers[0].signal.growth?.value).toBeCloseTo(
      layers[0].signal.logMeanSquare.value - (inputs?.logMeanSquare ?? Number.NaN),
      12,
    );
  });

  it.each([
    [0.02, ["vanishing-signal degenerate"]],
    [100, ["exploding-signal degenerate"]],
  ])("tells weight variance %d as check does", (weightVariance, expected) => {
    expect(found(recording(mlp("16-64x8-4", { init: "normal", weightVariance }), gaussian(64, 16)))).toEqual(expected);
  });

  it("is told of its recorded inputs as a random one is", () => {
    const far = gaussian(64, 16).data.map((value) => 100 * value);
    const [{ pathology, layer, name }] = diagnoseRecorded(recording(mlp("16-64x2-4"), matrix(64, 16, far))).findings;
    expect({ pathology, layer, name }).toEqual({ pathology: "input-scale", layer: 0, name: "input" });
  });
});

describe("the roles of arrays", () => {
  const signal = (name: string) => named(name, gaussian(40, 8));

  it("are by their names: first input, last output", () => {
    const { measurement } = diagnoseRecorded([signal("X"), signal("a"), signal("my_logits")]);
    expect(measurement.layers.map(({ name }) => name)).toEqual(["a"]);
    expect(measurement.outputs?.name).toBe("my_logits");
    expect(diagnoseRecorded([signal("a"), signal("input")]).measurement.layers).toHaveLength(2);
    expect(diagnoseRecorded([signal("input")]).measurement.layers).toHaveLength(1);
  });

  it("do not let one output, or nearly equal ones, count as a layer without angles", () => {
    const softmax = array("output", 40, 3, (p, u) => 1 / 3 + 1e-4 * Math.sin(p + u));
    expect(found([signal("a"), softmax])).toEqual([]);
    const one = array("head", 40, 1, (p) => Math.sin(p));
    const { findings, measurement } = diagnoseRecorded([signal("a"), one]);
    expect(findings).toEqual([]);
    expect(measurement.layers[1].angle).toBeUndefined();
  });

  it("include outputs that are constant", () => {
    const { findings } = diagnoseRecorded([signal("a"), array("output", 40, 3, () => 0.5)]);
    expect(findings).toMatchObject([{ pathology: "constant-layer", severity: "degenerate", layer: 2, name: "output" }]);
  });
});

describe("decisions on recordings", () => {
  it("a layer of zeros is dead, one value brings it back", () => {
    const zeros = (lives: boolean) => array("h", 3, 2, (p, u) => (lives && p + u === 0 ? 1 : 0));
    const { findings, verdict } = diagnoseRecorded([zeros(false)]);
    expect(verdict).toBe("degenerate");
    expect(findings[0]).toMatchObject({ pathology: "dead-layer", name: "h", layer: 1 });
    expect(findings[0].evidence).toContain("63.2 %");
    expect(found([zeros(true)])).not.toContain("dead-layer degenerate");
  });

  it.each([
    [40, 6, true],
    [40, 5, false],
    [32, 6, true],
    [31, 6, false],
  ])("of %d points, %d dead units of 8: %s", (points, dead, expected) => {
    const noise = gaussian(points, 8);
    const layer = array("h", points, 8, (p, u) => (u < dead ? 0 : noise.data[8 * p + u]));
    expect(found([layer]).includes("dead-units at-risk")).toBe(expected);
  });

  it.each([
    [1, []],
    [2, ["degenerate-pairs at-risk"]],
    [3, ["degenerate-pairs degenerate"]],
  ])("%d of 20 points are zero", (dead, expected) => {
    const noise = gaussian(20, 8);
    const layer = array("h", 20, 8, (p, u) => (p < dead ? 0 : noise.data[8 * p + u]));
    expect(found([layer])).toEqual(expected);
    // What is so at the inputs is theirs.
    expect(found([{ ...layer, name: "input" }, layer])).toEqual([]);
  });

  it.each([
    [-5.9, []],
    [-6.1, ["vanishing-angles at-risk"]],
    [-19.9, ["vanishing-angles at-risk"]],
    [-20.1, ["vanishing-angles degenerate"]],
  ])("ln sin^2 of %d", (logSin2, expected) => {
    const sine = Math.exp(logSin2 / 2);
    const layer = array("h", 2, 2, (p, u) => (p === 0 ? 1 - u : u === 0 ? Math.sqrt(1 - sine * sine) : sine));
    expect(found([layer])).toEqual(expected);
  });

  it.each([
    ["float64", -30, false],
    ["float32", -26.9, false],
    ["float32", -27.1, true],
    ["float16", -8.9, false],
    ["float16", -9.1, true],
  ])("%s holds ln sin^2 of %d: rounding %s", (type, logSin2, rounding) => {
    const sine = Math.exp(logSin2 / 2);
    const values = [1, 0, Math.sqrt(1 - sine * sine), sine];
    const data = type === "float64" ? Float64Array.from(values) : Float32Array.from(values);
    const { findings, measurement } = diagnoseRecorded([{ name: "h", shape: [2, 2], data, type }]);
    expect(measurement.layers[0].rounding).toBe(rounding);
    expect(findings[0].evidence.includes("rounding")).toBe(rounding);
  });

  it("pairs that only rounding made parallel are not degenerate", () => {
    const close = (scale: number, dead = 0): RecordedArray => ({
      ...array("h", 40, 4, (p, u) => (p < dead ? 0 : Math.fround(1 + p * scale * Math.sin(p * (u + 1))))),
      type: "float32",
    });
    const { findings, measurement } = diagnoseRecorded([close(0.01), close(2e-9)]);
    expect(measurement.layers[1].rounding).toBe(true);
    expect(measurement.layers[1].degenerate).toBeGreaterThan(thresholds.degeneratePairs.degenerate);
    expect(findings.map(({ pathology }) => pathology)).not.toContain("degenerate-pairs");
    expect(found([close(0.01), close(2e-9, 3)])).toContain("degenerate-pairs at-risk");
    expect(found([close(0.01), close(2e-9, 6)])).toContain("degenerate-pairs degenerate");
  });

  it.each([
    [4.9, []],
    [5.1, ["exploding-signal at-risk"]],
    [10.1, ["exploding-signal degenerate"]],
    [-9.9, []],
    [-10.1, ["vanishing-signal at-risk"]],
    [-25.1, ["vanishing-signal degenerate"]],
  ])("a variance that changes by e^%d", (change, expected) => {
    const first = gaussian(64, 8);
    const last = matrix(
      64,
      8,
      first.data.map((value) => Math.exp(change / 2) * value),
    );
    expect(found([named("a", first), named("b", last)])).toEqual(expected);
  });

  it.each([
    [0.9, ["zero-dimensional-signal at-risk"]],
    [1.1, []],
  ])("a spread of %d around 10", (sd, expected) => {
    const noise = gaussian(400, 8).data;
    const layer = array("h", 400, 8, (p, u) => (u % 2 ? 10 : -10) + sd * noise[8 * p + u]);
    expect(found([layer]).filter((name) => name.startsWith("zero"))).toEqual(expected);
  });

  it.each([
    [0.3, ["vanishing-nodes degenerate", "one-dimensional-signal at-risk"]],
    [1, ["vanishing-nodes at-risk"]],
    [2, []],
  ])("units that share all but %d of their noise", (own, expected) => {
    const shared = gaussian(400, 1, 5).data;
    const noise = gaussian(400, 8).data;
    const layer = array("b", 400, 8, (p, u) => 2 * shared[p] + own * noise[8 * p + u]);
    expect(found([named("a", gaussian(400, 8, 7)), layer])).toEqual(expected);
  });
});

describe("recordings that make no sense", () => {
  const good = array("good", 4, 2, (p, u) => p + u);

  it.each<[readonly RecordedArray[], string]>([
    [[], "a recording holds at least one array, got none"],
    [[good, array("bad", 3, 2, () => 1)], 'every array needs the same points, but "good" has 4 and "bad" has 3'],
    [[good, array("bad", 4, 2, () => Number.NaN)], '"bad": '],
    [[{ name: "bad", shape: [4], data: new Float64Array(4) }], '"bad": activations have the shape'],
    [[{ name: "bad", shape: [0, 2], data: new Float64Array(0) }], '"bad": there are no values in the shape [0, 2]'],
  ])("%#", (arrays, says) => {
    expect(() => diagnoseRecorded(arrays)).toThrow(says);
  });

  it("one point has no angles and no spread, and may be alive", () => {
    const { verdict, measurement } = diagnoseRecorded([array("h", 1, 4, (_, u) => u)]);
    expect({ verdict, pairs: measurement.pairs }).toEqual({ verdict: "healthy", pairs: 0 });
    expect(measurement.layers[0].constantUnits.networks).toBe(0);
  });
});

describe("what was recorded beside a layer", () => {
  const z = gaussian(64, 8);
  const scaled = (name: string, factor: number): RecordedArray => named(name, { ...z, data: z.data.map((v) => factor * v) });

  it("belongs to the layer of its name", () => {
    const [layer, ...others] = withCompanions([scaled("a", 1), scaled("a.pre", 2), scaled("a.grad", 3), scaled("b.grad", 4)]);
    expect(others.map(({ name }) => name)).toEqual(["b.grad"]);
    expect([layer.preActivations?.[0], layer.gradients?.[0]]).toEqual([2 * z.data[0], 3 * z.data[0]]);
    expect(() => withCompanions([scaled("a", 1), named("a.pre", gaussian(64, 7))])).toThrow(/"a.pre" has the shape \[64, 7\]/);
    expect(() => withCompanions([scaled("a", 1), scaled("a", 1)])).toThrow(/twice/);
    expect(() => diagnoseRecorded([{ ...scaled("a", 1), gradients: Float64Array.of(1) }])).toThrow(/"a": .*got 1/);
  });

  /** |tanh'| < 0.1 where |z| > 1.818: below half of the values up to a scale of 2.69, and above it. */
  it.each([
    [2.4, []],
    [3.1, ["saturation at-risk"]],
    [20, ["saturation degenerate"]],
  ])("tanh of normal values of scale %d", (scale, expected) => {
    const pre = z.data.map((value) => scale * value);
    const layer = { ...named("h", { ...z, data: pre.map(Math.tanh) }), preActivations: pre, activation: "tanh" };
    expect(found([layer])).toEqual(expected);
    const share = pre.filter((value) => 1 - Math.tanh(value) ** 2 < 0.1).length / pre.length;
    expect(diagnoseRecorded([layer]).measurement.layers[0].saturated?.value).toBeCloseTo(share, 14);
  });

  it("tells slopes where they were looked at, and else what would have to be recorded", () => {
    const curve = (name: string) => ({ ...named(name, { ...z, data: z.data.map(Math.tanh) }), activation: "tanh" });
    const whole = { ...curve("a"), preActivations: z.data };
    const open = (layers: readonly RecordedArray[]) =>
      diagnoseRecorded(layers).unmeasured.some(({ question }) => question === "slopes and saturation");
    expect(open([whole, whole])).toBe(false);
    // A sum of branches has no activation.
    expect(open([whole, named("sum", z)])).toBe(false);
    expect(open([whole, curve("b")])).toBe(true);
    expect(open([named("sum", z)])).toBe(true);
  });

  it.each([
    [9.9, false],
    [10.1, true],
    [-10.1, true],
    [-420, true],
  ])("ln mean squares of gradients that differ by %d", (difference, expected) => {
    const gradients = (factor: number) => z.data.map((value) => factor * value);
    const layers = [0, difference / 2, difference].map((ln, l) => ({
      ...scaled(`h${l}`, 1),
      gradients: gradients(Math.exp(-ln / 2)),
    }));
    const { findings, measurement } = diagnoseRecorded(layers);
    expect(measurement.gradients?.firstOverLast.value).toBeCloseTo(difference, 9);
    expect(measurement.gradients?.growth.value).toBeCloseTo(difference / 2, 9);
    const name = difference > 0 ? "exploding-gradients" : "vanishing-gradients";
    expect(findings.some(({ pathology }) => pathology === name)).toBe(expected);
    expect(recordedResult(diagnoseRecorded(layers)).gradientGrowth).toEqual(measurement.gradients?.growth);
  });

  it("is judged by its size only where errors have unit variance", () => {
    const layer = { ...scaled("h", 1), weightGradients: z.data.map((value) => 1e-9 * value) };
    expect(found([layer])).toEqual([]);
    expect(diagnoseRecorded([layer], { unitErrors: true }).findings).toMatchObject([{ pathology: "vanishing-gradients" }]);
  });
});

describe("a layer beside the main path", () => {
  const signal = named("a", gaussian(64, 8));
  const zeros = (beside: boolean) => ({ ...array("gate", 64, 8, () => 0), beside });

  it("does not stop the signal, and is judged by itself", () => {
    expect(diagnoseRecorded([signal, zeros(false), { ...signal, name: "b" }]).verdict).toBe("degenerate");
    const { verdict, findings, measurement, suggestions } = diagnoseRecorded([signal, zeros(true), { ...signal, name: "b" }]);
    expect({ verdict, findings }).toMatchObject({
      verdict: "at-risk",
      findings: [{ pathology: "dead-layer", severity: "at-risk", layer: 2, name: "gate" }],
    });
    expect(suggestions).toMatchObject([{ pathology: "dead-layer", name: "gate" }]);
    const shares = measurement.layers.map(({ livingRatio, degenerate }) => [livingRatio.value, degenerate]);
    expect(shares).toEqual([
      [1, 0],
      [0, 1],
      [1, 0],
    ]);
    expect(measurement.layers[2].signal.growth?.value).toBe(0);
  });
});

describe("sums of branches without a norm", () => {
  const grown = (factor: number) => {
    const first = normals(stream(3), new Float64Array(64 * 16));
    const layer = (name: string, times: number) => ({ name, shape: [64, 16], data: first.map((value) => value * times) });
    return [layer("a", 1), layer("b", 1.5), layer("c", Math.sqrt(factor))];
  };

  it("are noted where they multiply the signal, and leave the verdict", () => {
    const { verdict, findings, suggestions } = diagnoseRecorded(grown(5), { sums: 8 });
    expect(verdict).toBe("healthy");
    expect(findings).toMatchObject([{ pathology: "growing-sums", severity: "note", layer: 3, name: "c" }]);
    expect(findings[0].evidence).toMatch(/grows 5 times from layer 1 to layer 3, through 8 sums .*: 1.22 times each/);
    expect(suggestions[0].change).toMatch(/1 \/ sqrt\(number of sums\)/);
  });

  it("are not where they do not, where there is one, and where the signal explodes", () => {
    expect(diagnoseRecorded(grown(3.9), { sums: 8 }).findings).toEqual([]);
    expect(diagnoseRecorded(grown(5), { sums: 1 }).findings).toEqual([]);
    expect(diagnoseRecorded(grown(5)).findings).toEqual([]);
    expect(diagnoseRecorded(grown(1e8), { sums: 8 }).findings.map(({ pathology }) => pathology)).toEqual(["exploding-signal"]);
  });
});

/** Points whose last layer differs by e^-13 (ln sin^2 -26), which float32 holds, and by e^-15, which it does not. */
describe("a network beside others like it", () => {
  it.each([
    [13, true],
    [15, false],
  ])("has figures of angles where these are more than rounding: e^-%d", (size, expected) => {
    const narrow = (seed: number): RecordedArray => {
      const { rows, cols, data } = gaussian(24, 6, seed);
      return {
        name: "h",
        shape: [rows, cols],
        data: Float64Array.from(data, (value) => 1 + Math.exp(-size) * value),
        type: "float32",
      };
    };
    const judged = [1, 2, 3].map((seed) => diagnoseRecorded([narrow(seed)]));
    const { figures } = networksLike(judged[0], judged.slice(1));
    expect(figures.some(({ figure }) => figure === "logSin2")).toBe(expected);
    expect(figures.some(({ figure }) => figure === "vni")).toBe(expected);
    expect(figures.some(({ figure }) => figure === "livingRatio")).toBe(true);
  });
});
