import { mlp } from "../../packages/nets/src/index.js";
import { functionData, kernelExecutor, planTraining } from "../../packages/training/src/index.js";

/** Losses and parameters of networks that the kernels trained, for several architectures and optimisers. Runs in Node and in a page. */
export async function trainingBits(): Promise<number[][]> {
  const data = functionData("abs-2d", { points: 150, inputs: 2, outputs: 2 });
  const cases = [
    planTraining(mlp("2-2x5-2"), data, { runs: 6, batch: 40, steps: 50 }),
    planTraining(mlp("2-9x2-2", { activation: "tanh", norm: "batch" }), data, {
      ...{ runs: 5, batch: 33, batches: "own", steps: 30, optimizer: "nesterov", loss: "huber", clip: 0.5, trainNorms: true },
    }),
    planTraining(mlp("2-70x2-2", { activation: "gelu", skip: "dense" }), data, { runs: 2, steps: 10, optimizer: "rmsprop" }),
  ];
  const found: number[][] = [];
  for (const plan of cases) {
    const group = await kernelExecutor.prepare(plan, 0, plan.runs);
    await group.advance(plan.steps);
    const { parameters, losses } = group.save();
    found.push([...losses, ...parameters]);
  }
  return found;
}
