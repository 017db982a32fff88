import { NumericalError } from "@sonde/core";
import { measureTangentKernel, type TangentKernelRecord } from "@sonde/metrics-gradient";
import { hiddenLayers, parameterCount, someLayer } from "@sonde/nets";
import { wholeBudget } from "../few-networks.js";
import { lookedAt, targetsAt } from "../looked-at.js";
import type { Asked, SeparateExamination } from "./examination.js";

/**
 * The points are few, since a kernel of more is worse conditioned, and numbers are compared with those of the calibration. Networks are as many as the share of the budget allows, from `fewest` to `most`; `mostWork`: for one
 * network, which cannot be interrupted, `ofChange` where a change is tried, and one network is enough where it takes longer than `quick`; `layer`: what a layer takes beside its weights.
 */
const looks = { points: 32, fewest: 2, most: 8, share: 1 / 10, layer: 500, mostWork: 1.2e10, ofChange: 4e9, quick: 1e9 };

/** How many networks are looked at, and the elementary steps of one: forward, back and products of values with themselves, in plain float64. None of those that take long, nor convolutions, which take a pass for each point and are outside what it is calibrated for. */
function passOf({
  architecture,
  theory,
  options: { budget = wholeBudget },
}: Asked): { networks: number; work: number } | undefined {
  if (someLayer(architecture.layers, ({ kind }) => kind === "conv")) return undefined;
  const steps = 60 * looks.points;
  const products = steps * parameterCount(architecture);
  const work = products + steps * looks.layer * hiddenLayers(architecture).length;
  if (work > (theory ? looks.mostWork : looks.ofChange)) return undefined;
  const affordable = Math.floor((looks.share * budget) / products);
  const fewest = theory || work <= looks.quick ? looks.fewest : 1;
  return { networks: Math.max(fewest, Math.min(looks.most, affordable)), work };
}

/** Can gradient descent move the outputs at different points apart? The tangent kernel of a few networks, in a pass of its own. */
export const conditioningExamination: SeparateExamination<TangentKernelRecord> = {
  name: "conditioning",
  work(asked) {
    const { networks, work } = passOf(asked) ?? { networks: 0, work: 0 };
    return networks * work;
  },
  async measure(asked) {
    const pass = passOf(asked);
    const points = lookedAt(asked, looks.points);
    if (!pass || points.rows < 2) return undefined;
    const { seed, signal } = asked.options;
    try {
      return await measureTangentKernel(asked.architecture, points, {
        networks: pass.networks,
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
