import { exp, log } from "@sonde/core/math";
import { cite } from "../bibliography.js";
import { digits, type Finding } from "../finding.js";
import type { RecordedLayer } from "./measure-recorded.js";

/** By how much the mean square grows in all before it is told. */
const told = log(4);

/**
 * Sums of branches without a norm add up what comes to them: the mean square grows by the same factor with each. A note, since such networks train, at learning rates that are smaller by as much.
 */
export function growingSums(sums: number, path: readonly RecordedLayer[]): Finding[] {
  const [first, last] = [path[0], path[path.length - 1]];
  if (sums < 2 || !first || first === last) return [];
  const growth = last.signal.logMeanSquare.value - first.signal.logMeanSquare.value;
  if (!(growth > told)) return [];
  return [
    {
      pathology: "growing-sums",
      severity: "note",
      layer: last.layer,
      evidence: `the mean square of the signal grows ${digits(exp(growth))} times from layer ${first.layer} to layer ${last.layer}, through ${sums} sums of branches without a norm: ${digits(exp(growth / sums))} times each.`,
      explanation:
        "A sum has the mean square of both its branches, so that without norms or factors it doubles with every block. Networks of some ten blocks train all the same, but bear a learning rate that is smaller by as much; deeper ones overflow.",
      source: `${cite("fixup")}; ${cite("skipInit")}`,
    },
  ];
}
