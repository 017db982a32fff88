import { matrix } from "@sonde/core";
import type { LayerParameters } from "@sonde/init";
import type { EntryLaw } from "@sonde/kernels";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conv } from "../../src/layers/conv.js";
import { dense } from "../../src/layers/dense.js";
import type { Operator } from "../../src/layers/operator.js";
import { windows } from "../../src/layers/windows.js";
import { expectWithin, kernels, lane, normalLanes, put, size } from "./lanes.js";

const streams = [7, 8, 9, 10].map((k0) => ({ k0, k1: 0, s0: 0, s1: 0 }));
const law = fc.constantFrom<EntryLaw>("normal", "uniform");

/** Random weights [rows][units] and biases in memory; what the reference takes of one lane. */
function parameters(rows: number, units: number, law: EntryLaw) {
  const names = kernels.allocate(64);
  kernels.setStreams(names, streams);
  const random = { streams: names, law, scale: 1 / Math.sqrt(rows) };
  const weights = kernels.allocate(16 * rows * units);
  kernels.fillLanes(random, 0, rows * units, weights);
  const bias = put(normalLanes(units, 3));
  const [w, b] = [kernels.floats(weights, 4 * rows * units).slice(), kernels.floats(bias, 4 * units).slice()];
  const ofLane = (k: number): LayerParameters => ({ weights: lane(w, k, rows), bias: lane(b, k, 1).data });
  return { random, weights, bias, ofLane };
}

/** The reference without signs: what the sums' rounding is relative to. */
function magnitudes(operator: (parameters: LayerParameters) => Operator, { weights, bias }: LayerParameters): Operator {
  const positive = { weights: matrix(weights.rows, weights.cols, weights.data.map(Math.abs)), bias: bias.map(Math.abs) };
  return operator(positive);
}

interface Case {
  readonly points: number;
  /** Values of x, and of out, of one point. */
  readonly inputs: number;
  readonly outputs: number;
  readonly fanIn: number;
  readonly operator: (parameters: LayerParameters) => Operator;
  readonly ofLane: (k: number) => LayerParameters;
}

/** Compares values and tangents with float64: sums of n terms in float32, in order, err by at most n 2^-24 times the sum of their magnitudes. */
function compare(x: Float32Array, got: Float32Array, { points, inputs, outputs, fanIn, operator, ofLane }: Case): void {
  const relative = (fanIn + 3) * 2 ** -24;
  for (let k = 0; k < 4; k++) {
    const [values, directions] = [x.slice(0, 4 * points * inputs), x.slice(4 * points * inputs)].map((v) => lane(v, k, points));
    const [y, dy] = [got.slice(0, 4 * points * outputs), got.slice(4 * points * outputs)].map((v) => lane(v, k, points));
    const reference = operator(ofLane(k));
    const size = magnitudes(operator, ofLane(k));
    const absolute = (m: typeof values) => matrix(m.rows, m.cols, m.data.map(Math.abs));
    const [bound, tangentBound] = [size.forward(absolute(values)), size.tangent(values, absolute(directions))];
    expectWithin(y, reference.forward(values), (i) => relative * bound.data[i]);
    expectWithin(dy, reference.tangent(values, directions), (i) => relative * tangentBound.data[i]);
  }
}

