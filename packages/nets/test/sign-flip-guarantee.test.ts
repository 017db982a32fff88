import { matrix, normals, row, split, stream } from "@sonde/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { forward, mlp, randomNetwork } from "../src/index.js";

// 100,000 networks: npm run verify -- death.
it("sign flips leave at least 2^-k of the points alive through k layers: widths, depths, bases, biases, norms", () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.constantFrom("sign-flip-layer", "sign-flip-neuron"),
      fc.constantFrom("he-normal", "glorot-uniform", "orthogonal", "lsuv"),
      fc.constantFrom("zeros", "like-weights", "normal:3", "uniform:0.1"),
      fc.constantFrom("none", "batch", "rms") as fc.Arbitrary<"none" | "batch" | "rms">,
      fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 10 }),
      fc.integer({ min: 2, max: 30 }),
      fc.integer({ min: 1, max: 4 }),
      (seed, flip, base, bias, norm, hidden, points, features) => {
        const inputs = matrix(points, features, normals(split(stream(seed), 7), new Float64Array(points * features)));
        const architecture = mlp([features, ...hidden, 1], { init: `${flip}:${base}`, bias, norm });
        const living = new Array<boolean>(points).fill(true);
        forward(randomNetwork(architecture, stream(seed), { inputs }), inputs, {
          observe: ({ layer, activations }) => {
            for (let p = 0; p < points; p++) living[p] &&= row(activations, p).some((value) => value !== 0);
            expect(living.filter(Boolean).length).toBeGreaterThanOrEqual(points / 2 ** layer);
          },
        });
      },
    ),
    { seed: 1, numRuns: 1000 },
  );
});
