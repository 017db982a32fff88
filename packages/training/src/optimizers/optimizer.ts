/**
 * An optimiser with its constants, by PyTorch's definitions. With g the gradient (clipped, `l2` added), p a parameter, r the rate, t = 1, 2, ... the step:
 *
 * - `sgd`: p -= r g
 * - `momentum`: v = momentum v + g (v = g at first), p -= r v
 * - `nesterov`: v as above, p -= r (g + momentum v)
 * - `rmsprop`: v = alpha v + (1 - alpha) g^2, p -= r g / (sqrt(v) + epsilon)
 * - `adam`, `adamw`: m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2, p -= r m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
 *
 * What is remembered (v; m and v) starts at 0. `adam` and `adamw` differ in what weight decay means to them alone.
 */
export type Optimizer =
  | { readonly name: "sgd" }
  | { readonly name: "momentum" | "nesterov"; readonly momentum: number }
  | { readonly name: "rmsprop"; readonly alpha: number; readonly epsilon: number }
  | { readonly name: "adam" | "adamw"; readonly beta1: number; readonly beta2: number; readonly epsilon: number };

/** How many values the optimiser remembers of each parameter. */
export function slotCount({ name }: Optimizer): 0 | 1 | 2 {
  if (name === "sgd") return 0;
  return name === "adam" || name === "adamw" ? 2 : 1;
}
