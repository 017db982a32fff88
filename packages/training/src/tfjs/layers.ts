import type { TensorFlow } from "@sonde/core/tfjs";
import type { LayerParameters } from "@sonde/init";
import { type Layer, type ShapedLayer, size } from "@sonde/nets";
import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import { applyActivation } from "./activations.js";
import { convolve } from "./convolve.js";
import { pool } from "./pool.js";

/** The weights `[fan_in, outputs]` and biases `[outputs]` of one layer. */
export interface LayerVariables {
  readonly weights: Variable;
  readonly bias: Variable;
}

/** Those of all layers with weights, and of norms where they have any of their own. */
export interface NetworkVariables {
  readonly layers: readonly LayerVariables[];
  readonly norms?: readonly LayerVariables[];
}

/** Weights and biases as variables of their own. */
export function layerVariables(tf: TensorFlow, { weights, bias }: LayerParameters): LayerVariables {
  const variable = (values: Float64Array, shape: number[]) =>
    tf.tidy(() => tf.variable(tf.tensor(Float32Array.from(values), shape, "float32")));
  return { weights: variable(weights.data, [weights.rows, weights.cols]), bias: variable(bias, [bias.length]) };
}

/** Carries a batch `[points, ...shape]` through layers, blocks included, in the meaning of `forward`. */
export function runLayers(tf: TensorFlow, layers: readonly ShapedLayer[], variables: NetworkVariables, x: Tensor): Tensor {
  return layers.reduce((value, shaped) => runLayer(tf, shaped, variables, value), x);
}

function runLayer(tf: TensorFlow, shaped: ShapedLayer, variables: NetworkVariables, x: Tensor): Tensor {
  const { layer, input, output, branches, join } = shaped;
  const own = variables.layers[shaped.parameters ?? -1];
  if (join) {
    const ends = branches.map((branch) => runLayers(tf, branch, variables, x));
    return join.kind === "concat" ? tf.concat(ends, -1) : tf.addN(ends.map((end, k) => tf.mul(end, join.factors[k])));
  }
  const shapedAs = (y: Tensor, shape: readonly number[]) => tf.reshape(y, [x.shape[0], ...shape]);
  switch (layer.kind) {
    case "dense":
    case "embedding": {
      const rows = tf.reshape(x, [-1, input[input.length - 1]]);
      return shapedAs(tf.add(tf.matMul(rows, own.weights), own.bias), output);
    }
    case "conv":
      return shapedAs(tf.add(convolve(tf, shaped, layer, own.weights, x), own.bias), output);
    case "activation":
      return applyActivation(tf, layer.activation, x);
    case "norm":
      return normalise(tf, layer, x, variables.norms?.[shaped.norm ?? -1]);
    case "pool":
      return shapedAs(pool(tf, layer, input, x), output);
    case "flatten":
      return shapedAs(x, output);
    case "softmax":
      return tf.softmax(x, -1);
    case "residual":
    case "concat":
      throw new TypeError(`a ${layer.kind} block has no operation of its own`);
  }
}

/** With the statistics of this batch, biased, then scale and shift. */
function normalise(tf: TensorFlow, layer: Layer & { kind: "norm" }, x: Tensor, own?: LayerVariables): Tensor {
  const { norm, epsilon = 1e-3, gamma = 1, beta = 0 } = layer;
  const last = x.shape.length - 1;
  const axes = x.shape.map((_, axis) => axis).filter((axis) => (norm === "batch" ? axis !== last : axis !== 0));
  const centred = norm === "rms" ? x : tf.sub(x, tf.mean(x, axes, true));
  const variance = tf.mean(tf.square(centred), axes, true);
  const z = tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon)));
  if (own) return tf.add(tf.mul(z, own.weights), own.bias);
  return gamma === 1 && beta === 0 ? z : tf.add(tf.mul(z, gamma), beta);
}

/** Points `[points, inputs]` in the shape that the network takes. */
export function shapedInput(tf: TensorFlow, x: Tensor, input: readonly number[]): Tensor {
  return tf.reshape(x, [x.shape[0], ...input]);
}

/** Outputs in rows. */
export function rowsOfOutput(tf: TensorFlow, y: Tensor): Tensor {
  return tf.reshape(y, [y.shape[0], size(y.shape.slice(1))]);
}
