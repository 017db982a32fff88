import { inferShapes } from "@sonde/nets";
import type { TrainingExecutor } from "../executor.js";
import { parameterBlocks } from "../parameters.js";
import type { TrainingPlan } from "../plan.js";
import { kernelGroup } from "./group.js";
import { bytesOf } from "./layout.js";
import { programOf, whyNotInKernels } from "./program.js";

/** Bytes that the least group, four networks, may need: an instance of the kernels has 1 GiB. */
const mostBytes = 0.9 * 2 ** 30;

/** The smallest epsilon of an optimiser beside which squares of gradients that float32 cannot hold do not matter. */
const leastEpsilon = 1e-12;

/**
 * Four networks at a time in WebAssembly, float32: forward, back and updated without leaving it. Dense layers, embeddings, norms, residual and concat blocks, softmax, the activations that the kernels know.
 *
 * @example
 * kernelExecutor.name // "kernels"
 */
export const kernelExecutor: TrainingExecutor = {
  name: "kernels",
  refusal,
  cost: (plan) => 1000 + 1.5 * (plan.batch + 20) * parameterBlocks(plan).size,
  prepare: async (plan, first, count, saved, pause) => kernelGroup(plan, { first, count, saved, pause }),
};

function refusal(plan: TrainingPlan): string | undefined {
  const { architecture, optimizer } = plan;
  const reason = whyNotInKernels(inferShapes(architecture));
  if (reason) return reason;
  if ("epsilon" in optimizer && optimizer.epsilon < leastEpsilon)
    return `an epsilon of ${optimizer.epsilon} is too small beside float32`;
  const bytes = bytesOf(plan, programOf(plan), 1);
  if (bytes > mostBytes) return `four networks would need ${Math.ceil(bytes / 2 ** 20)} MiB`;
  return undefined;
}
