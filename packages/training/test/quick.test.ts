import { mlp } from "@sonde/nets";
import { coordinateCheck, decodeCoordinates, encodeTraining, functionData, overfit, widened, xorData } from "@sonde/training";
import { expect, test } from "vitest";

test("exclusive or is learned by heart, but not by networks that are dead", async () => {
  const options = { data: xorData(), points: 4, runs: 6, steps: 400, learningRate: 0.02 };
  const wide = await overfit(mlp("2-16x1-2", { activation: "tanh" }), options);
  expect(wide.learned.value).toBe(1);
  expect(wide.steps.p95).toBeLessThan(400);
  const dead = await overfit(mlp("2-1x12-2"), options);
  expect(dead.learned.value).toBe(0);
  expect(dead.networks[0].steps).toBeUndefined();
  await expect(overfit(mlp("2-4x1-2"), { ...options, points: 5 })).rejects.toThrow("a whole number from 1 to the 4 of the data");
});

test("values are known by heart when 99 % of the best constant's loss is gone", async () => {
  const data = functionData("x-sin-5x", { points: 50, inputs: 1, outputs: 1 });
  const { networks } = await overfit(mlp("1-24x2-1", { activation: "tanh" }), {
    data,
    points: 5,
    runs: 3,
    steps: 1500,
    learningRate: 0.01,
  });
  for (const { steps, loss } of networks) {
    expect(steps).toBeGreaterThan(1);
    expect(loss).toBeLessThan(0.02);
  }
});

test("the last layer keeps its width, all others are widened", () => {
  expect(widened(mlp("2-8x3-2"), 4)).toEqual(mlp("2-32x3-2"));
  expect(widened(mlp("8-8x4-2", { skip: "residual" }), 2)).toMatchObject({
    layers: mlp("16-16x4-2", { skip: "residual" }).layers,
  });
});

test("a coordinate check goes on to the same bits after an interruption, and keeps what is finished", async () => {
  const options = { data: xorData(), factors: [1, 2], steps: 3, runs: 2 };
  const model = mlp("2-4x1-2");
  const whole = await coordinateCheck(model, options);
  // Stopped in the middle of the second width, and before anything is finished.
  for (const last of [11, 1]) {
    const controller = new AbortController();
    let kept = "";
    const run = coordinateCheck(model, {
      ...options,
      signal: controller.signal,
      progress: (done) => {
        if (done >= last - 1) controller.abort(new Error("enough"));
      },
      checkpoint: async (take) => {
        kept = encodeTraining(await take());
      },
    });
    if (last === 11) expect(await run).toMatchObject({ factors: [1], interrupted: true });
    else await expect(run).rejects.toThrow("enough");
    expect(await coordinateCheck(model, { ...options, resume: decodeCoordinates(kept) })).toEqual(whole);
  }
  await expect(coordinateCheck(model, { ...options, steps: 1001 })).rejects.toThrow("1 to 1000 steps");
  expect(() => decodeCoordinates("{}")).toThrow("no checkpoint of a coordinate check");
});

test("before training He's coordinates keep their size; with SGD outputs of wide networks move more at the same rate", async () => {
  const { layers, steps } = await coordinateCheck(mlp("2-32x2-1"), {
    data: xorData({ points: 40 }),
    factors: [1, 4, 16],
    steps: 3,
    runs: 12,
    optimizer: "sgd",
    learningRate: 0.1,
  });
  expect(steps).toEqual([0, 1, 2, 3]);
  expect(layers.map(({ layer }) => layer)).toEqual([1, 2, "output"]);
  const initial = layers[1].values.map(([first]) => first.p50 ?? 0);
  expect(Math.max(...initial) / Math.min(...initial)).toBeLessThan(1.5);
  // The change of the hidden layers at standard parametrisation grows with width.
  const change = layers[1].values.map((at) => Math.abs((at[1].p50 ?? 0) - (at[0].p50 ?? 0)));
  expect(change[2]).toBeGreaterThan(change[0]);
});
