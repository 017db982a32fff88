import { mlp, worthWorkers } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import { affordableNetworks, affordablePoints, asksWorkers, firstAnswer, stepsOf } from "../src/first-answer.js";
import { attempt } from "../src/fix.js";
import { briefEffort, changeBy, measure, remedies, vitalsOf } from "../src/index.js";
import { tryWithin } from "../src/try-changes.js";

describe("a first answer", () => {
  it("takes all points of a model of usual size, and halves them until 16 networks are quick, down to 32", () => {
    expect(affordablePoints(mlp("64-128x10-10"), 512)).toBe(512);
    const large = mlp("784-512x20-10");
    const points = affordablePoints(large, 512);
    expect(points).toBeLessThan(512);
    expect(16 * stepsOf(large, points)).toBeLessThanOrEqual(firstAnswer.shared);
    expect(16 * stepsOf(large, 2 * points)).toBeGreaterThan(firstAnswer.shared);
    expect(affordablePoints(mlp("784-4096x200-10"), 512)).toBe(32);
    expect(affordablePoints(mlp("784-4096x200-10"), 20)).toBe(20);
  });

  it("asks workers from the steps on that are worth their start", () => {
    const model = mlp("64-32x4-10");
    const networks = Math.ceil(worthWorkers / stepsOf(model, 64));
    expect([networks - 1, networks + 1].map((count) => asksWorkers(model, 64, count))).toEqual([false, true]);
    expect([asksWorkers(model, 512), asksWorkers(mlp("784-4096x200-10"), 1e6)]).toEqual([true, false]);
  });

  it("draws as many networks as fit, from eight on", () => {
    expect(affordableNetworks(100, 10, 1000)).toBe(100);
    expect(affordableNetworks(100, 10, 990)).toBe(99);
    expect(affordableNetworks(100, 10, 1)).toBe(8);
    expect(affordableNetworks(4, 10, 1)).toBe(4);
  });

  it("tries changes until they have taken their share", async () => {
    const architecture = mlp("2-4x3-1");
    const effort = briefEffort({ networks: 16 });
    const before = vitalsOf(architecture, await measure(architecture, { networks: 16 }));
    const attemptsOf = (names: readonly string[]) =>
      names.map((name) => {
        const change = changeBy([name], architecture);
        const remedy = remedies.find((one) => one.name === name);
        if (!change || !remedy) throw new Error(name);
        return attempt(remedy, change);
      });
    const cures = attemptsOf(["elu", "silu"]);
    const within = (steps: number, long?: number, attempts = cures) => tryWithin({ steps, long }, attempts, before, effort);
    expect((await within(Number.POSITIVE_INFINITY)).fixes.length).toBe(2);
    const one = await within(1);
    expect(one.fixes.length).toBe(1);
    expect(one.left).toBeLessThan(1 - 1e9);
    expect((await within(1 - one.left)).fixes.length).toBe(1);
    expect((await within(2 - one.left)).fixes.length).toBe(2);
    expect((await within(0)).fixes).toEqual([]);
    // Both make it healthy: the first is enough where it takes long.
    expect(one.fixes[0].after.verdict).toBe("healthy");
    const taken = 1 - one.left;
    expect(await within(1e12, taken)).toMatchObject({ fixes: [{}], long: true });
    expect(await within(1e12, taken + 1)).toMatchObject({ fixes: [{}, {}], long: false });
    // The first of these makes it no healthier: the next is begun where as much is left.
    const others = attemptsOf(["tanh", "elu"]);
    const none = await within(1, undefined, others);
    expect(none.fixes[0].after.verdict).toBe("at-risk");
    const first = 1 - none.left;
    expect((await within(2 * first, first, others)).fixes.length).toBe(2);
    expect((await within(2 * first - 1, first, others)).fixes.length).toBe(1);
    expect((await within(2 * first - 1, first + 1, others)).fixes.length).toBe(2);
  });
});
