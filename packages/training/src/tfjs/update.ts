import { pow } from "@sonde/core/math";
import type { TensorFlow } from "@sonde/core/tfjs";
import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import type { Optimizer } from "../optimizers/optimizer.js";

/** A variable that is trained, with what the optimiser remembers of it. */
export interface TrainedVariable {
  readonly variable: Variable;
  readonly slots: readonly Variable[];
  /** Whether weight decay is for it. */
  readonly decays: boolean;
}

/** One step. */
export interface TensorStep {
  readonly rate: number;
  readonly l2: number;
  readonly decay: number;
  /** 1, 2, ... */
  readonly step: number;
}

/** Changes a variable by one step of an optimiser, see `Optimizer`; `gradient` is clipped already. */
export function updateVariable(
  tf: TensorFlow,
  optimizer: Optimizer,
  { variable, slots, decays }: TrainedVariable,
  gradient: Tensor,
  { rate, l2, decay, step }: TensorStep,
): void {
  tf.tidy(() => {
    const p: Tensor = decays && decay > 0 ? tf.mul(variable, 1 - rate * decay) : variable;
    const g = decays && l2 > 0 ? tf.add(gradient, tf.mul(l2, p)) : gradient;
    variable.assign(tf.sub(p, change(tf, optimizer, slots, g, rate, step)));
  });
}

/** What is subtracted; renews what is remembered. */
function change(tf: TensorFlow, optimizer: Optimizer, slots: readonly Variable[], g: Tensor, rate: number, step: number): Tensor {
  const mixed = (slot: Variable, keep: number, added: Tensor, share = 1 - keep): Tensor => {
    const value = tf.add(tf.mul(keep, slot), tf.mul(share, added));
    slot.assign(value);
    return value;
  };
  switch (optimizer.name) {
    case "sgd":
      return tf.mul(rate, g);
    case "momentum":
    case "nesterov": {
      const v = mixed(slots[0], optimizer.momentum, g, 1);
      return tf.mul(rate, optimizer.name === "nesterov" ? tf.add(g, tf.mul(optimizer.momentum, v)) : v);
    }
    case "rmsprop": {
      const v = mixed(slots[0], optimizer.alpha, tf.square(g));
      return tf.div(tf.mul(rate, g), tf.add(tf.sqrt(v), optimizer.epsilon));
    }
    case "adam":
    case "adamw": {
      const { beta1, beta2, epsilon } = optimizer;
      const m = mixed(slots[0], beta1, g);
      const v = mixed(slots[1], beta2, tf.square(g));
      const root = Math.sqrt(1 - pow(beta2, step));
      return tf.div(tf.mul(rate / (1 - pow(beta1, step)), m), tf.add(tf.div(tf.sqrt(v), root), epsilon));
    }
  }
}

/** Gradients scaled to the largest norm where they are longer together, as `clipGradient` does it. */
export function clipped(tf: TensorFlow, gradients: readonly Tensor[], most: number): Tensor[] {
  const norm = tf.sqrt(tf.addN(gradients.map((g) => tf.sum(tf.square(g)))));
  const factor = tf.minimum(1, tf.div(most, tf.add(norm, 1e-6)));
  return gradients.map((g) => tf.mul(g, factor));
}
