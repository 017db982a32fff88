import { ConfigError, matrix, matrixFromRows, normals, row, split, stream } from "@sonde/core";
import { initialiser } from "@sonde/init";
import { expect, test } from "vitest";
import { forward, mlp, randomNetwork } from "../src/index.js";

test("layer p is drawn by its initialiser from the p-th child of the stream", () => {
  const { parameters } = randomNetwork(mlp("3-4-2", { bias: "normal:0.1" }), stream(7));
  const law = initialiser({ bias: "normal:0.1" });
  expect(parameters).toEqual([
    law.draw(split(stream(7), 0), { kernel: [], inputs: 3, outputs: 4 }),
    law.draw(split(stream(7), 1), { kernel: [], inputs: 4, outputs: 2 }),
  ]);
});

test("layers inside blocks are drawn in depth-first order", () => {
  const { parameters } = randomNetwork(mlp("3-4x4-2", { skip: "residual" }), stream(0));
  expect(parameters.map(({ weights }) => [weights.rows, weights.cols])).toEqual([
    [3, 4],
    [4, 4],
    [4, 4],
    [4, 4],
    [4, 4],
    [4, 2],
  ]);
});

test("an embedding has weights of variance 1 / inputs and no bias", () => {
  const { parameters } = randomNetwork(mlp("100-100x2-1", { skip: "residual", bias: "normal:1", embedding: true }), stream(3));
  const { weights, bias } = parameters[0];
  const mean = weights.data.reduce((sum, w) => sum + w * w, 0) / weights.data.length;
  // The variance of a squared normal variate is 2: five standard errors of the mean of 10^4 of them.
  expect(Math.abs(100 * mean - 1)).toBeLessThan(5 * Math.sqrt(2 / 1e4));
  expect(bias.every((value) => value === 0)).toBe(true);
});

test("LSUV makes every dense layer's output have variance 1 on the given points", () => {
  const inputs = matrix(50, 6);
  normals(stream(11), inputs.data);
  const network = randomNetwork(mlp("6-8x5-3", { init: "lsuv" }), stream(1), { inputs });
  let layers = 0;
  forward(network, inputs, {
    trace: ({ kind, activations }) => {
      if (kind !== "dense") return;
      layers++;
      const { data } = activations;
      const mean = data.reduce((sum, y) => sum + y, 0) / data.length;
      const variance = data.reduce((sum, y) => sum + (y - mean) ** 2, 0) / data.length;
      expect(variance).toBeCloseTo(1, 10);
    },
  });
  expect(layers).toBe(6);
});

test("sign flips see which points are alive, so that at least 2^-k of them live after k layers", () => {
  const inputs = matrix(64, 1);
  normals(stream(5), inputs.data);
  for (let seed = 0; seed < 20; seed++) {
    const network = randomNetwork(mlp("1-1x4-1", { init: "sign-flip-layer" }), stream(seed), { inputs });
    forward(network, inputs, {
      observe: ({ layer, activations }) =>
        expect(activations.data.filter((value) => value !== 0).length).toBeGreaterThanOrEqual(64 / 2 ** layer),
    });
  }
});

test.each(["batch", "layer", "rms"] as const)("sign flips look through a %s norm at what the activation makes of it", (norm) => {
  const inputs = matrix(40, 3);
  normals(stream(6), inputs.data);
  for (const init of ["sign-flip-layer", "sign-flip-neuron"])
    for (let seed = 0; seed < 10; seed++) {
      const network = randomNetwork(mlp("3-2x4-1", { init, norm, bias: "like-weights" }), stream(seed), { inputs });
      const living = new Array<boolean>(40).fill(true);
      forward(network, inputs, {
        observe: ({ layer, activations }) => {
          for (let p = 0; p < 40; p++) living[p] &&= row(activations, p).some((value) => value !== 0);
          expect(living.filter(Boolean).length).toBeGreaterThanOrEqual(40 / 2 ** layer);
        },
      });
    }
});

test("sign flips of a network whose signal falls below float64 do not take that for death", () => {
  const inputs = matrixFromRows([[1], [-1]]);
  const architecture = mlp("1-2x3000-1", { init: "sign-flip-neuron:glorot-normal" });
  const network = randomNetwork(architecture, stream(1), { inputs });
  let last = 0;
  forward(network, inputs, {
    observe: ({ activations, exponent }) => {
      expect(activations.data.some((value) => value > 0)).toBe(true);
      last = exponent;
    },
  });
  // Half of the variance is lost in every layer, and more in a typical one.
  expect(last).toBeLessThan(-1100);
});

test("a data-dependent initialiser sees the windows of a convolution", () => {
  const inputs = matrix(20, 12);
  normals(stream(2), inputs.data);
  const architecture = { input: [6, 2], layers: [{ kind: "conv", channels: 3, kernel: [3], init: "lsuv" }] } as const;
  const { data } = forward(randomNetwork(architecture, stream(0), { inputs }), inputs);
  const mean = data.reduce((sum, y) => sum + y, 0) / data.length;
  expect(data.reduce((sum, y) => sum + (y - mean) ** 2, 0) / data.length).toBeCloseTo(1, 10);
});

test("a data-dependent initialiser without inputs is refused with its layer", () => {
  const draw = () => randomNetwork(mlp("2-3-1", { init: "lsuv" }), stream(0));
  expect(draw).toThrow(ConfigError);
  expect(draw).toThrow('layers[0] is initialised with "lsuv", which looks at data: give "inputs"');
});

test("points that do not fit the input are refused", () => {
  const network = randomNetwork(mlp("2-3-1"), stream(0));
  expect(() => forward(network, matrixFromRows([[1, 2, 3]]))).toThrow("a point needs 2 values for the input [2], got 3");
  expect(() => forward(network, matrix(0, 2))).toThrow("at least one point");
});

test("parameters that do not fit the architecture are refused with their layer", () => {
  const { parameters } = randomNetwork(mlp("2-3-1"), stream(0));
  const x = matrix(1, 2);
  expect(() => forward({ architecture: mlp("2-3x2-1"), parameters }, x)).toThrow(
    "layers[2] needs 3 x 3 weights and 3 biases, got 3 x 1 weights and 1 biases: give parameters in depth-first order",
  );
  expect(() => forward({ architecture: mlp("2-3-1-1"), parameters }, x)).toThrow(
    "layers[4] needs 1 x 1 weights and 1 biases, but the network has parameters for only 2 layers: add them",
  );
});
