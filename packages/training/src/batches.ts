import { permutation, type Stream, split } from "@sonde/core";
import type { TrainingPlan } from "./plan.js";
import { trainingStream } from "./streams.js";

type Batching = Pick<TrainingPlan, "inputs" | "batch" | "batches" | "seed">;

/** Steps in an epoch, in which every point is seen once: the last batch of an epoch holds what is left. */
export function epochSteps({ inputs, batch }: Pick<TrainingPlan, "inputs" | "batch">): number {
  return Math.ceil(inputs.rows / batch);
}

/**
 * The batches of a plan: a function of the step (from 0) and the network to the points of its batch, in order. Every epoch has a random order of its own; the order of the last epoch asked for is
 * kept, so ask for steps in succession, and for networks that draw their own batches use one reader each.
 *
 * With shared batches the network does not matter.
 */
export function batchReader(plan: Batching, network: number): (step: number) => Uint32Array {
  const { inputs, batch } = plan;
  const source = orderStream(plan, network);
  const epoch = epochSteps(plan);
  let known = -1;
  let order: Uint32Array = new Uint32Array(0);
  return (step) => {
    const now = Math.floor(step / epoch);
    if (now !== known) order = permutation(split(source, now), inputs.rows);
    known = now;
    const first = (step % epoch) * batch;
    return order.subarray(first, Math.min(first + batch, inputs.rows));
  };
}

/** The stream whose child e orders the points of epoch e. */
function orderStream({ seed, batches }: Batching, network: number): Stream {
  const source = trainingStream(seed);
  return batches === "shared" ? split(source, 2) : split(split(source, 3), network);
}
