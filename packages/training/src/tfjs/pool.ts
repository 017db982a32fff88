import type { TensorFlow } from "@sonde/core/tfjs";
import type { Layer } from "@sonde/nets";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import { imageOf } from "./convolve.js";

/** The mean or the largest of windows that do not overlap, in the meaning of `forward`; what does not fill a window is left out. */
export function pool(tf: TensorFlow, layer: Layer & { kind: "pool" }, input: readonly number[], x: Tensor): Tensor {
  const positions = input.slice(0, -1);
  const window = positions.map((length) => (layer.window === "global" ? length : layer.window));
  const sizes: [number, number] = window.length === 1 ? [1, window[0]] : [window[0], window[1]];
  const image = imageOf(tf, x, positions.length);
  if (layer.pool === "average") return average(tf, image, sizes);
  // The gradient of the backend wasm (4.22) loses values of windows of one row.
  const own = tf.getBackend() === "wasm" || !tf.getKernel("MaxPoolGrad", tf.getBackend());
  return own ? largest(tf, image, sizes) : tf.maxPool(image, sizes, sizes, "valid");
}

type Window = readonly [height: number, width: number];

/** In two sums, which every backend can differentiate. */
function average(tf: TensorFlow, image: Tensor4D, [height, width]: Window): Tensor {
  const [points, , , channels] = image.shape;
  const [rows, cols] = [Math.floor(image.shape[1] / height), Math.floor(image.shape[2] / width)];
  const whole = tf.slice(image, [0, 0, 0, 0], [-1, rows * height, cols * width, -1]);
  const columns = tf.mean(tf.reshape(whole, [points * rows, height, cols * width * channels]), 1);
  const means = tf.mean(tf.reshape(columns, [points * rows * cols, width, channels]), 1);
  return tf.reshape(means, [points, rows, cols, channels]);
}

/** With a gradient in JavaScript, by the first of the largest. */
function largest(tf: TensorFlow, image: Tensor4D, sizes: Window): Tensor {
  const window: [number, number] = [sizes[0], sizes[1]];
  const custom = tf.customGrad((input, save) => {
    const x = input as Tensor4D;
    (save as (tensors: Tensor[]) => void)([x]);
    return {
      value: tf.maxPool(x, window, window, "valid"),
      gradFunc: (dy, [saved]) => toLargest(tf, saved as Tensor4D, dy as Tensor4D, sizes),
    };
  });
  return custom(image);
}

function toLargest(tf: TensorFlow, x: Tensor4D, dy: Tensor4D, [height, width]: Window): Tensor {
  const [, inRows, inCols, channels] = x.shape;
  const [points, rows, cols] = dy.shape;
  const [values, gradients] = [x.dataSync(), dy.dataSync()];
  const result = new Float32Array(values.length);
  let from = 0;
  for (let p = 0; p < points; p++)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < cols; j++)
        for (let c = 0; c < channels; c++, from++) {
          const start = ((p * inRows + i * height) * inCols + j * width) * channels + c;
          let best = start;
          for (let a = 0; a < height; a++)
            for (let b = 0; b < width; b++) {
              const at = start + (a * inCols + b) * channels;
              if (values[at] > values[best]) best = at;
            }
          result[best] = gradients[from];
        }
  return tf.tensor(result, x.shape, "float32");
}
