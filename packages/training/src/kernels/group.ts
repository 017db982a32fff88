import { trainerKernels } from "@sonde/kernels/trainer";
import { forward } from "@sonde/nets";
import type { TrainingGroup, TrainingState } from "../executor.js";
import { allParameters, initialNetwork, networkOf, parameterBlocks, readParameters, writeParameters } from "../parameters.js";
import type { TrainingPlan } from "../plan.js";
import { batchFeeder } from "./batches.js";
import { lanes, layOut } from "./layout.js";
import { outputsOf } from "./outputs.js";
import { programOf } from "./program.js";
import { statesOf } from "./states.js";

/** Networks `first` to `first + count - 1` of a plan, in an instance of the kernels of their own. */
export function kernelGroup(plan: TrainingPlan, first: number, count: number, saved?: TrainingState): TrainingGroup {
  const { blocks, size } = parameterBlocks(plan);
  const kernels = trainerKernels();
  const program = programOf(plan);
  const layout = layOut(kernels, plan, program, Math.ceil(count / lanes));
  const defined = kernels.define(layout);
  const states = statesOf(kernels, layout);
  const feed = batchFeeder(kernels, plan, layout, { first, count });
  const outputs = outputsOf(kernels, program, layout, defined);
  const flat = new Float32Array(size);
  for (let k = 0; k < count; k++) {
    if (saved) {
      for (const [part, values] of [saved.parameters, ...saved.slots].entries()) states.write(k, part, values, k * size);
    } else {
      writeParameters(allParameters(initialNetwork(plan, first + k)), blocks, flat);
      states.write(k, 0, flat);
    }
  }
  const losses = saved ? Float64Array.from(saved.losses) : new Float64Array(count).fill(Number.NaN);
  let step = saved?.step ?? 0;

  const parameters = (index: number) => {
    states.read(index, 0, flat);
    return readParameters(blocks, flat);
  };
  return {
    first,
    count,
    get step() {
      return step;
    },
    async advance(steps) {
      outputs.forget();
      for (const end = step + steps; step < end; ) {
        const some = Math.min(layout.stepsAtOnce, end - step);
        kernels.train(defined, layout, feed(step, some));
        step += some;
      }
      if (steps > 0) losses.set(kernels.doubles(layout.losses, count));
    },
    losses: () => Float64Array.from(losses),
    parameters,
    outputs: (index, points) => outputs.of(index, points) ?? forward(networkOf(plan, parameters(index)), points),
    save() {
      const parts = Array.from({ length: 1 + layout.slots }, (_, part) => {
        const values = new Float32Array(count * size);
        for (let k = 0; k < count; k++) states.read(k, part, values, k * size);
        return values;
      });
      const [own, ...slots] = parts;
      return { executor: "kernels", first, count, step, parameters: own, slots, losses: Float64Array.from(losses) };
    },
    dispose: () => {},
  };
}
