import { mlp } from "@sonde/nets";
import { train, xorData } from "@sonde/training";

export const steps = 500;
const corners = xorData();

/** Learning rates half a power of ten apart. */
export const recipes = [
  { name: "SGD", optimizer: "sgd", rates: [0.003, 0.01, 0.03, 0.1, 0.3] },
  { name: "Adam", optimizer: "adam", rates: [1e-4, 3e-4, 1e-3, 3e-3, 1e-2] },
];

/** How networks are trained on the four corners; `recipe` has the optimiser, its rate, the networks and their seed. */
export function onCorners(recipe) {
  return { data: corners, loss: "mse", steps, looks: [5, 50, 150], monitors: [], ...recipe };
}

/** Networks of a pilot: those that the kernels train at once. */
const piloted = 4;

/**
 * The learning rate with which most of four networks of a seed of their own learn; among equal ones that with the smallest median loss. A network of any depth may fail at a rate that is not its own, so without this a map
 * of failures is one of rates.
 */
export async function bestRate(model, options, { optimizer, rates }, seed) {
  const tried = [];
  for (const learningRate of rates) {
    const { outcomes, curves } = await train(
      mlp(model, options),
      onCorners({ optimizer, learningRate, runs: piloted, seed: seed + 1_000_000, looks: [] }),
    );
    tried.push({ learningRate, learned: outcomes.learned, loss: curves.loss.at(-1).p50 ?? Number.POSITIVE_INFINITY });
  }
  return tried.sort((a, b) => b.learned - a.learned || a.loss - b.loss)[0].learningRate;
}
