import { NumericalError } from "@sonde/core";
import { log } from "@sonde/core/math";
import { type Address, type EnsembleKernels, rescaleFlags } from "@sonde/kernels";
import { outputSize, size } from "../../shapes.js";
import type { ObservedGradient } from "../metric.js";
import { errorStream } from "../network-inputs.js";
import type { EnsemblePlan } from "../plan.js";
import { compileBackward, type GradientPlace, type WeightGradientPlace } from "./backward.js";
import type { KeptWeights } from "./kept-weights.js";
import { lanes } from "./machine.js";
import type { RecordedLayer } from "./program.js";
import type { Step } from "./weighted.js";

/** What a backward pass needs of the forward pass before it. */
interface Recording {
  readonly records: readonly RecordedLayer[];
  /** Four streams, one for each network. */
  readonly roots: Address;
  readonly kept: KeptWeights;
  /** Room for the values of the widest place, taken apart. */
  readonly separated: Address;
  /** Networks of the current group, from 1 to 4. */
  readonly members: () => number;
  readonly show: (lane: number, gradient: ObservedGradient) => void;
}

/** Prepares the way back of four networks at a time, and returns the function that does it for those from number `group` on after their forward pass. */
export function backwardPass(
  plan: EnsemblePlan,
  kernels: EnsembleKernels,
  { records, roots, kept, separated, members, show }: Recording,
): (group: number) => void {
  const points = plan.inputs.rows;
  const outputs = outputSize(plan.architecture);
  const start = { values: kernels.allocate(16 * points * outputs), exponents: kernels.allocate(16) };
  const sums = kernels.allocate(32);
  const streams = kernels.allocate(64);
  const parent = errorStream(plan.seed);
  const errors = plan.gradients?.errors;
  if (errors) {
    const same = kernels.floats(start.values, lanes * points * outputs);
    for (let k = 0; k < same.length; k++) same[k] = errors.data[Math.floor(k / lanes)];
  }

  /** ln of the mean squares of four networks' values, over 2^exponent, made where they lie; once for every group. */
  const logMeanSquares = (values: Address, count: number, exponent: (lane: number) => number): ((lane: number) => number) => {
    let known: number[] | undefined;
    return (lane) => {
      if (!known) {
        kernels.squareSums(values, count, sums);
        known = Array.from(kernels.doubles(sums, lanes), (sum, k) => log(sum / count) + 2 * Math.LN2 * exponent(k));
      }
      return known[lane];
    };
  };

  const observe = (path: string, units: number, { values, exponents }: GradientPlace, weights?: WeightGradientPlace): Step => {
    const count = points * units;
    return () => {
      const own = kernels.ints(exponents, lanes).slice();
      const square = logMeanSquares(values, count, (lane) => own[lane]);
      const ofWeights =
        weights &&
        logMeanSquares(weights.values, weights.count, (lane) => kernels.ints(weights.exponents[0], lanes)[lane] + own[lane]);
      let apart = false;
      for (let lane = 0; lane < members(); lane++)
        show(lane, {
          path,
          points,
          units,
          gradientExponent: own[lane],
          gradients() {
            if (!apart) kernels.separate(values, count, separated);
            apart = true;
            return { rows: points, cols: units, data: kernels.floats(separated + 4 * count * lane, count) };
          },
          logMeanSquare: () => square(lane),
          ...(ofWeights && { weightLogMeanSquare: () => ofWeights(lane) }),
        });
    };
  };

  const check = (flags: Address): void => {
    if (kernels.ints(flags, members()).includes(rescaleFlags.notFinite))
      throw new NumericalError("gradients overflow float32 within one layer: take a smaller weight variance or a larger epsilon");
  };
  const { steps, result } = compileBackward(records, start, {
    kernels,
    points,
    roots,
    kept,
    observe: ({ path, output }, place, weights) => observe(path, size(output), place, weights),
    check,
  });
  steps.push(observe("input", plan.inputs.cols, result));

  return (group) => {
    if (!errors) {
      kernels.roots(parent, group, streams);
      kernels.fillLanes({ streams, scale: 1 }, 0, points * outputs, start.values);
    }
    kernels.ints(start.exponents, lanes).fill(0);
    for (const step of steps) step();
  };
}
