import { matrix } from "@sonde/core";
import { type Bias, drawBias, isZeroBias } from "./bias.js";
import { fanIn } from "./layer-shape.js";
import type { Initialiser } from "./types.js";

/**
 * Every weight is the same value, 0 for `zeros` and 1 for `ones`: all units are copies of one another by construction, exactly, and gradients keep them so.
 *
 * The bias is drawn as usual; `like-weights` is the same value too. States no `law`: nothing about the weights is continuous or symmetric, which theories and faster draws rest on.
 *
 * @example
 * constant("ones", 1).draw(stream(0), { kernel: [], inputs: 2, outputs: 1 }).weights.data // [1, 1]
 */
export function constant(name: string, value: number, bias: Bias = { kind: "zeros" }): Initialiser {
  const alike = bias.kind === "like-weights";
  return {
    name,
    symmetry: "none",
    zeroBias: alike ? value === 0 : isZeroBias(bias),
    needsInput: false,
    draw: (random, shape) => {
      const weights = matrix(fanIn(shape), shape.outputs);
      weights.data.fill(value);
      if (alike) return { weights, bias: new Float64Array(shape.outputs).fill(value) };
      return { weights, bias: drawBias(bias, { distribution: "normal", variance: 0 }, random, shape.outputs) };
    },
  };
}
