import type { TensorFlow } from "@sonde/core/tfjs";
import type { Scalar, Tensor2D } from "@tensorflow/tfjs-core";
import type { Loss } from "../losses/loss.js";

/** The loss of outputs against targets, both as `lossOf` takes them, as a differentiable scalar. */
export function tensorLoss(tf: TensorFlow, loss: Loss, outputs: Tensor2D, targets: Tensor2D): Scalar {
  if (loss.name === "cross-entropy") {
    const classes = tf.oneHot(tf.cast(tf.reshape(targets, [-1]), "int32"), outputs.shape[1]);
    return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(outputs), tf.cast(classes, "float32")), 1)));
  }
  const d = tf.sub(outputs, targets);
  switch (loss.name) {
    case "mse":
      return tf.mean(tf.square(d));
    case "mae":
      return tf.mean(tf.abs(d));
    case "huber": {
      const { delta } = loss;
      const size = tf.abs(d);
      const near = tf.minimum(size, delta);
      return tf.mean(tf.add(tf.mul(0.5, tf.square(near)), tf.mul(delta, tf.sub(size, near))));
    }
  }
}
