import fc from "fast-check";
import type { Architecture, Layer } from "../src/index.js";

const init = {
  init: fc.constantFrom("he-normal", "glorot-uniform", "orthogonal"),
  weightVariance: fc.double({ min: 0.1, max: 4, noNaN: true }),
  bias: fc.constantFrom("zeros", "like-weights", "normal:0.1"),
};
const units = fc.integer({ min: 1, max: 5 });
const padding = fc.constantFrom("zero" as const, "periodic" as const, "symmetric" as const);
const kernel = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 3 }));
const pool = fc.constantFrom("average" as const, "max" as const);
const norm = fc.constantFrom("batch" as const, "layer" as const, "rms" as const);

const factor = fc.constantFrom(0, 0.1, 1, -2);

/** Layers that keep every shape. */
const steady: fc.Arbitrary<Layer> = fc.oneof(
  fc.record({
    kind: fc.constant("activation" as const),
    activation: fc.constantFrom("relu", "tanh", "leaky-relu:0.2", "gelu"),
  }),
  fc.record(
    { kind: fc.constant("norm" as const), norm, epsilon: fc.constant(0.1), gamma: factor, beta: factor },
    { requiredKeys: ["kind", "norm"] },
  ),
  fc.record({ kind: fc.constant("softmax" as const) }),
);

/** Layers that keep the positions and may change the channels. */
const keeping: fc.Arbitrary<Layer> = fc.letrec<{ layer: Layer }>((tie) => ({
  layer: fc.oneof(
    { depthSize: "small" },
    steady,
    fc.record({ kind: fc.constant("embedding" as const), units }),
    fc.record(
      { kind: fc.constant("residual" as const), body: fc.array(steady, { minLength: 1, maxLength: 3 }), scale: factor },
      { requiredKeys: ["kind", "body"] },
    ),
    fc
      .tuple(units, fc.array(steady, { maxLength: 2 }), fc.array(steady, { maxLength: 2 }))
      .map(([channels, before, after]): Layer => {
        const one = { kind: "conv", channels, kernel: [1, 1] } as const;
        const three = { kind: "conv", channels, kernel: [2, 3], bias: "normal:0.1" } as const;
        return { kind: "residual", body: [...before, three, ...after], shortcut: [one], scale: 0.5 };
      }),
    fc.record({
      kind: fc.constant("concat" as const),
      branches: fc.array(fc.array(tie("layer"), { maxLength: 2 }), { minLength: 1, maxLength: 3 }),
    }),
    fc.record(
      { kind: fc.constant("conv" as const), channels: units, kernel, stride: fc.constant(1), padding, ...init },
      { requiredKeys: ["kind", "channels", "kernel"] },
    ),
    fc.record({ kind: fc.constant("concat" as const), body: fc.array(tie("layer"), { maxLength: 3 }) }),
  ),
})).layer;

/** Layers that shrink the positions of the input below, one after another. */
const shrinking: readonly fc.Arbitrary<Layer>[] = [
  fc.record({ kind: fc.constant("conv" as const), channels: units, kernel, stride: fc.constant(1), padding }),
  fc.record({ kind: fc.constant("conv" as const), channels: units, kernel, stride: fc.constant(2), padding }),
  fc.record({
    kind: fc.constant("conv" as const),
    channels: units,
    kernel: fc.constant([2, 2]),
    padding: fc.constant("valid" as const),
  }),
  fc.record({ kind: fc.constant("pool" as const), pool, window: fc.constantFrom<(number | "global")[]>(2, "global") }),
];

/** Valid descriptions with every kind of layer for the input [4, 5, 2]. */
export const architectures: fc.Arbitrary<Architecture> = fc
  .tuple(
    fc.array(keeping, { maxLength: 5 }),
    fc.oneof(...shrinking),
    fc.record({ kind: fc.constant("dense" as const), units, ...init }, { requiredKeys: ["kind", "units"] }),
  )
  .map(([layers, shrink, last]) => ({ input: [4, 5, 2], layers: [...layers, shrink, { kind: "flatten" }, last] }));
