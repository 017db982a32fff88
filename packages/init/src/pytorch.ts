import { independent } from "./independent.js";
import type { Initialiser } from "./types.js";

/**
 * PyTorch's default for linear and convolutional layers: weights and biases uniform on +-1 / sqrt(fan_in), so sigma_w^2 = 1/3.
 *
 * Source: `reset_parameters` of `torch.nn.Linear` and `torch.nn._ConvNd`: `kaiming_uniform_(weight, a=sqrt(5))` with bound
 * sqrt(6 / ((1 + a^2) fan_in)) = 1 / sqrt(fan_in), and the same bound for the bias.
 *
 * @example
 * pytorch().law?.({ kernel: [], inputs: 3, outputs: 4 }).weightVariance // 0.3333333333333333
 */
export function pytorch(): Initialiser {
  return independent("pytorch", "uniform", () => 1 / 3, { kind: "like-weights" });
}
