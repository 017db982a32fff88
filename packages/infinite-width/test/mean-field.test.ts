import { activation, activationNames } from "@sonde/core";
import { describe, expect, it } from "vitest";
import { correlationMap, criticalLine, meanField, phaseDiagram, varianceFixedPoint } from "../src/index.js";

/** Twelve digits, from an independent program. */
const fixedPoints = [
  {
    name: "tanh",
    weightVariance: 1.3,
    biasVariance: 0.05,
    qStar: 0.315316477485,
    chi1: 0.880163509883,
    cStar: 1,
    xiC: 7.83406927,
    xiQ: 1.78523663,
  },
  {
    name: "tanh",
    weightVariance: 2.5,
    biasVariance: 0.05,
    qStar: 1.063958377417,
    chi1: 1.133515698704,
    cStar: 0.446804232344,
    xiC: 11.79559752,
    xiQ: 1.17987292,
  },
  {
    name: "erf",
    weightVariance: 2.5,
    biasVariance: 0.05,
    qStar: 1.352681382272,
    chi1: 1.257177314543,
    cStar: 0.273536237667,
    xiC: 7.60026322,
    xiQ: 0.92514453,
  },
];
const critical = [
  {
    name: "tanh",
    points: [
      [0, 1, 0],
      [0.05, 1.760954639607, 0.570047881641],
      [0.1, 1.986072641136, 0.805799181913],
      [0.5, 2.843167459724, 1.971030613417],
    ],
  },
  {
    name: "erf",
    points: [
      [0, 0.785398163397, 0],
      [0.05, 1.375839007347, 0.517176837981],
      [0.1, 1.552117855334, 0.726359229385],
      [0.5, 2.233659634545, 1.772060929796],
    ],
  },
];

