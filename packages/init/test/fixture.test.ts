import { readFileSync } from "node:fs";
import { stream } from "@sonde/core";
import { expect, it } from "vitest";
import { type InitialiserSpec, initialiser, type LayerShape } from "../src/index.js";

interface Fixture {
  readonly seed: number;
  readonly cases: readonly { spec: InitialiserSpec; shape: LayerShape; weights: number[]; bias: number[] }[];
}

const fixture: Fixture = JSON.parse(readFileSync(new URL("fixtures/initialisers.json", import.meta.url), "utf8"));

// Both sides round in float64; the orthogonal ones amplify by the condition of an 8 x 8 Gaussian matrix at most.
const TOLERANCE = 1e-13;

for (const { spec, shape, weights, bias } of fixture.cases)
  it(`${JSON.stringify(spec)} draws the parameters of the NumPy fixture for ${JSON.stringify(shape)}`, () => {
    const drawn = initialiser(spec).draw(stream(fixture.seed), shape);
    expect(drawn.weights).toMatchObject({ rows: weights.length / shape.outputs, cols: shape.outputs });
    expect(largestDifference(drawn.weights.data, weights)).toBeLessThan(TOLERANCE);
    expect(largestDifference(drawn.bias, bias)).toBeLessThan(TOLERANCE);
  });

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a, (value, k) => Math.abs(value - b[k])).reduce((x, y) => Math.max(x, y), 0);
}
