import { matrixFromRows } from "@sonde/core";
import { mlp } from "@sonde/nets";
import {
  constantsOf,
  contingency,
  type Evaluation,
  type Judgement,
  outcomeOf,
  outcomeThresholds,
  shallowOf,
} from "@sonde/training";
import { describe, expect, test } from "vitest";

/** Mean 1, median 0, variance 4. */
const targets = matrixFromRows([[0], [0], [0], [0], [5]]);
const loss = { name: "mse" } as const;
const judgement: Judgement = { loss, targets, constants: constantsOf({ targets, loss }, undefined), shallowGradient: 1 };
const look: Evaluation = { finite: true, loss: 3.9, range: 1, means: [1], gradientNorms: [1, 1] };
const outcome = (change: Partial<Evaluation>, other: Partial<Judgement> = {}) =>
  outcomeOf([{ ...look, ...change }], { ...judgement, ...other }).outcome;

describe("constants", () => {
  test("mean, median and the least loss of a constant", () => {
    expect(judgement.constants).toEqual({ mean: [1], median: [0], loss: 4 });
    expect(constantsOf({ targets, loss: { name: "mae" } }, undefined).loss).toBe(1);
    // Between mean and median: the derivative of the Huber loss vanishes where 4 c = 1.
    expect(constantsOf({ targets, loss: { name: "huber", delta: 1 } }, undefined).loss).toBeCloseTo(
      (4 * 0.5 * 0.25 ** 2 + (4.75 - 0.5)) / 5,
      12,
    );
  });
  test("of classes their frequencies, the entropy, and the most frequent", () => {
    const classes = matrixFromRows([[0], [1], [1], [1]]);
    const { mean, loss: entropy, majority } = constantsOf({ targets: classes, loss: { name: "cross-entropy" } }, classes);
    expect([mean, majority]).toEqual([[0.25, 0.75], 0.75]);
    expect(entropy).toBeCloseTo(-0.25 * Math.log(0.25) - 0.75 * Math.log(0.75), 14);
  });
});

describe("both sides of each threshold", () => {
  test("diverged comes before all", () => expect(outcome({ finite: false, loss: Number.NaN })).toBe("diverged"));
  test("learned from a skill of 0.9 on", () => {
    expect([outcome({ loss: 0.4 }), outcome({ loss: 0.4001 })]).toEqual(["learned", "undecided"]);
    expect(outcome({ loss: 0.8 }, { learned: 0.8 })).toBe("learned");
  });
  test("of classes from 0.75 of the errors on", () => {
    const constants = { mean: [0.5, 0.5], loss: Math.log(2), majority: 0.5 };
    expect(outcome({ accuracy: 0.875 }, { constants })).toBe("learned");
    expect(outcome({ accuracy: 0.87 }, { constants })).toBe("undecided");
  });
  test("constant below a range of 0.001", () => {
    expect([outcome({ range: 0.0009 }), outcome({ range: 0.001 })]).toEqual(["collapsedMean", "walkingDead"]);
  });
  test("the mean, the median or neither", () => {
    const at = (constant: number) => outcome({ range: 0, means: [constant] });
    // (c - 1)^2 <= 0.01 * 4; |c| costs 3/5 |c| more than the least mean absolute error, 1.
    expect([at(1.19), at(1.21), at(0.81), at(0.79)]).toEqual([
      "collapsedMean",
      "collapsedOther",
      "collapsedMean",
      "collapsedOther",
    ]);
    expect([at(0.016), at(0.017)]).toEqual(["collapsedMedian", "collapsedOther"]);
  });
  test("where mean and median agree the loss decides", () => {
    const even = matrixFromRows([[-1], [1], [-1], [1]]);
    const by = (name: "mse" | "mae") =>
      outcome(
        { range: 0, means: [0.001] },
        { targets: even, loss: { name }, constants: constantsOf({ targets: even, loss: { name } }, undefined) },
      );
    expect([by("mse"), by("mae")]).toEqual(["collapsedMean", "collapsedMedian"]);
  });
  test("stuck below a skill of 0.1, by the first layer's gradient", () => {
    const at = (norm: number, lossNow = 3.9) => outcome({ gradientNorms: [norm, 1], loss: lossNow });
    expect([at(0.0999), at(0.1001), at(9.99), at(10.01)]).toEqual(["vanished", "walkingDead", "walkingDead", "exploded"]);
    expect([at(1, 3.59), at(1, 3.61)]).toEqual(["undecided", "walkingDead"]);
    expect(outcome({}, { shallowGradient: undefined })).toBe("undecided");
  });
  test("with cross-entropy the mean are the frequencies", () => {
    const classes = matrixFromRows([[0], [1]]);
    const entropy = { name: "cross-entropy" } as const;
    const at = (value: number) =>
      outcome(
        { range: 0, loss: value, means: [0, 0] },
        { targets: classes, loss: entropy, constants: constantsOf({ targets: classes, loss: entropy }, undefined) },
      );
    expect([at(Math.log(2) * 1.0099), at(Math.log(2) * 1.0101)]).toEqual(["collapsedMean", "collapsedOther"]);
  });
  test("the table is documented as it is used", () => {
    expect(outcomeThresholds).toMatchObject({ range: 1e-3, stuck: 0.1, gradient: 10 });
  });
});

test("the shallow network keeps the first hidden layer and the output", () => {
  expect(shallowOf(mlp("2-8x20-1", { norm: "layer" }))).toEqual(mlp("2-8-1", { norm: "layer" }));
  expect(shallowOf(mlp("2-8-1"))).toBeUndefined();
  expect(shallowOf(mlp([2, 8, 4, 1]))?.layers.length).toBe(3);
});

test("contingency groups networks by quartiles and counts what became of them", () => {
  const networks = Array.from({ length: 8 }, (_, k) => ({
    diagnosis: { vni: k / 8, same: 1, none: null },
    outcome: k < 6 ? ("learned" as const) : ("collapsedMean" as const),
  }));
  const { vni, ...others } = contingency(networks);
  expect(others).toEqual({});
  expect(vni.map(({ networks, from, to }) => [networks, from, to])).toEqual([
    [2, 0, 1 / 8],
    [2, 2 / 8, 3 / 8],
    [2, 4 / 8, 5 / 8],
    [2, 6 / 8, 7 / 8],
  ]);
  expect(vni[3]).toMatchObject({ outcomes: { collapsedMean: 2 }, learned: { value: 0 }, collapsed: { value: 1 } });
});
