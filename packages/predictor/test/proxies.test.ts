import { readFileSync } from "node:fs";
import { matrix, matrixFromRows } from "@sonde/core";
import { mlp } from "@sonde/nets";
import { describe, expect, it } from "vitest";

// The scripts of the calibration are no part of the package.
const script = new URL("../calibration/proxies.mjs", import.meta.url).href;
const { proxies } = (await import(script)) as { proxies: (network: unknown, batch: unknown) => Record<string, number> };

interface Case {
  readonly name: string;
  readonly activation: string;
  readonly widths: number[];
  readonly inputs: number[][];
  readonly classes: number[];
  readonly parameters: { readonly weights: number[][]; readonly bias: number[] }[];
  readonly expected: Record<string, number>;
}

const { cases } = JSON.parse(readFileSync(new URL("fixtures/proxies.json", import.meta.url), "utf8")) as { cases: Case[] };

describe("proxies of architecture search", () => {
  it.each(cases)("are PyTorch's: $name", ({ activation, widths, inputs, classes, parameters, expected }) => {
    const network = {
      architecture: mlp(widths, { activation }),
      parameters: parameters.map(({ weights, bias }) => ({ weights: matrixFromRows(weights), bias: Float64Array.from(bias) })),
    };
    const targets = matrix(classes.length, 1, Float64Array.from(classes));
    const found = proxies(network, { inputs: matrixFromRows(inputs), targets, loss: { name: "cross-entropy" } });
    for (const [name, value] of Object.entries(expected)) {
      // GraSP is a finite difference here, and eigenvalues of 0 round.
      const tolerance = name === "grasp" || name === "jacobCov" ? 1e-3 : 1e-9;
      expect(Math.abs(found[name] / value - 1), name).toBeLessThan(tolerance);
    }
  });
});
