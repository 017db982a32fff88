import type { TensorFlow } from "@sonde/core/tfjs";
import type { Layer, ShapedLayer } from "@sonde/nets";
import type { Tensor, Tensor3D, Tensor4D } from "@tensorflow/tfjs-core";

type Conv = Layer & { readonly kind: "conv" };

/** The convolution of a layer, in the meaning of `forward`, without its bias: `[points, ...positions, channels]`. */
export function convolve(tf: TensorFlow, { input }: ShapedLayer, layer: Conv, weights: Tensor, x: Tensor): Tensor {
  const { kernel, stride = 1 } = layer;
  const [height, width] = kernel.length === 1 ? [1, kernel[0]] : kernel;
  const filter = tf.reshape(weights, [height, width, input[input.length - 1], layer.channels]) as Tensor4D;
  const strides: [number, number] = kernel.length === 1 ? [1, stride] : [stride, stride];
  return inside(tf, imageOf(tf, around(tf, layer, input, x), kernel.length), filter, strides);
}

/** `[points, height, width, channels]`, of height 1 where there is one axis of positions. */
export function imageOf(tf: TensorFlow, x: Tensor, axes: number): Tensor4D {
  return (axes === 1 ? tf.expandDims(x as Tensor3D, 1) : x) as Tensor4D;
}

/**
 * A convolution that leaves its input nowhere. Its gradient by the filter is a convolution too, with points in the place of channels and strides in that of dilations, so that backends
 * without a gradient of their own (wasm) can train it.
 */
function inside(tf: TensorFlow, x: Tensor4D, filter: Tensor4D, strides: [number, number]): Tensor {
  const [height, width] = filter.shape;
  const convolution = tf.customGrad((a, b, save) => {
    const [image, weights] = [a as Tensor4D, b as Tensor4D];
    (save as (tensors: Tensor[]) => void)([image, weights]);
    return {
      value: tf.conv2d(image, weights, strides, "valid"),
      gradFunc: (dy, [image, weights]) => {
        const turned = tf.conv2d(
          tf.transpose(image as Tensor4D, [3, 1, 2, 0]),
          tf.transpose(dy as Tensor4D, [1, 2, 0, 3]),
          1,
          "valid",
          "NHWC",
          strides,
        );
        // Beyond the filter lies what strides left over.
        const own = tf.slice(turned, [0, 0, 0, 0], [-1, height, width, -1]);
        const by = tf.conv2dTranspose(dy as Tensor4D, weights as Tensor4D, (image as Tensor4D).shape, strides, "valid");
        return [by, tf.transpose(own, [1, 2, 0, 3])];
      },
    };
  });
  return convolution(x, filter);
}

/** The input with the positions around it that windows see: zeros, or taken from inside. */
function around(tf: TensorFlow, { kernel, stride = 1, padding = "zero" }: Conv, input: readonly number[], x: Tensor): Tensor {
  if (padding === "valid") return x;
  const missing = kernel.map((k, axis) => Math.max((Math.ceil(input[axis] / stride) - 1) * stride + k - input[axis], 0));
  const before = missing.map((count) => Math.floor(count / 2));
  if (padding === "zero") {
    const pads = missing.map((count, axis): [number, number] => [before[axis], count - before[axis]]);
    return tf.pad(x, [[0, 0], ...pads, [0, 0]]);
  }
  return missing.reduce((value, count, axis) => {
    const length = input[axis];
    const positions = Int32Array.from({ length: length + count }, (_, i) =>
      position(i - before[axis], length, padding === "periodic"),
    );
    return tf.gather(value, tf.tensor1d(positions, "int32"), axis + 1);
  }, x);
}

function position(at: number, length: number, periodic: boolean): number {
  const modulo = (n: number) => ((at % n) + n) % n;
  if (periodic) return modulo(length);
  const mirrored = modulo(2 * length);
  return mirrored < length ? mirrored : 2 * length - 1 - mirrored;
}
