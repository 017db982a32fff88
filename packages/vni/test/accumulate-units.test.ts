import { type Matrix, matrix, normals, split, stream } from "@sonde/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accumulateUnits, measureUnits, type UnitOptions, type UnitRecord } from "../src/index.js";

function layer(points: number, units: number, seed: number, offset = 0): Matrix<Float64Array> {
  const z = normals(split(stream(21), seed), new Float64Array(points * units));
  // Neighbours correlate, every fifth unit is constant, and means differ.
  return matrix(
    points,
    units,
    z.map((value, k) => {
      const unit = k % units;
      return unit % 5 === 4 ? 2 : offset + unit + value + (unit > 0 ? 2 * z[k - 1] : 0);
    }),
  );
}

const rows = ({ cols, data }: Matrix, from: number, to: number) => matrix(to - from, cols, data.slice(from * cols, to * cols));

function expectSame(a: UnitRecord, b: UnitRecord, digits: number): void {
  const { vni, weighted, lengthShare, raw, effectiveNodes, ...rest } = a;
  const { vni: _v, weighted: _w, lengthShare: _l, raw: _r, effectiveNodes: _e, ...others } = b;
  expect(rest).toEqual(others);
  const pairs = [
    [vni, b.vni],
    [weighted, b.weighted],
    [lengthShare, b.lengthShare],
    [raw.vni, b.raw.vni],
    [raw.weighted, b.raw.weighted],
  ];
  for (const [x, y] of pairs) if (!(Number.isNaN(x) && Number.isNaN(y))) expect(x).toBeCloseTo(y, digits);
}

describe("accumulateUnits", () => {
  it("gives what all batches together give, however they are cut and merged", () => {
    const cut = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }));
    const options = fc.constantFrom<UnitOptions>({}, { centred: false }, { removeBias: false });
    fc.assert(
      fc.property(cut, fc.integer({ min: 1, max: 12 }), fc.nat(99), options, ([a, b, c], units, seed, how) => {
        const all = layer(a + b + c, units, seed);
        const [first, second] = [accumulateUnits(how), accumulateUnits(how)];
        first.add(rows(all, 0, a));
        second.add(rows(all, a, a + b));
        second.add(rows(all, a + b, a + b + c));
        first.merge(second);
        expectSame(first.record(), measureUnits(all, how), 9);
      }),
      { numRuns: 80, seed: 1 },
    );
  });

  it("keeps its digits far from zero, and over several tiles", () => {
    const all = layer(500, 300, 1, 1e5);
    const parts = accumulateUnits();
    for (let p = 0; p < 500; p += 125) parts.add(rows(all, p, p + 125));
    expectSame(parts.record(), measureUnits(all), 8);
  });

  it("takes sums that were sent or stored, and empty accumulators", () => {
    const all = layer(60, 7, 3);
    const [left, right] = [accumulateUnits(), accumulateUnits()];
    left.merge(accumulateUnits());
    left.add(rows(all, 0, 30));
    right.add(rows(all, 30, 60));
    left.merge({ sums: structuredClone(right.sums) });
    expectSame(left.record(), measureUnits(all), 10);
  });

  it("says what is wrong", () => {
    expect(() => accumulateUnits().record()).toThrow("nothing was accumulated yet");
    const parts = accumulateUnits();
    parts.add(layer(5, 4, 1));
    expect(() => parts.add(layer(5, 3, 1))).toThrow("all batches need 4 units like the first, got 3");
    const other = accumulateUnits();
    other.add(layer(5, 3, 1));
    expect(() => parts.merge(other)).toThrow("both accumulators need the same units, got 4 and 3");
    expect(() => parts.add([[1, 2, 3, Number.NaN]])).toThrow("got NaN");
    expect(() => accumulateUnits().add(matrix(1, 9000))).toThrow("at most 8192 units, got 9000");
    expect(parts.record().points).toBe(5);
  });
});