describe("layers with weights", () => {
  it("dense: values and tangents are those of the float64 reference within n 2^-24 of the terms' magnitudes, for 1 to 200 of everything", () => {
    fc.assert(
      fc.property(fc.record({ points: size, inputs: size, units: size }), law, (sizes, law) => {
        const { points, inputs, units } = sizes;
        kernels.release();
        const { random, bias, ofLane } = parameters(inputs, units, law);
        const x = normalLanes(2 * points * inputs);
        const at = put(x);
        const out = kernels.allocate(32 * points * units);
        kernels.dense(at, sizes, random, out, { bias, tangents: true });
        compare(x, kernels.floats(out, 8 * points * units), {
          points,
          inputs,
          outputs: units,
          fanIn: inputs,
          operator: dense,
          ofLane,
        });
      }),
      { numRuns: 30 },
    );
  });

  const side = fc.integer({ min: 1, max: 9 });
  const geometry = fc.oneof(fc.tuple(side), fc.tuple(side, side)).chain((positions) =>
    fc.record({
      positions: fc.constant(positions),
      kernel: fc.tuple(...positions.map(() => fc.integer({ min: 1, max: 5 }))),
      stride: fc.integer({ min: 1, max: 3 }),
      padding: fc.constantFrom("zero" as const, "periodic" as const, "symmetric" as const),
    }),
  );

  it("conv: the same, for every padding and stride, 1-d and 2-d, and given weights give the same bits", () => {
    fc.assert(
      fc.property(
        geometry,
        fc.record({ points: fc.integer({ min: 1, max: 5 }), channels: size, units: size }).filter(cheap),
        law,
        ({ positions, kernel, stride, padding }, { points, channels, units }, law) => {
          kernels.release();
          const shape = [...positions, channels];
          const { taps, size } = windows(shape, kernel, stride, padding);
          const places = positions.reduce((a, b) => a * b);
          const sizes = { points, positions: places, channels, windows: taps.length / size, taps: size, units };
          const table = kernels.windowTable(taps);
          const fanIn = size * channels;
          const { random, weights, bias, ofLane } = parameters(fanIn, units, law);
          const x = normalLanes(2 * points * places * channels);
          const at = put(x);
          const outputs = sizes.windows * units;
          const out = kernels.allocate(32 * points * outputs);
          kernels.conv(at, { ...sizes, table }, random, out, { bias, tangents: true });
          const layer = { kind: "conv" as const, channels: units, kernel, stride, padding };
          const operator = (parameters: LayerParameters) => conv(parameters, layer, shape);
          const got = kernels.floats(out, 8 * points * outputs).slice();
          compare(x, got, { points, inputs: places * channels, outputs, fanIn, operator, ofLane });
          kernels.convWith(at, { ...sizes, table }, weights, out, { bias, tangents: true });
          expect(kernels.floats(out, 8 * points * outputs)).toEqual(got);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("conv: bias and activation fused are those applied afterwards", () => {
    for (const [channels, units] of [
      [3, 5],
      [64, 64],
      [70, 100],
    ]) {
      kernels.release();
      const { taps, size } = windows([4, 3, channels], [3, 3], 1, "zero");
      const sizes = { points: 2, positions: 12, channels, windows: 12, taps: size, units, table: kernels.windowTable(taps) };
      const { random, bias } = parameters(size * channels, units, "normal");
      const x = put(normalLanes(24 * channels));
      const [fused, apart] = [kernels.allocate(16 * 24 * units), kernels.allocate(16 * 24 * units)];
      for (const activation of ["relu", "tanh"] as const) {
        kernels.conv(x, sizes, random, fused, { bias, activation });
        kernels.conv(x, sizes, random, apart, { bias });
        kernels.activate(apart, 24 * units, activation);
        expect(kernels.floats(fused, 96 * units)).toEqual(kernels.floats(apart, 96 * units));
      }
    }
  });

  it("conv: one window of one tap is a dense layer, bit for bit", () => {
    kernels.release();
    const sizes = { points: 7, inputs: 100, units: 130 };
    const { random, bias } = parameters(100, 130, "normal");
    const x = put(normalLanes(700));
    const [a, b] = [kernels.allocate(16 * 910), kernels.allocate(16 * 910)];
    kernels.dense(x, sizes, random, a, { bias, activation: "gelu" });
    const table = kernels.windowTable([0]);
    const one = { points: 7, positions: 1, channels: 100, windows: 1, taps: 1, units: 130, table };
    kernels.conv(x, one, random, b, { bias, activation: "gelu" });
    expect(kernels.floats(b, 3640)).toEqual(kernels.floats(a, 3640));
  });
});

/** Few enough terms for the float64 reference to be quick. */
function cheap({ points, channels, units }: { points: number; channels: number; units: number }): boolean {
  return points * channels * units <= 20_000;
}
