import { type Stream, split, stream } from "@sonde/core";

/**
 * The stream of a seed for what training draws beside the networks themselves. Its children: 0 the points of a target function, 1 the split into training and test points, 2 shared batches, 3 batches
 * of each network.
 */
export function trainingStream(seed: number): Stream {
  return split(stream(seed), 16);
}
