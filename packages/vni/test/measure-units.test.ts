import { readFileSync } from "node:fs";
import { matrix, matrixFromRows, NumericalError, normals, split, stream } from "@sonde/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { constantUnits, effectiveNodes, lengthShare, measureUnits, spectrum, vni, weightedVni } from "../src/index.js";

interface Case {
  name: string;
  activations: number[][];
  constantUnits: number;
  vni: number;
  rawVni: number;
  uncentredVni: number;
  weighted: number;
  rawWeighted: number;
  lengthShare: number;
  eigenvalues: number[];
  effectiveRank: number;
  rankMe: number;
  stableRank: number;
}
const { cases }: { cases: Case[] } = JSON.parse(readFileSync(new URL("fixtures/units.json", import.meta.url), "utf8"));

const random = (rows: number, cols: number, seed = 1) =>
  matrix(rows, cols, normals(split(stream(4), seed), new Float64Array(rows * cols)));

describe("measureUnits", () => {
  it.each(cases)("agrees with NumPy: $name", (wanted) => {
    const record = measureUnits(wanted.activations);
    for (const key of ["vni", "weighted", "lengthShare"] as const) expect(record[key]).toBeCloseTo(wanted[key], 11);
    expect(record.constantUnits).toBe(wanted.constantUnits);
    expect(record.raw.vni).toBeCloseTo(wanted.rawVni, 12);
    expect(record.raw.weighted).toBeCloseTo(wanted.rawWeighted, 12);
    const raw = measureUnits(wanted.activations, { removeBias: false });
    expect([raw.vni, raw.weighted]).toEqual([record.raw.vni, record.raw.weighted]);
    expect(vni(wanted.activations, { centred: false, removeBias: false }).value).toBeCloseTo(wanted.uncentredVni, 12);
  });

  it.each(cases)("has the spectrum of NumPy: $name", (wanted) => {
    const found = spectrum(wanted.activations);
    const largest = wanted.eigenvalues[0];
    found.eigenvalues.forEach((value, k) => {
      expect(Math.abs(value - (wanted.eigenvalues[k] ?? 0))).toBeLessThan(1e-12 * largest);
    });
    for (const key of ["effectiveRank", "stableRank"] as const) expect(found[key]).toBeCloseTo(wanted[key], 9);
    // Eigenvalues of 1e-16 that should be 0 have roots of 1e-8.
    expect(found.rankMe).toBeCloseTo(wanted.rankMe, 5);
    expect(found.participationRatio).toBeCloseTo(1 / wanted.rawWeighted, 9);
    expect(found.rank).toBe(wanted.eigenvalues.filter((value) => value > 1e-10 * largest).length);
  });

  it("gives what its parts give", () => {
    const activations = cases[1].activations;
    const record = measureUnits(activations);
    expect(vni(activations)).toEqual({
      value: record.vni,
      points: 40,
      units: 8,
      constantUnits: 2,
      ...(record.warning && { warning: record.warning }),
    });
    expect(weightedVni(activations).value).toBe(record.weighted);
    expect(effectiveNodes(activations)).toBe(1 / record.vni);
    expect(lengthShare(activations)).toBe(record.lengthShare);
    expect(constantUnits(activations)).toBe(2);
  });

  it("does not depend on the order of points and units, on signs, shifts and scales of units; the weighted one and the length share on rotations", () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 40 }), fc.integer({ min: 2, max: 30 }), fc.nat(1000), (points, units, seed) => {
        const x = random(points, units, seed);
        const [scales, shifts] = [random(1, units, seed + 1), random(1, units, seed + 2)];
        const base = measureUnits(x);
        const changed = matrix(points, units);
        for (let p = 0; p < points; p++)
          for (let u = 0; u < units; u++)
            changed.data[((p + 3) % points) * units + ((u + 1) % units)] =
              (x.data[p * units + u] * scales.data[u] + shifts.data[u]) * 2 ** 20;
        expect(measureUnits(changed).vni).toBeCloseTo(base.vni, 8);
        const turned = matrix(points, units);
        const angle = scales.data[0];
        for (let p = 0; p < points; p++) {
          turned.data.set(x.data.subarray(p * units, (p + 1) * units), p * units);
          const [a, b] = [x.data[p * units], x.data[p * units + 1]];
          turned.data[p * units] = Math.cos(angle) * a - Math.sin(angle) * b;
          turned.data[p * units + 1] = Math.sin(angle) * a + Math.cos(angle) * b;
        }
        expect(measureUnits(turned).weighted).toBeCloseTo(base.weighted, 9);
        expect(measureUnits(turned).lengthShare).toBeCloseTo(base.lengthShare, 9);
        expect(base.raw.vni).toBeGreaterThan(1 / units - 1e-12);
        expect(base.raw.vni).toBeLessThan(1 + 1e-12);
        expect(base.raw.weighted).toBeGreaterThan(1 / Math.min(units, points - 1) - 1e-12);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it("by units and by points the norms agree, in float64 and in float32", () => {
    for (const [points, units] of [
      [90, 179],
      [90, 181],
      [300, 700],
      [700, 300],
    ]) {
      const x = random(points, units, points + units);
      const repeated = matrix(2 * points, units, Float64Array.from([...x.data, ...x.data]));
      // Every point twice: the raw values stay, and another of the two ways is the cheaper one.
      const [a, b] = [measureUnits(x), measureUnits(repeated)];
      expect(b.raw.vni).toBeCloseTo(a.raw.vni, 12);
      expect(b.raw.weighted).toBeCloseTo(a.raw.weighted, 12);
      const narrow = measureUnits(matrix(points, units, Float32Array.from(x.data)));
      expect(narrow.raw.vni / a.raw.vni).toBeCloseTo(1, 6);
      expect(narrow.raw.weighted / a.raw.weighted).toBeCloseTo(1, 6);
    }
  });

  it("keeps its digits at any scale, and far from zero", () => {
    const x = random(200, 150, 8);
    const base = measureUnits(x).vni;
    for (const exponent of [-1000, -300, 300, 1000])
      expect(measureUnits({ ...x, data: x.data.map((value) => value * 2 ** exponent) }).vni).toBeCloseTo(base, 12);
    for (const exponent of [-100, 100])
      expect(measureUnits({ ...x, data: Float32Array.from(x.data, (value) => value * 2 ** exponent) }).vni).toBeCloseTo(base, 6);
    const far = Float32Array.from(x.data, (value) => 4096 + value);
    expect(measureUnits({ ...x, data: far }).vni).toBeCloseTo(measureUnits({ ...x, data: Float64Array.from(far) }).vni, 9);
  });

  it("takes positions of convolutions as points, as units, or pooled", () => {
    const data = normals(stream(2), new Float64Array(6 * 3 * 2 * 4));
    const shape = [6, 3, 2, 4];
    expect(measureUnits({ shape, data })).toEqual(measureUnits(matrix(36, 4, data)));
    expect(measureUnits({ shape, data }, { positions: "units" })).toEqual(measureUnits(matrix(6, 24, data)));
    const means = matrix(6, 4);
    data.forEach((value, k) => {
      means.data[Math.floor(k / 24) * 4 + (k % 4)] += value / 6;
    });
    expect(measureUnits({ shape, data }, { positions: "pooled" }).raw.vni).toBeCloseTo(measureUnits(means).raw.vni, 13);
    expect(() => measureUnits({ shape, data }, { positions: "lines" as never })).toThrow("points, pooled or units, got lines");
  });
});

