import { trainerKernels } from "@sonde/kernels/trainer";
import { forward } from "@sonde/nets";
import type { Beginning, TrainingGroup } from "../executor.js";
import { openGroup } from "../open-group.js";
import { networkOf, parameterBlocks, readParameters } from "../parameters.js";
import type { TrainingPlan } from "../plan.js";
import { batchFeeder } from "./batches.js";
import { lanes, layOut } from "./layout.js";
import { outputsOf } from "./outputs.js";
import { programOf } from "./program.js";
import { statesOf } from "./states.js";

/** Networks `first` to `first + count - 1` of a plan, in an instance of the kernels of their own. */
export function kernelGroup(plan: TrainingPlan, beginning: Beginning): Promise<TrainingGroup> {
  const { first, count } = beginning;
  const { blocks, size } = parameterBlocks(plan);
  const kernels = trainerKernels();
  const program = programOf(plan);
  const layout = layOut(kernels, plan, program, Math.ceil(count / lanes));
  const defined = kernels.define(layout);
  const { write, read } = statesOf(kernels, layout, size);
  const feed = batchFeeder(kernels, plan, layout, { first, count });
  const known = outputsOf(kernels, program, layout, defined);
  const flat = new Float32Array(size);
  const network = (k: number) => {
    read(k, 0, flat);
    return networkOf(plan, readParameters(blocks, flat));
  };
  return openGroup(
    plan,
    { executor: "kernels", ...beginning, values: Float32Array },
    {
      write,
      read,
      async advance(from, to, losses, pause) {
        known.forget();
        // A step of four networks may take seconds; those of more are short.
        if (pause && to - from === 1 && layout.groups === 1 && !layout.updatesAtOnce)
          for (const _ of kernels.trainBlocks(defined, layout, feed(from, 1)[0])) await pause();
        else
          for (let step = from; step < to; ) {
            const some = Math.min(layout.stepsAtOnce, to - step);
            kernels.train(defined, layout, feed(step, some));
            step += some;
          }
        losses.set(kernels.doubles(layout.losses, count));
      },
      outputs: (k, points) => known.of(k, points) ?? forward(network(k), points),
      dispose: () => {},
    },
  );
}
