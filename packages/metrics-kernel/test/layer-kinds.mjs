/** One small network for every kind of layer that kernels know, of the given width; plain JavaScript, because `npm run verify` runs them too, wider. */
export function layerKinds(width) {
  const dense = (options = {}) => ({ kind: "dense", units: width, ...options });
  const conv = (options = {}) => ({ kind: "conv", channels: width, kernel: [3, 3], ...options });
  const act = (activation = "relu") => ({ kind: "activation", activation });
  const norm = (kind) => ({ kind: "norm", norm: kind });
  const pool = (window) => ({ kind: "pool", pool: "average", window });
  const flatten = { kind: "flatten" };
  const output = { kind: "dense", units: 1 };
  const points = [6];
  const images = [4, 4, 2];
  const orthogonal = { init: "orthogonal", weightVariance: 2 };
  return {
    "dense with biases": {
      input: points,
      layers: [dense(), act(), dense({ bias: "normal:0.2" }), act("tanh"), dense({ bias: "uniform:0.5" }), act("gelu"), output],
    },
    orthogonal: { input: points, layers: [dense(orthogonal), act(), dense(orthogonal), act("erf"), output] },
    "he-truncated-normal": {
      input: points,
      layers: [
        dense({ init: "he-truncated-normal" }),
        act("silu"),
        dense({ init: "glorot-uniform", bias: "like-weights" }),
        act(),
        output,
      ],
    },
    "conv, zeros outside": {
      input: images,
      layers: [conv(), act(), conv({ bias: "normal:0.1" }), act(), flatten, output],
    },
    "conv, circular": {
      input: images,
      layers: [conv({ padding: "periodic" }), act(), conv({ padding: "periodic" }), act("erf"), flatten, output],
    },
    "conv, mirrored": {
      input: images,
      layers: [conv({ padding: "symmetric" }), act(), conv({ padding: "symmetric" }), act(), flatten, output],
    },
    "conv, valid, strides": {
      input: images,
      layers: [
        conv({ padding: "valid", kernel: [2, 2] }),
        act(),
        conv({ padding: "valid", kernel: [2, 2], stride: 2 }),
        act(),
        flatten,
        output,
      ],
    },
    "average and global pooling": {
      input: images,
      layers: [conv(), act(), pool(2), conv({ padding: "periodic" }), act(), pool("global"), output],
    },
    flatten: { input: images, layers: [flatten, dense(), act(), output] },
    residual: { input: points, layers: [dense(), { kind: "residual", body: [act(), dense(), act(), dense()] }, act(), output] },
    "residual, both with a mean": {
      input: points,
      layers: [dense(), act(), { kind: "residual", body: [dense(), act()] }, dense(), act(), output],
    },
    "residual, with a projection": {
      input: points,
      layers: [
        dense(),
        act(),
        {
          kind: "residual",
          body: [dense(), act(), dense({ units: 2 * width })],
          shortcut: [dense({ units: 2 * width })],
          scale: 0.5,
        },
        act(),
        output,
      ],
    },
    "residual convolutions, with a projection": {
      input: images,
      layers: [
        conv(),
        act(),
        {
          kind: "residual",
          body: [conv({ stride: 2 }), act(), conv()],
          shortcut: [conv({ kernel: [1, 1], stride: 2, padding: "valid" })],
        },
        act(),
        pool("global"),
        output,
      ],
    },
    concatenation: {
      input: points,
      layers: [
        dense(),
        act(),
        { kind: "concat", body: [dense({ units: 2 * width }), act()] },
        { kind: "concat", body: [dense(), act("tanh")] },
        output,
      ],
    },
    "layer norm": {
      input: points,
      layers: [dense({ bias: "normal:0.3" }), act(), norm("layer"), dense(), norm("layer"), act(), output],
    },
    "RMS norm of images": { input: images, layers: [conv(), act(), norm("rms"), conv(), norm("layer"), act(), flatten, output] },
    "residual convolutions, pooled": {
      input: images,
      layers: [conv(), { kind: "residual", body: [act(), conv(), norm("layer"), act(), conv()] }, act(), pool("global"), output],
    },
    embedding: { input: images, layers: [{ kind: "embedding", units: width }, conv(), act(), flatten, output] },
  };
}
