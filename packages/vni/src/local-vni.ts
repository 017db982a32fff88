import { type Activations, pointRows } from "@sonde/core";
import { withoutBias } from "./bias.js";
import { gramJob } from "./gram/job.js";
import { similaritySums } from "./gram/pair-sums.js";
import { layerStatistics } from "./layer-statistics.js";

/**
 * The local VNI, ||J J^T||_F^2 / (tr J J^T)^2 of the Jacobian J of a layer at one input: the inverse participation ratio of its squared singular values, between 1 / rank(J) and 1. It is the weighted VNI of
 * an infinitesimal cloud of points around the input, and what the formula of Chang and Lin describes (`predictVni`).
 *
 * `[inputs, units]` or its transpose `-> number`; NaN of a Jacobian that is 0 everywhere. With `random`, the rows are J's images of so many independent standard normal directions instead, `[directions, units]`, and
 * what their finite number adds is taken out (at least 2).
 *
 * Throws `NumericalError` for NaN or infinite entries.
 *
 * @example
 * localVni([[1, 0], [0, 1]]).toFixed(6) // "0.500000"
 * localVni([[1, 2], [2, 4]]).toFixed(6) // "1.000000"
 */
export function localVni(jacobian: Activations, { random = false }: { readonly random?: boolean } = {}): number {
  const rows = pointRows(jacobian);
  const statistics = layerStatistics(rows, { centred: false, constants: "kept" });
  if (statistics.square === 0) return Number.NaN;
  const { covariances } = similaritySums(gramJob(rows.data, statistics, ["covariances"]));
  return random ? withoutBias({ vni: 0, weighted: covariances }, statistics, false).weighted : covariances;
}
