import { NumericalError } from "@sonde/core";
import { measureTangentKernel, type TangentKernelRecord } from "@sonde/metrics-gradient";
import { hiddenLayers, parameterCount, someLayer } from "@sonde/nets";
import { wholeBudget } from "../few-networks.js";
import { lookedAt, targetsAt } from "../looked-at.js";
import type { Asked, SeparateExamination } from "./examination.js";

/** The points are few, since a kernel of more is worse conditioned, and numbers are compared with those of the calibration. `layer`: what a layer takes beside its weights; `mostWork`: for one network, which cannot be interrupted; `share`: of the budget; networks are as many as it allows, from `fewest`. */
const looks = { points: 32, fewest: 2, most: 8, share: 1 / 10, layer: 500, mostWork: 4e9 };

/** Elementary steps for a network: forward, back and products of values with themselves, in plain float64. */
function workOf({ architecture }: Asked): number {
  return 60 * looks.points * (parameterCount(architecture) + looks.layer * hiddenLayers(architecture).length);
}

/** Can gradient descent move the outputs at different points apart? The tangent kernel of a few networks, in a pass of its own. */
export const conditioningExamination: SeparateExamination<TangentKernelRecord> = {
  name: "conditioning",
  work: (asked) => looks.fewest * workOf(asked),
  async measure(asked) {
    const { seed, signal, budget = wholeBudget } = asked.options;
    const points = lookedAt(asked, looks.points);
    const work = workOf(asked);
    // Convolutions take a pass for each point, and are outside what it is calibrated for.
    if (someLayer(asked.architecture.layers, ({ kind }) => kind === "conv")) return undefined;
    if (points.rows < 2 || work > looks.mostWork) return undefined;
    const networks = Math.max(looks.fewest, Math.min(looks.most, Math.floor((looks.share * budget) / work)));
    try {
      return await measureTangentKernel(asked.architecture, points, {
        networks,
        seed,
        signal,
        targets: targetsAt(asked, points),
      });
    } catch (error) {
      // Values beyond float64 are told by the scale of the signal.
      if (error instanceof NumericalError) return undefined;
      throw error;
    }
  },
  findings: () => [],
  vitals: () => ({}),
};
