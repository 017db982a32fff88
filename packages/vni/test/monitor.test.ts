import "@tensorflow/tfjs-backend-cpu";
import { matrix, normals, stream } from "@sonde/core";
import * as tf from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";
import { describe, expect, it } from "vitest";
import { measureUnits, type VniObservation, vni, vniCallback, vniMonitor } from "../src/index.js";

tf.env().set("IS_TEST", true);
const healthy = matrix(60, 5, normals(stream(1), new Float64Array(300)));
const copies = matrix(
  60,
  5,
  healthy.data.map((_, k) => healthy.data[5 * Math.floor(k / 5)]),
);

describe("vniMonitor", () => {
  it("stops after so many observations in succession beyond a threshold, layer by layer", () => {
    const monitor = vniMonitor({ minEffectiveNodes: 2, patience: 2 });
    const stops = [copies, healthy, copies, copies].map((x) => monitor.observe(x, "a").stop);
    expect(stops).toEqual([false, false, false, true]);
    expect(monitor.observe(copies, "b")).toMatchObject({
      step: 1,
      stop: false,
      exceeded: "1.00 effective nodes are fewer than 2",
    });
    expect(monitor.history.map(({ layer, step }) => layer + step)).toEqual(["a1", "a2", "a3", "a4", "b1"]);
    expect(monitor.history[1].vni).toBe(measureUnits(healthy).vni);
  });

  it("has a threshold of the VNI, and counts what cannot be compared as exceeded", () => {
    const monitor = vniMonitor({ maxVni: 0.1, minEffectiveNodes: 1 });
    expect(monitor.observe(healthy)).toMatchObject({
      stop: true,
      exceeded: expect.stringMatching(/^the VNI 0\.\d+ is above 0\.1/),
    });
    expect(monitor.observe(matrix(60, 5))).toMatchObject({
      stop: true,
      exceeded: expect.stringMatching(/^every unit is constant/),
    });
    expect(vniMonitor({ minEffectiveNodes: 1 }).observe(copies).stop).toBe(false);
  });

  it("refuses thresholds that make no sense, and activations that overflow", () => {
    expect(() => vniMonitor({ minEffectiveNodes: 0 })).toThrow("minEffectiveNodes is a number from 1, got 0");
    expect(() => vniMonitor({ maxVni: 2 })).toThrow("maxVni is a number from 0 to 1, got 2");
    expect(() => vniMonitor({ patience: 0.5 })).toThrow("patience is a whole number from 1, got 0.5");
    expect(() => vniMonitor().observe(matrix(2, 2, new Float64Array(4).fill(Number.NaN)))).toThrow("finite");
  });
});

describe("with TensorFlow.js", () => {
  const build = (units: number) => {
    const model = sequential({
      layers: [
        layers.dense({ units, inputShape: [2], activation: "tanh", name: "first", kernelInitializer: "ones" }),
        layers.dense({ units: 8, activation: "tanh", name: "second" }),
        layers.dense({ units: 1, name: "output" }),
      ],
    });
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    return model;
  };
  const x = tf.tensor2d(Float32Array.from(healthy.data.subarray(0, 200)), [100, 2]);
  const y = tf.zeros([100, 1]);

  it("takes tensors", () => {
    expect(vni(x).value).toBe(measureUnits(matrix(100, 2, Float32Array.from(healthy.data.subarray(0, 200)))).vni);
  });

  it("the callback ends the training of a layer of copies, and leaks no tensors", async () => {
    const model = build(6);
    const seen: [VniObservation, number][] = [];
    const callback = vniCallback(model, x, { layers: ["first"], patience: 2, onObservation: (...both) => seen.push(both) });
    await model.fit(x, y, { epochs: 1, verbose: 0 });
    const before = tf.memory().numTensors;
    const { epoch } = await model.fit(x, y, { epochs: 10, verbose: 0, callbacks: [callback] });
    expect(epoch).toHaveLength(2);
    expect(tf.memory().numTensors).toBe(before);
    expect(seen.map(([{ layer, stop }, at]) => [layer, stop, at])).toEqual([
      ["first", false, 0],
      ["first", true, 1],
    ]);
    expect(callback.monitor.history[1].vni).toBeCloseTo(1, 4);
  });

  it("watches every layer but the last by default, every so many epochs, and tells the logs", async () => {
    const model = build(3);
    const callback = vniCallback(model, x, { minEffectiveNodes: 1, every: 2 });
    const logs: Record<string, unknown> = {};
    for (let epoch = 0; epoch < 4; epoch++) await callback.onEpochEnd(epoch, logs);
    expect(callback.monitor.history.map(({ layer }) => layer)).toEqual(["first", "second", "first", "second"]);
    expect(logs.vni_second).toBe(callback.monitor.history[3].vni);
    expect(() => vniCallback(model, x, { layers: ["third"] })).toThrow("no layer third, only: first, second, output");
    expect(() => vniCallback(model, x, { every: 0 })).toThrow("every is a whole number of epochs from 1, got 0");
  });
});
