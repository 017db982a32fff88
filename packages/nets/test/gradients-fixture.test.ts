import { readFileSync } from "node:fs";
import type { Matrix } from "@sonde/core";
import { expect, test } from "vitest";
import { type Architecture, forward, gradient } from "../src/index.js";
import { fill, fixtureInputs, fixtureNetwork } from "./fixture-network.js";

interface Case {
  readonly architecture: Architecture;
  /** Mean squares of the gradient by the output of every layer, and by the input. */
  readonly squares: Record<string, number>;
  readonly weights: Record<string, number>;
  readonly inputs: number[];
}
const cases: Case[] = JSON.parse(readFileSync(new URL("fixtures/gradients.json", import.meta.url), "utf8"));

const meanSquare = ({ data }: Matrix<Float64Array>) => data.reduce((sum, value) => sum + value * value, 0) / data.length;

test.each(cases.map((fixture, k) => [k, fixture.architecture.layers.map(({ kind }) => kind).join(", "), fixture] as const))(
  "network %i (%s) has the gradients of PyTorch's autodiff",
  (_, _kinds, { architecture, squares, weights, inputs }) => {
    const network = fixtureNetwork(architecture);
    const x = fixtureInputs(architecture);
    const errors = fill(3, forward(network, x).cols, (p, k) => Math.cos(0.7 * p + 0.53 * k));
    const paths: string[] = [];
    const close = (value: number, wanted: number) => expect(Math.abs(value - wanted)).toBeLessThan(1e-10 * (1 + wanted));
    const result = gradient(network, x, errors, {
      observe({ path, gradients, gradientExponent, weights: own }) {
        paths.push(path);
        expect(gradientExponent).toBe(0);
        close(meanSquare(gradients), squares[path]);
        expect(own === undefined).toBe(weights[path] === undefined);
        if (own) close(meanSquare(own.gradients), weights[path]);
      },
    });
    expect(paths.sort()).toEqual(Object.keys(squares).sort());
    inputs.forEach((value, k) => {
      expect(Math.abs(result.inputs.data[k] - value)).toBeLessThan(1e-10 * (1 + Math.abs(value)));
    });
  },
);
