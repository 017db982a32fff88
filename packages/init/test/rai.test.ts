import { normals, split, stream } from "@sonde/core";
import { describe, expect, it } from "vitest";
import { fanIn, RAI_SIGMA, rai } from "../src/index.js";
import { expectLaw, expectMean, square } from "./statistics.js";

it("sigma_w is 0.60074731...", () => expect(RAI_SIGMA).toBeCloseTo(0.60074731, 8));

describe.each([
  ["dense", { kernel: [], inputs: 6, outputs: 9000 }],
  ["conv", { kernel: [3, 1], inputs: 2, outputs: 9000 }],
])("on a %s layer", (_, shape) => {
  const random = stream(12);
  const { weights, bias } = rai().draw(random, shape);
  const slots = fanIn(shape) + 1;
  const drawn = new Float64Array(slots * shape.outputs);
  drawn.set(weights.data);
  drawn.set(bias, weights.data.length);
  const normal = new Float64Array(drawn.length);
  normals(split(random, 0), normal.subarray(0, weights.data.length));
  normals(split(random, 1), normal.subarray(weights.data.length));
  const sd = RAI_SIGMA / Math.sqrt(fanIn(shape));
  const replaced = Array.from(drawn.keys()).filter((k) => drawn[k] !== normal[k] * sd);

  it("replaces exactly one entry of each unit's weights and bias", () => {
    expect(replaced.map((k) => k % shape.outputs).sort((a, b) => a - b)).toEqual(Array.from(bias.keys()));
  });

  it("chooses every slot equally often, the bias included", () => {
    const slotOf = replaced.map((k) => Math.floor(k / shape.outputs));
    for (let slot = 0; slot < slots; slot++)
      expectMean(
        slotOf.map((s) => (s === slot ? 1 : 0)),
        1 / slots,
      );
  });

  it("puts a Beta(2, 1) variate there, not rescaled and independent of the slot", () => {
    const values = replaced.map((k) => drawn[k]);
    expectLaw(values, square);
    expectMean(values, 2 / 3);
    expectMean(
      replaced.map((k) => (drawn[k] - 2 / 3) * (Math.floor(k / shape.outputs) - (slots - 1) / 2)),
      0,
    );
  });

  it("leaves the rest N(0, sigma_w^2 / fan_in)", () => {
    const kept = drawn.filter((value, k) => value === normal[k] * sd);
    expectMean(kept, 0);
    expectMean(kept.map(square), sd * sd);
  });
});

it("gives the weights and the bias of a unit together the mean square sigma_w^2 + 1/2", () => {
  const shape = { kernel: [], inputs: 3, outputs: 60_000 };
  const { weights, bias } = rai().draw(stream(13), shape);
  const energy = bias.map((b, j) => [0, 1, 2].reduce((sum, i) => sum + square(weights.data[i * shape.outputs + j]), b * b));
  expectMean(energy, RAI_SIGMA ** 2 + 0.5);
});
