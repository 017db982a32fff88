import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { above, below, type Comparison, equal, verdictOf } from "../src/index.js";

const at = (value: number, standardError = 0.01) => ({ value, standardError });

describe("equal", () => {
  it("holds within four joint standard errors and the tolerance, and fails beyond", () => {
    const joint = Math.sqrt(2) * 0.01;
    expect(equal("x", at(0.5), at(0.5 + 3.99 * joint)).outcome).toBe("holds");
    expect(equal("x", at(0.5), at(0.5 + 4.01 * joint)).outcome).toBe("fails");
    expect(equal("x", at(0.5), at(0.52 + 3.99 * joint), { tolerance: 0.02 }).outcome).toBe("holds");
    expect(equal("x", { value: 1 }, { value: 1 })).toMatchObject({ outcome: "holds", apart: null, bears: "claim" });
    expect(equal("x", { value: 1 }, { value: 1 + 1e-9 }).outcome).toBe("fails");
  });

  it("tells how far apart two numbers are, with the sign of ours less theirs", () => {
    expect(equal("x", at(0.53), { value: 0.5 }).apart).toBeCloseTo(3, 10);
    expect(equal("x", at(0.47), { value: 0.5 }).apart).toBeCloseTo(-3, 10);
  });

  it("is undecided where there is no number", () => {
    for (const rule of [equal, above, below]) expect(rule("x", { value: Number.NaN }, { value: 0 }).outcome).toBe("undecided");
  });
});

describe("above and below", () => {
  it("are sure from three standard errors on, and undecided before", () => {
    expect(above("x", at(0.5301), { value: 0.5 }).outcome).toBe("holds");
    expect(above("x", at(0.5299), { value: 0.5 }).outcome).toBe("undecided");
    expect(above("x", at(0.4701), { value: 0.5 }).outcome).toBe("undecided");
    expect(above("x", at(0.4699), { value: 0.5 }).outcome).toBe("fails");
    expect(above("x", { value: 1 }, { value: 1 }).outcome).toBe("holds");
    expect(below("x", { value: 1 }, { value: 1 }).outcome).toBe("holds");
    expect(above("x", { value: 0.9 }, { value: 1 }).outcome).toBe("fails");
  });

  it("are each other's mirror image", () => {
    const number = fc.double({ min: -100, max: 100, noNaN: true });
    const error = fc.double({ min: 0, max: 10, noNaN: true });
    fc.assert(
      fc.property(number, number, error, error, (x, y, a, b) => {
        const [up, down] = [above("x", at(x, a), at(y, b)), below("x", at(-x, a), at(-y, b))];
        expect(down.outcome).toBe(up.outcome);
      }),
      { seed: 1 },
    );
  });
});

describe("verdictOf", () => {
  const of = (...pairs: readonly [Comparison["bears"], Comparison["outcome"]][]) =>
    verdictOf(pairs.map(([bears, outcome]) => ({ ...equal("x", { value: 1 }, { value: 1 }), bears, outcome })));

  it("follows what the sentence says, then published values, and nothing else", () => {
    expect(of()).toBe("not run");
    expect(of(["claim", "holds"], ["value", "holds"])).toBe("confirmed");
    expect(of(["claim", "holds"], ["context", "fails"])).toBe("confirmed");
    expect(of(["claim", "holds"], ["value", "undecided"])).toBe("confirmed");
    expect(of(["claim", "holds"], ["value", "fails"])).toBe("confirmed with a correction");
    expect(of(["claim", "undecided"], ["value", "fails"])).toBe("undecided");
    expect(of(["claim", "undecided"], ["claim", "fails"])).toBe("not confirmed");
  });
});
