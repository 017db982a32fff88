import { ConfigError, DomainError, stream } from "@sonde/core";
import { expect, it } from "vitest";
import { initialiser, parseBias } from "../src/index.js";
import { expectMean, square } from "./statistics.js";

const shape = { kernel: [], inputs: 2, outputs: 40_000 };
const draw = (bias: string) => initialiser({ bias }).draw(stream(8), shape).bias;

it("parseBias reads the four forms", () => {
  expect(parseBias("zeros")).toEqual({ kind: "zeros" });
  expect(parseBias("like-weights")).toEqual({ kind: "like-weights" });
  for (const text of ["zeros_", "Zero", "none"]) expect(parseBias(text)).toEqual({ kind: "zeros" });
  expect(parseBias("normal:0.05")).toEqual({ kind: "normal", variance: 0.05 });
  expect(parseBias("uniform:1e-3")).toEqual({ kind: "uniform", radius: 1e-3 });
});

it.each(["", "null", "normal", "normal:", "normal: ", "normal:x", "uniform:Infinity", "uniform:NaN", "gamma:1"])(
  "parseBias rejects %j and says what it knows",
  (text) => {
    expect(() => parseBias(text)).toThrow(ConfigError);
    expect(() => parseBias(text)).toThrow(
      `unknown bias "${text}": expected "zeros", "like-weights", "normal:VAR" (such as "normal:0.05") or "uniform:R"`,
    );
  },
);

it("parseBias rejects negative numbers", () => {
  expect(() => parseBias("normal:-1")).toThrow(new DomainError('a bias needs a variance of at least 0, got "normal:-1"'));
  expect(() => parseBias("uniform:-1")).toThrow(new DomainError('a bias needs a radius of at least 0, got "uniform:-1"'));
});

it("zeros are zero", () => expect(draw("zeros").every((b) => b === 0)).toBe(true));

it("normal:VAR has variance VAR, not divided by the fan-in", () => {
  expectMean(draw("normal:0.7"), 0);
  expectMean(draw("normal:0.7").map(square), 0.7);
});

it("uniform:R lies within R and has variance R^2 / 3", () => {
  const bias = draw("uniform:0.7");
  expect(bias.every((b) => Math.abs(b) <= 0.7 * (1 + 1e-15))).toBe(true);
  expectMean(bias, 0);
  expectMean(bias.map(square), 0.49 / 3);
});

it("like-weights follows the variance of a weight: 2 / fan_in for he, gain^2 / max(fan_in, outputs) for orthogonal", () => {
  expectMean(draw("like-weights").map(square), 1);
  const flat = { kernel: [], inputs: 2, outputs: 500 };
  const { bias } = initialiser({ init: "orthogonal", weightVariance: 1000, bias: "like-weights" }).draw(stream(9), flat);
  expectMean(bias.map(square), 2);
});
