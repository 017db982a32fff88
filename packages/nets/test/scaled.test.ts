import { matrix, normals, stream } from "@sonde/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Architecture,
  forward,
  type LayerOutput,
  mlp,
  type Network,
  randomNetwork,
  type Tangents,
  tangent,
} from "../src/index.js";
import { joinedScaled, rescale, type Scaled, unscaled } from "../src/scaled.js";

const inputs = matrix(5, 6);
normals(stream(1), inputs.data);
const noise = matrix(5, 6);
normals(stream(2), noise.data);

/** The network with all weights multiplied by a factor. */
function scaled({ architecture, parameters }: Network, factor: number): Network {
  return {
    architecture,
    parameters: parameters.map(({ weights, bias }) => ({
      weights: matrix(
        weights.rows,
        weights.cols,
        weights.data.map((w) => w * factor),
      ),
      bias,
    })),
  };
}

function outputs(network: Network): (LayerOutput & Tangents)[] {
  const result: (LayerOutput & Tangents)[] = [];
  tangent(network, inputs, noise, { trace: (output) => result.push(output) });
  return result;
}

test("a network that shrinks its signal by 2^-30 a layer stays alive, with exact activations and exponents", () => {
  const network = randomNetwork(mlp("6-8x100-1"), stream(3));
  const usual = outputs(network);
  const shrunk = outputs(scaled(network, 2 ** -30));
  let layers = 0;
  for (const [index, { path, activations, exponent, tangents, tangentExponent }] of shrunk.entries()) {
    if (usual[index].kind === "dense") layers++;
    // Powers of two change no digit: the same values times 2^(-30 layers), whatever was taken out on the way.
    const back = unscaled({ values: activations, exponent: exponent + 30 * layers });
    expect(back, path).toEqual(unscaled({ values: usual[index].activations, exponent: usual[index].exponent }));
    const tangentBack = unscaled({ values: tangents, exponent: tangentExponent + 30 * layers });
    expect(tangentBack, path).toEqual(unscaled({ values: usual[index].tangents, exponent: usual[index].tangentExponent }));
    const largest = Math.max(...activations.data.map(Math.abs));
    expect(largest).toBeGreaterThan(2 ** -101);
  }
  expect(shrunk[shrunk.length - 1].exponent).toBeLessThan(-2900);
  expect(forward(scaled(network, 2 ** -30), inputs).data.every((value) => value === 0)).toBe(true);
});

test("a network that amplifies its signal beyond float64 keeps finite activations", () => {
  const grown = outputs(scaled(randomNetwork(mlp("6-8x100-1"), stream(3)), 2 ** 30));
  for (const { activations } of grown) expect(activations.data.every(Number.isFinite)).toBe(true);
  expect(grown[grown.length - 1].exponent).toBeGreaterThan(2900);
});

test("residual and concat blocks add and join at one exponent", () => {
  for (const skip of ["residual", "dense"] as const) {
    const network = randomNetwork(mlp("6-6x40-1", { skip }), stream(4));
    const grown = scaled(network, 2 ** 60);
    const last = outputs(grown)[outputs(grown).length - 2];
    expect(last.activations.data.every(Number.isFinite)).toBe(true);
    expect(last.exponent).toBeGreaterThan(1500);
    expect(last.tangentExponent).toBeGreaterThan(1500);
  }
});

test("usual networks are never rescaled, nor are networks with a bias, a norm or a curved activation", () => {
  const exponents = (network: Network) => new Set(outputs(network).map(({ exponent }) => exponent));
  expect(exponents(randomNetwork(mlp("6-32x50-1"), stream(5)))).toEqual(new Set([0]));
  for (const options of [{ bias: "normal:1e-9" }, { norm: "batch" }, { activation: "tanh" }] as const)
    expect(exponents(scaled(randomNetwork(mlp("6-4x30-1", options), stream(5)), 2 ** -40))).toEqual(new Set([0]));
});

test("tangents are rescaled in every network", () => {
  // Each batch norm of almost constant channels multiplies the noise by up to 1 / sqrt(epsilon).
  const layers = new Array(60).fill(0).flatMap(() => [
    { kind: "norm", norm: "batch", epsilon: 1e-12 },
    { kind: "dense", units: 6, weightVariance: 1e-8 },
  ]) as Architecture["layers"];
  const last = outputs(randomNetwork({ input: [6], layers }, stream(6)))[119];
  expect(last.exponent).toBe(0);
  expect(last.tangents.data.every(Number.isFinite)).toBe(true);
  expect(last.tangents.data.some((value) => value !== 0)).toBe(true);
});

test("rescaling changes no value and brings the largest one near 1", () => {
  const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(values, (list) => {
      const before = matrix(1, list.length, Float64Array.from(list));
      const { values: after, exponent } = rescale({ values: before, exponent: 7 });
      const largest = Math.max(...list.map(Math.abs));
      if (exponent !== 7) {
        const now = Math.max(...after.data.map(Math.abs));
        expect(now >= 1 && now < 2).toBe(true);
        // Values below 2^-1000 of the largest one may lose digits on the way down.
        for (const [i, value] of list.entries())
          if (Math.abs(value) > largest * 2 ** -1000 || largest < 1)
            expect(unscaled({ values: after, exponent: exponent - 7 }).data[i]).toBe(value);
      } else expect(after).toBe(before);
    }),
  );
});

test("zeros, infinities and NaN are left as they are", () => {
  for (const data of [
    [0, 0],
    [Infinity, 1e-300],
    [Number.NaN, 1e-300],
  ]) {
    const values = matrix(1, 2, Float64Array.from(data));
    expect(rescale({ values, exponent: 3 })).toEqual({ values, exponent: 3 });
  }
});

const sumScaled = (a: Scaled, b: Scaled, factor = 1) => joinedScaled({ kind: "sum", factors: [1, factor] }, [a, b]);
const joinScaled = (a: Scaled, b: Scaled, p: number) =>
  joinedScaled({ kind: "concat", channels: [p, b.values.data.length] }, [a, b]);

test("sums and joins take the larger exponent, and zeros take any", () => {
  const of = (value: number, exponent: number) => ({ values: matrix(1, 1, Float64Array.of(value)), exponent });
  expect(sumScaled(of(1, 10), of(1, 12))).toEqual(of(1.25, 12));
  expect(sumScaled(of(0, 5000), of(1, -3))).toEqual(of(1, -3));
  expect(sumScaled(of(1, -3), of(0, 5000))).toEqual(of(1, -3));
  // A factor of 0 takes out what would be far larger.
  expect(sumScaled(of(1, 0), of(1, 5000), 0)).toEqual(of(1, 0));
  expect(sumScaled(of(1, 3), of(1, 3), -0.5)).toEqual(of(0.5, 3));
  expect(joinScaled(of(1, 0), of(1, 1), 1)).toEqual({ values: matrix(1, 2, Float64Array.of(0.5, 1)), exponent: 1 });
});
