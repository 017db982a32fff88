import { log2 } from "@sonde/core/math";
import type { Address } from "@sonde/kernels";
import { type LaneMachine, lanes } from "./machine.js";
import type { Step } from "./weighted.js";

/** The step that multiplies so many values by a factor, whose power of two goes to their exponents: neither large nor small factors leave the numbers' range. */
export function timesStep(
  machine: Pick<LaneMachine, "affine" | "ints">,
  values: Address,
  count: number,
  factor: number,
  exponents: Address,
): Step {
  const shift = factor === 0 ? 0 : Math.floor(log2(Math.abs(factor)));
  return () => {
    machine.affine(values, count, factor / 2 ** shift, 0);
    const own = machine.ints(exponents, lanes);
    for (let lane = 0; lane < lanes; lane++) own[lane] += shift;
  };
}
