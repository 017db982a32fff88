import { activation } from "@sonde/core";
import type { TensorFlow } from "@sonde/core/tfjs";
import type { Tensor } from "@tensorflow/tfjs-core";

/** Activations that tfjs has operations for, with their derivatives. */
const native: Readonly<Record<string, (tf: TensorFlow, z: Tensor) => Tensor>> = {
  relu: (tf, z) => tf.relu(z),
  linear: (_tf, z) => z,
  abs: (tf, z) => tf.abs(z),
  tanh: (tf, z) => tf.tanh(z),
  sigmoid: (tf, z) => tf.sigmoid(z),
  silu: (tf, z) => tf.mul(z, tf.sigmoid(z)),
  sin: (tf, z) => tf.sin(z),
  cos: (tf, z) => tf.cos(z),
  exp: (tf, z) => tf.exp(z),
  gaussian: (tf, z) => tf.exp(tf.neg(tf.square(z))),
  softsign: (tf, z) => tf.div(z, tf.add(tf.abs(z), 1)),
};

/**
 * What an activation makes of a tensor, with its gradient. Those that tfjs has no operation for are computed value by value in JavaScript, which reads the tensor back and is slow on a GPU.
 */
export function applyActivation(tf: TensorFlow, name: string, z: Tensor): Tensor {
  const { name: full, value, derivative } = activation(name);
  if (Object.hasOwn(native, full)) return native[full](tf, z);
  const map = (of: (x: number) => number, x: Tensor) => tf.tensor(Float32Array.from(x.dataSync(), of), x.shape, "float32");
  const custom = tf.customGrad((input, save) => {
    const x = input as Tensor;
    (save as (tensors: Tensor[]) => void)([x]);
    return {
      value: map(value, x),
      gradFunc: (dy, [saved]) => tf.mul(dy as Tensor, map(derivative, saved)),
    };
  });
  return custom(z);
}
