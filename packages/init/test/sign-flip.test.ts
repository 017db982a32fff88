import { type Matrix, matrix, multiply, normals, ShapeError, split, stream } from "@sonde/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Initialiser, initialiser } from "../src/index.js";
import { expectMean } from "./statistics.js";

const relu = (z: Matrix) =>
  matrix(
    z.rows,
    z.cols,
    Float64Array.from(z.data, (value) => Math.max(value, 0)),
  );

/** Points alive after each hidden layer of a ReLU network whose layers are drawn in order, each on the activations that reach it. */
function livingRatios(
  { draw }: Initialiser,
  seed: number,
  points: number,
  inputs: number,
  width: number,
  depth: number,
): number[] {
  const random = stream(seed);
  let layerInput: Matrix = matrix(points, inputs);
  normals(split(random, 0), layerInput.data as Float64Array);
  let living = Array.from({ length: points }, () => true);
  return Array.from({ length: depth }, (_, layer) => {
    const shape = { kernel: [], inputs: layerInput.cols, outputs: width };
    const { weights, bias } = draw(split(random, layer + 1), shape, { layerInput, living, respond: relu });
    const z = multiply(layerInput, weights);
    layerInput = relu({ ...z, data: z.data.map((value, k) => value + bias[k % width]) });
    living = living.map((alive, point) => alive && layerInput.data.slice(point * width, (point + 1) * width).some((a) => a > 0));
    return living.filter(Boolean).length / points;
  });
}

describe.each(["sign-flip-layer", "sign-flip-neuron"])("%s", (name) => {
  it("keeps at least 2^-k of the points alive through k layers", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom("zeros", "like-weights", "normal:3"),
        fc.constantFrom("he-normal", "glorot-uniform", "orthogonal", "lsuv"),
        (seed, points, inputs, width, bias, base) => {
          const ratios = livingRatios(initialiser({ init: `${name}:${base}`, bias }), seed, points, inputs, width, 8);
          ratios.forEach((ratio, k) => {
            expect(ratio).toBeGreaterThanOrEqual(2 ** -(k + 1));
          });
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });

  it("changes signs only, of all of a unit's weights and its bias together, and acts on he-normal unless told", () => {
    const layerInput = matrix(40, 3);
    normals(stream(5), layerInput.data);
    const shape = { kernel: [], inputs: 3, outputs: 6 };
    const plain = initialiser({ bias: "normal:0.1" }).draw(stream(2), shape);
    const flipped = initialiser({ init: name, bias: "normal:0.1" }).draw(stream(2), shape, { layerInput, respond: relu });
    for (let j = 0; j < 6; j++) {
      const sign = flipped.bias[j] / plain.bias[j];
      expect(Math.abs(sign)).toBe(1);
      for (let i = 0; i < 3; i++) expect(flipped.weights.data[i * 6 + j]).toBe(sign * plain.weights.data[i * 6 + j]);
    }
  });

  it("looks at living points only", () => {
    // Three points on one side are dead already; the one on the other side decides.
    const context = {
      layerInput: matrix(4, 1, Float64Array.of(1, 2, 3, -1)),
      respond: relu,
      living: [false, false, false, true],
    };
    const { weights } = initialiser({ init: name }).draw(stream(2), { kernel: [], inputs: 1, outputs: 1 }, context);
    expect(weights.data[0]).toBeLessThan(0);
  });

  it("counts a convolution's point as alive if any position fires", () => {
    // Two points with two positions each. With a positive weight the first fires at one position, the second at none: half, so no flip.
    const layerInput = matrix(4, 1, Float64Array.of(-1, 1, -1, -1));
    const shape = { kernel: [1], inputs: 1, outputs: 1 };
    const positive = Array.from({ length: 20 }, (_, seed) => seed).filter(
      (seed) => initialiser({}).draw(stream(seed), shape).weights.data[0] > 0,
    );
    for (const seed of positive)
      expect(
        initialiser({ init: name }).draw(stream(seed), shape, { layerInput, positions: 2, respond: relu }).weights.data[0],
      ).toBeGreaterThan(0);
  });

  it("never flips where no activation follows", () => {
    const layerInput = matrix(2, 1, Float64Array.of(1, 2));
    const shape = { kernel: [], inputs: 1, outputs: 8 };
    expect(initialiser({ init: name }).draw(stream(3), shape, { layerInput })).toEqual(initialiser({}).draw(stream(3), shape));
  });

  it("rejects rows and living flags that do not fit the points", () => {
    const shape = { kernel: [], inputs: 1, outputs: 1 };
    const { draw } = initialiser({ init: name });
    expect(() => draw(stream(0), shape, { layerInput: matrix(3, 1), positions: 2 })).toThrow(
      new ShapeError(
        `"${name}:he-normal" got a layer input with 3 rows at 2 positions a point: rows must be points * positions, with one flag per point`,
      ),
    );
    expect(() => draw(stream(0), shape, { layerInput: matrix(3, 1), living: [true] })).toThrow(
      /with 3 rows .* and 1 living flags/,
    );
    expect(() => draw(stream(0), shape)).toThrow(`"${name}:he-normal" looks at the data`);
  });
});

it("without flips a point stays alive through H layers with probability (1 - 2^-N)^H", () => {
  const ratios = Array.from({ length: 1000 }, (_, seed) => livingRatios(initialiser({}), seed, 64, 6, 2, 10)[9]);
  expectMean(ratios, 0.75 ** 10);
});

// Mean living ratios over 2000 networks on 64 Gaussian points in R^6, from an independent simulation whose standard deviation per network is
// at most 0.25: with 500 networks here the standard error of the difference is at most 0.25 sqrt(1/2000 + 1/500) = 0.0125.
it.each([
  ["sign-flip-layer", 2, 10, 0.626],
  ["sign-flip-neuron", 2, 10, 0.701],
  ["sign-flip-layer", 5, 20, 0.855],
  ["sign-flip-neuron", 5, 20, 0.964],
])("%s at width %i, depth %i leaves a living ratio of %f", (name, width, depth, expected) => {
  const ratios = Array.from(
    { length: 500 },
    (_, seed) => livingRatios(initialiser({ init: name }), seed, 64, 6, width, depth)[depth - 1],
  );
  const mean = ratios.reduce((a, b) => a + b, 0) / ratios.length;
  expect(Math.abs(mean - expected)).toBeLessThan(4.5 * 0.0125);
});
