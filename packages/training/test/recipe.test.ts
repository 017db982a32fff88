import { matrix, matrixFromRows } from "@sonde/core";
import { mlp } from "@sonde/nets";
import {
  batchReader,
  epochSteps,
  functionData,
  labelledData,
  logSteps,
  lossOf,
  planTraining,
  rateAt,
  xorData,
} from "@sonde/training";
import { describe, expect, test } from "vitest";

describe("losses", () => {
  const outputs = Float64Array.of(0.3, -1.2, 2.5, 0.1, 0.7, -0.4);
  const values = Float64Array.of(0.1, -1, 0, 0.4, 0.7, 2);
  test.each([
    [{ name: "mse" } as const, values],
    [{ name: "mae" } as const, values],
    [{ name: "huber", delta: 0.5 } as const, values],
    [{ name: "cross-entropy" } as const, Float64Array.of(2, 0)],
  ])("the gradient of %o is its derivative", (loss, targets) => {
    const gradient = new Float64Array(6);
    lossOf(loss, outputs, targets, 3, gradient);
    for (const k of outputs.keys()) {
      const at = (shift: number) =>
        lossOf(
          loss,
          outputs.map((y, i) => (i === k ? y + shift : y)),
          targets,
          3,
        );
      // Where output and target are equal |d| has a kink, and the derivative of sign 0.
      expect(gradient[k]).toBeCloseTo((at(1e-6) - at(-1e-6)) / 2e-6, 8);
    }
  });

  test("huber is half the square within delta and linear beyond it", () => {
    const at = (d: number) => lossOf({ name: "huber", delta: 1 }, Float64Array.of(d), Float64Array.of(0), 1);
    expect([at(1), at(-1), at(3)]).toEqual([0.5, 0.5, 2.5]);
  });

  test("cross-entropy of even outputs is ln C, however large they are", () => {
    const even = new Float64Array(4).fill(1e4);
    expect(lossOf({ name: "cross-entropy" }, even, Float64Array.of(3), 4)).toBeCloseTo(Math.log(4), 12);
  });
});

describe("rates", () => {
  const plan = { learningRate: 2, warmup: 4, schedule: { name: "cosine" } as const, steps: 12 };
  test("warm-up is linear, then the schedule starts", () => {
    expect([0, 1, 2, 3, 4].map((step) => rateAt(plan, step))).toEqual([0.5, 1, 1.5, 2, 2]);
    expect(rateAt(plan, 8)).toBeCloseTo(1, 15);
  });
  test("steps change it at their multiples", () => {
    const stepped = { ...plan, warmup: 0, schedule: { name: "step", every: 5, factor: 0.1 } as const };
    expect([4, 5, 9, 10].map((step) => rateAt(stepped, step)).map((rate) => Number(rate.toPrecision(12)))).toEqual([
      2, 0.2, 0.2, 0.02,
    ]);
  });
});

