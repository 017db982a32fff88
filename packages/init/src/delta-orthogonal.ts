import { matrix, split } from "@sonde/core";
import { drawBias, isZeroBias } from "./bias.js";
import { haar } from "./haar.js";
import { fanIn, kernelSize } from "./layer-shape.js";
import type { OrthogonalOptions } from "./orthogonal.js";
import type { Initialiser } from "./types.js";

/**
 * Delta-orthogonal weights: zero but for the centre of the kernel, which is gain Q, Q `[inputs, outputs]` Haar as in `orthogonal`.
 *
 * With inputs <= outputs and gain 1 the convolution keeps every norm. The centre of an even kernel of size k is position k/2 - 1, counted from
 * 0. On a dense layer it equals `orthogonal`.
 *
 * Source: Xiao, Bahri, Sohl-Dickstein, Schoenholz, Pennington, *Dynamical Isometry and a Mean Field Theory of CNNs*, ICML 2018, algorithm 2.
 *
 * @example
 * const { weights } = deltaOrthogonal().draw(stream(0), { kernel: [3], inputs: 1, outputs: 2 });
 * weights.data // [0, 0, 0.518327048..., -0.855182478..., 0, 0]
 */
export function deltaOrthogonal({ gainSquared = 1, bias = { kind: "zeros" } }: OrthogonalOptions = {}): Initialiser {
  return {
    name: "delta-orthogonal",
    symmetry: "units",
    zeroBias: isZeroBias(bias),
    needsInput: false,
    draw: (random, shape) => {
      const { kernel, inputs, outputs } = shape;
      const positions = kernelSize(shape);
      const weights = matrix(fanIn(shape), outputs);
      const centre = kernel.reduce((position, size) => position * size + Math.floor((size - 1) / 2), 0);
      const gain = Math.sqrt(gainSquared);
      const tap = haar(split(random, 0), inputs, outputs).data.map((q) => gain * q);
      weights.data.set(tap, centre * tap.length);
      const entry = { distribution: "normal", variance: gainSquared / (positions * Math.max(inputs, outputs)) } as const;
      return { weights, bias: drawBias(bias, entry, random, outputs) };
    },
  };
}
