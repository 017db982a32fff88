import { matrix, split } from "@sonde/core";
import { type Bias, biasLaw, drawBias, isZeroBias } from "./bias.js";
import { type Distribution, drawEntries } from "./distribution.js";
import { fanIn } from "./layer-shape.js";
import type { Initialiser } from "./types.js";
import type { VarianceRule } from "./variance-rules.js";

/**
 * An initialiser with independent, identically distributed, centred weights: he, glorot and lecun with each distribution, and PyTorch's and
 * Keras's defaults.
 *
 * Var(w) = rule(shape) / fan_in. Normal weights are untruncated; truncated ones are cut at two standard deviations and rescaled, so that the
 * variance is as stated; uniform ones lie within +-sqrt(3 Var(w)). `law` is absent where the distribution is the truncated normal, or is not
 * the same for weights and biases.
 *
 * @example
 * const mine = independent("mine", "normal", () => 1.5, { kind: "zeros" });
 * mine.law?.({ kernel: [], inputs: 8, outputs: 4 }) // { distribution: "normal", weightVariance: 1.5, biasVariance: 0 }
 */
export function independent(name: string, distribution: Distribution, rule: VarianceRule, bias: Bias): Initialiser {
  const oneLaw = bias.kind === "zeros" || bias.kind === "like-weights" || bias.kind === distribution;
  return {
    name,
    symmetry: "entries",
    zeroBias: isZeroBias(bias),
    needsInput: false,
    law:
      distribution === "truncated-normal" || !oneLaw
        ? undefined
        : (shape) => {
            const weightVariance = rule(shape);
            const biasVariance = biasLaw(bias, { distribution, variance: weightVariance / fanIn(shape) })?.variance ?? 0;
            return { distribution, weightVariance, biasVariance };
          },
    draw: (random, shape) => {
      const weights = matrix(fanIn(shape), shape.outputs);
      const entry = { distribution, variance: rule(shape) / weights.rows };
      drawEntries(distribution, entry.variance, split(random, 0), weights.data);
      return { weights, bias: drawBias(bias, entry, random, shape.outputs) };
    },
  };
}