describe("batches", () => {
  const plan = { inputs: matrix(10, 1), batch: 4, batches: "shared" as const, seed: 3 };
  test("an epoch shows every point once, the last batch what is left", () => {
    const read = batchReader(plan, 0);
    const sizes = [0, 1, 2].map((step) => read(step).length);
    expect([epochSteps(plan), ...sizes]).toEqual([3, 4, 4, 2]);
    const again = batchReader(plan, 0);
    expect([0, 1, 2].flatMap((step) => [...again(step)]).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
  test("epochs differ, steps may be read from the middle", () => {
    const read = batchReader(plan, 0);
    const first = [...read(0)];
    const later = [...read(4)];
    expect([...read(3)]).not.toEqual(first);
    expect([...batchReader(plan, 0)(4)]).toEqual(later);
  });
  test("networks share them or not", () => {
    expect([...batchReader(plan, 7)(0)]).toEqual([...batchReader(plan, 0)(0)]);
    const own = { ...plan, batches: "own" as const };
    expect([...batchReader(own, 7)(0)]).not.toEqual([...batchReader(own, 0)(0)]);
  });
});

test("steps of looks begin with 0, end with the last and never repeat", () => {
  expect(logSteps(1, 10)).toEqual([0, 1]);
  expect(logSteps(1000, 4)).toEqual([0, 1, 10, 100, 1000]);
});

describe("data", () => {
  test("the target of two inputs is (|x1 + x2|, |x1 - x2|) in the square of side 2 sqrt 3", () => {
    const { inputs, targets, probe } = functionData("abs-2d", { points: 500, inputs: 2, outputs: 2 });
    for (let p = 0; p < 500; p++) {
      const [x, y] = inputs.data.subarray(2 * p, 2 * p + 2);
      expect(targets.data[2 * p]).toBe(Math.abs(x + y));
      expect(targets.data[2 * p + 1]).toBe(Math.abs(x - y));
      expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThan(Math.sqrt(3));
    }
    expect([probe.rows, Math.max(...probe.data), Math.min(...probe.data)]).toEqual([441, Math.sqrt(3), -Math.sqrt(3)]);
  });
  test("x sin 5x has the mean 0.1603 and the median 0.1305", () => {
    const { targets } = functionData("x-sin-5x", { points: 100_000, inputs: 1, outputs: 1 });
    const sorted = targets.data.slice().sort();
    // Standard errors 0.0024 and, with a density of about 0.35 at the median, 0.0045.
    expect(Math.abs(targets.data.reduce((sum, y) => sum + y, 0) / 1e5 - 0.1603)).toBeLessThan(0.011);
    expect(Math.abs(sorted[50_000] - 0.1305)).toBeLessThan(0.02);
  });
  test("clouds of exclusive or lie around their corners", () => {
    const { inputs, targets } = xorData({ points: 40, spread: 0.05 });
    for (let p = 0; p < 40; p++) {
      const [a, b] = [inputs.data[2 * p], inputs.data[2 * p + 1]].map(Math.round);
      expect(targets.data[p]).toBe(a ^ b);
    }
  });
  test("a share of labelled points is kept apart, each point once", () => {
    const points = matrixFromRows(Array.from({ length: 11 }, (_, i) => [i]));
    const data = labelledData({ name: "mine", points, labels: Float64Array.from(points.data, (x) => x % 3) }, { test: 0.3 });
    expect(data.test?.inputs.rows).toBe(3);
    expect(data.classes).toBe(3);
    const all = [...data.inputs.data, ...(data.test?.inputs.data ?? [])];
    expect(all.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    data.inputs.data.forEach((x, i) => {
      expect(data.targets.data[i]).toBe(x % 3);
    });
  });
});

describe("what makes no sense is said in a sentence", () => {
  const net = mlp("2-8x2-2");
  const data = xorData();
  test.each([
    ["a batch of 5 is larger than the data, which has 4 points", () => planTraining(net, data, { batch: 5 })],
    ["the learning rate is a finite number above 0, got 0", () => planTraining(net, data, { learningRate: 0 })],
    ["the learning rate is a finite number above 0, got NaN", () => planTraining(net, data, { learningRate: Number.NaN })],
    ['unknown optimizer "adaam": did you mean adam?', () => planTraining(net, data, { optimizer: "adaam" as "adam" })],
    ["warmup is a whole number from 0 to 9", () => planTraining(net, data, { warmup: 10, steps: 10 })],
    ["cross-entropy over 2 classes needs as many outputs", () => planTraining(mlp("2-8x2-1"), data, { loss: "cross-entropy" })],
    ["a point has 2 values, but the model 3 inputs", () => planTraining(mlp("3-8x2-2"), data)],
    ["the target abs takes 1 input to 1 output", () => functionData("abs", { inputs: 2, outputs: 1 })],
    ['unknown target function "abss": did you mean abs?', () => functionData("abss", { inputs: 1, outputs: 1 })],
    ["exclusive or has four corners, got 3 points", () => xorData({ points: 3 })],
    [
      "label 2 is 0.5, expected whole numbers from 0",
      () => labelledData({ name: "mine", points: matrix(2, 1), labels: Float64Array.of(0, 0.5) }),
    ],
    ["mine has no labels to learn", () => labelledData({ name: "mine", points: matrix(2, 1) })],
    [
      "cross-entropy is a loss for classes, but the targets are values",
      () => planTraining(mlp("1-2x2-1"), functionData("abs", { inputs: 1, outputs: 1 }), { loss: "cross-entropy" }),
    ],
  ])("%s", (message, act) => {
    expect(act).toThrow(message);
  });
});