describe("inputs that break others", () => {
  const nan = { vni: Number.NaN, weighted: Number.NaN, effectiveNodes: Number.NaN };
  it("one point, two and three points: NaN with a reason, and a value where the bias may stay", () => {
    expect(measureUnits([[1, 2, 3]])).toMatchObject({
      ...nan,
      reason: expect.stringMatching(/^1 point says nothing .* at least 4/),
    });
    const two = [
      [1, 2],
      [2, 7],
    ];
    expect(measureUnits(two)).toMatchObject({ ...nan, reason: expect.stringMatching(/^2 points say nothing/) });
    expect(measureUnits(two, { removeBias: false }).vni).toBeCloseTo(1, 14);
    expect(measureUnits(two, { removeBias: false }).weighted).toBeCloseTo(1, 14);
    expect(measureUnits([[1, 2]], { removeBias: false }).reason).toMatch(/at least 2/);
    expect(measureUnits([[1, 2]], { removeBias: false, centred: false }).vni).toBeNaN();
    expect(measureUnits([...two, [0, 1]]).vni).toBeNaN();
  });

  it("all units constant, and a layer of zeros", () => {
    for (const value of [3, 0, -0]) {
      const record = measureUnits(matrix(10, 3, new Float64Array(30).fill(value)));
      expect(record).toMatchObject({ ...nan, constantUnits: 3, reason: expect.stringMatching(/^every unit is constant/) });
    }
    expect(lengthShare(matrix(10, 3))).toBeNaN();
    expect(spectrum(matrix(10, 3))).toMatchObject({ rank: 0, effectiveRank: Number.NaN, stableRank: Number.NaN });
  });

  it("NaN and infinity in the data are errors that say where", () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const x = random(20, 6);
      x.data[6 * 4 + 5] = bad;
      for (const measure of [measureUnits, vni, lengthShare, constantUnits, spectrum])
        expect(() => measure(x)).toThrow(`activations are finite numbers, got ${bad} at index 29`);
      expect(() => measureUnits({ ...x, data: Float32Array.from(x.data) })).toThrow(NumericalError);
    }
  });

  it("a single unit is one node", () => {
    expect(measureUnits(random(10, 1))).toMatchObject({ vni: 1, weighted: 1, effectiveNodes: 1, constantUnits: 0 });
    const beside = matrixFromRows([
      [0, 1, 7],
      [0, 2, 7],
      [0, 4, 7],
      [0, 3, 7],
    ]);
    expect(measureUnits(beside)).toMatchObject({ vni: 1, weighted: 1, effectiveNodes: 1, constantUnits: 2 });
  });

  it("fewer points than units: raw values of rank M - 1, corrected ones near the truth, and a warning", () => {
    const record = measureUnits(random(60, 400));
    expect(record.raw.weighted).toBeGreaterThan(1 / 59);
    // 1/400, with the noise of 60 points: its standard deviation is about sqrt(2) / 60 of 1 / 59.
    expect(Math.abs(record.vni - 1 / 400)).toBeLessThan(5 * (Math.SQRT2 / 60 / 59));
    expect(record.warning).toMatch(/^60 points are few for \d+ effective nodes/);
  });

  it("warns below ten points for every effective node, and not from there on", () => {
    // A single unit is one effective node, without rounding.
    expect(measureUnits(random(9, 1)).warning).toMatch(/^9 points are few for 1 effective nodes: .* below 10$/);
    expect(measureUnits(random(10, 1)).warning).toBeUndefined();
  });

  it("two copies of every unit, and opposite ones", () => {
    const x = random(50, 1);
    const copies = matrix(50, 4);
    x.data.forEach((value, p) => {
      copies.data.set([value, -2 * value, value + 1, 1e6 * value], 4 * p);
    });
    expect(measureUnits(copies).vni).toBeCloseTo(1, 12);
    expect(measureUnits(copies).effectiveNodes).toBeCloseTo(1, 12);
  });

  it("no points, no units, and what is no layer", () => {
    expect(() => measureUnits(matrix(0, 4))).toThrow("at least one point and one unit, got the shape [0, 4]");
    expect(() => measureUnits([])).toThrow("at least one point");
    expect(() => measureUnits({ shape: [3], data: new Float32Array(3) })).toThrow("[points, units]");
    expect(() => measureUnits("3" as never)).toThrow("expected activations");
  });
});