describe("mean field theory", () => {
  it.each(fixedPoints)("of $name at ($weightVariance, $biasVariance) agrees with an independent program to 1e-10", (expected) => {
    const found = meanField(activation(expected.name), expected);
    for (const field of ["qStar", "chi1", "cStar"] as const)
      expect(Math.abs(found[field] - expected[field]), field).toBeLessThan(1e-11);
    // Published with eight decimals.
    for (const field of ["xiC", "xiQ"] as const) expect(Math.abs(found[field] - expected[field]), field).toBeLessThan(6e-9);
  });

  it.each(critical)("has the critical line of $name to 1e-10", ({ name, points }) => {
    const found = criticalLine(
      activation(name),
      points.map(([bias]) => bias),
    );
    expect(found).toHaveLength(points.length);
    points.forEach(([biasVariance, weightVariance, qStar], k) => {
      expect(found[k].biasVariance).toBe(biasVariance);
      expect(Math.abs(found[k].weightVariance - weightVariance)).toBeLessThan(1e-11);
      expect(Math.abs(found[k].qStar - qStar)).toBeLessThan(1e-11);
    });
  });

  it("has the critical line of erf in closed form", () => {
    for (const { weightVariance, biasVariance, qStar } of criticalLine(activation("erf"), [0.01, 0.2, 1])) {
      const root = Math.sqrt(1 + 4 * qStar);
      expect(weightVariance).toBeCloseTo((Math.PI / 4) * root, 12);
      expect(biasVariance).toBeCloseTo(qStar - (root * Math.asin((2 * qStar) / (1 + 2 * qStar))) / 2, 12);
    }
  });

  it.each(activationNames)("is at the edge of chaos on the critical line of %s", (name) => {
    for (const point of criticalLine(activation(name), [0.05, 0.3])) {
      const { chi1, qStar } = meanField(activation(name), point);
      // The fixed point reached from variance 1 need not be the critical one where there are several.
      if (Math.abs(qStar / point.qStar - 1) < 1e-6) expect(Math.abs(chi1 - 1)).toBeLessThan(1e-9);
    }
  });

  it.each(["tanh", "erf", "gelu", "silu", "relu6", "sin"])("has fixed points of %s that the maps keep", (name) => {
    const phi = activation(name);
    const options = { weightVariance: 1.9, biasVariance: 0.3 };
    const { qStar, cStar } = meanField(phi, options);
    const map = correlationMap(phi, options, qStar);
    expect(Math.abs(map(cStar) - cStar)).toBeLessThan(1e-11);
    expect(Math.abs(map(1) - 1)).toBeLessThan(1e-12);
    // One layer brings the correlation closer, by the depth scale when near.
    const { xiC } = meanField(phi, options);
    const near = cStar === 1 ? 1 - 1e-9 : cStar + 1e-6;
    expect((map(near) - cStar) / (near - cStar)).toBeCloseTo(Math.exp(-1 / xiC), 3);
  });

  it("tears nearby inputs apart with sign, whose correlation map is ((2 / pi) sigma_w^2 arcsin c + sigma_b^2) / q*", () => {
    const { chi1, cStar, xiC, xiQ, phase, qStar } = meanField(activation("sign"), { weightVariance: 1, biasVariance: 0.3 });
    expect({ chi1, xiQ, phase, qStar }).toEqual({ chi1: Number.POSITIVE_INFINITY, xiQ: 0, phase: "chaotic", qStar: 1.3 });
    expect(((2 / Math.PI) * Math.asin(cStar) + 0.3) / 1.3).toBeCloseTo(cStar, 13);
    expect(cStar).toBeLessThan(0.9);
    expect(Math.exp(-1 / xiC)).toBeCloseTo(2 / Math.PI / 1.3 / Math.sqrt(1 - cStar * cStar), 12);
    expect(meanField(activation("sign"), { weightVariance: 2 })).toMatchObject({ cStar: 0, qStar: 2 });
  });

  it("says what happens to homogeneous activations, whose variance has no scale", () => {
    const relu = activation("relu");
    expect(meanField(relu, { weightVariance: 2 })).toMatchObject({
      qStar: 1,
      chi1: 1,
      cStar: 1,
      xiC: Number.POSITIVE_INFINITY,
      phase: "critical",
    });
    expect(meanField(relu, { weightVariance: 1, biasVariance: 0.5 })).toMatchObject({ qStar: 1, chi1: 0.5, phase: "ordered" });
    expect(meanField(relu, { weightVariance: 3 })).toMatchObject({
      qStar: Number.POSITIVE_INFINITY,
      chi1: 1.5,
      phase: "unbounded",
    });
    const leaky = activation("leaky-relu:0.3");
    expect(criticalLine(leaky, [0, 1])).toEqual([{ weightVariance: 2 / (1 + 0.09), biasVariance: 0, qStar: 1 }]);
  });

  it("gives a reason where there is no fixed point", () => {
    const found = meanField(activation("gelu"), { weightVariance: 2.5 });
    expect(found.phase).toBe("unbounded");
    expect(found.chi1).toBeNaN();
    expect(found.reason).toContain("the variance grows without bound");
  });

  it("knows a signal that dies out", () => {
    expect(varianceFixedPoint(activation("tanh"), { weightVariance: 0.9 })).toBe(0);
    expect(meanField(activation("tanh"), { weightVariance: 0.9 })).toMatchObject({ qStar: 0, chi1: 0.9, phase: "ordered" });
    expect(meanField(activation("tanh"), { weightVariance: 1 }).phase).toBe("critical");
  });

  it("has ReLU's correlation approach 1 like 9 pi^2 / (2 l^2)", () => {
    const map = correlationMap(activation("relu"), { weightVariance: 2 }, 1);
    let c = 0;
    for (let l = 0; l < 2000; l++) c = map(c);
    // (l + a ln l)^2 in the place of l^2: the known correction is of relative size ln l / l.
    expect(((1 - c) * 2 * 2000 ** 2) / (9 * Math.PI ** 2)).toBeCloseTo(1, 1);
  });

  it("covers a grid, row by row of bias variances, with order left of the critical line and chaos right of it", async () => {
    const tanh = activation("tanh");
    const [weightVariances, biasVariances] = [
      [0.5, 1.5, 2.5, 3.5],
      [0.01, 0.1, 0.4],
    ];
    const seen: number[] = [];
    const diagram = await phaseDiagram(tanh, { weightVariances, biasVariances, progress: (done) => seen.push(done) });
    expect(diagram.interrupted).toBe(false);
    expect(seen.at(-1)).toBe(12);
    biasVariances.forEach((biasVariance, row) => {
      const [edge] = criticalLine(tanh, [biasVariance]);
      weightVariances.forEach((weightVariance, column) => {
        const at = row * 4 + column;
        expect(diagram.phase[at]).toBe(weightVariance < edge.weightVariance ? "ordered" : "chaotic");
        expect(diagram.qStar[at]).toBe(meanField(tanh, { weightVariance, biasVariance }).qStar);
      });
    });
    expect(diagram.criticalLine[0].biasVariance).toBe(0.01);
    expect(diagram.criticalLine.at(-1)?.biasVariance).toBe(0.4);
  });

  it("keeps the points of a grid that are finished when it is interrupted", async () => {
    const controller = new AbortController();
    const { interrupted, phase, qStar } = await phaseDiagram(activation("erf"), {
      weightVariances: [1, 2, 3],
      biasVariances: [0.1],
      signal: controller.signal,
      progress: (done) => done === 2 && controller.abort(),
    });
    expect({ interrupted, finished: phase.length }).toEqual({ interrupted: true, finished: 2 });
    expect(qStar[2]).toBeNaN();
  });

  it("refuses what is no variance and no correlation", async () => {
    await expect(phaseDiagram(activation("tanh"), { weightVariances: [2, 1], biasVariances: [0] })).rejects.toThrow(
      "weightVariances need at least one number, each finite, >= 0 and above the one before, got 2 of them",
    );
    const tanh = activation("tanh");
    expect(() => meanField(tanh, { weightVariance: -1 })).toThrow("weightVariance needs to be finite and >= 0, got -1");
    expect(() => correlationMap(tanh, { weightVariance: 1 }, 0)).toThrow(
      "a correlation map needs a finite variance above 0, got 0",
    );
    expect(() => correlationMap(tanh, { weightVariance: 1 }, 1)(1.5)).toThrow("a correlation lies in [-1, 1], got 1.5");
    expect(() => criticalLine(tanh, [-0.1])).toThrow("a bias variance is finite and >= 0, got -0.1");
  });
});
