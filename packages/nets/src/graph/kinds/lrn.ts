import { pow } from "@sonde/core/math";
import type { LayerKind } from "../layer-kind.js";
import { count } from "../tensor.js";

/** Local response norm over channels: y = x / (bias + alpha / size sum of x^2 over `size` neighbouring channels)^beta. Measured only. */
export interface LrnLayer {
  readonly kind: "local-response-norm";
  readonly size: number;
  readonly alpha?: number;
  readonly beta?: number;
  readonly bias?: number;
}

export const lrn: LayerKind<LrnLayer> = {
  shape: (_layer, [input]) => input,
  forward({ size, alpha = 1e-4, beta = 0.75, bias = 1 }, [x]) {
    const [points, channels] = x.shape;
    const positions = count(x.shape.slice(2));
    const data = new Float64Array(x.data.length);
    const before = Math.floor((size - 1) / 2);
    for (let p = 0; p < points; p++)
      for (let c = 0; c < channels; c++)
        for (let s = 0; s < positions; s++) {
          let sum = 0;
          for (let k = Math.max(0, c - before); k <= Math.min(channels - 1, c - before + size - 1); k++) {
            const value = x.data[(p * channels + k) * positions + s];
            sum += value * value;
          }
          const at = (p * channels + c) * positions + s;
          data[at] = x.data[at] / pow(bias + (alpha / size) * sum, beta);
        }
    return { shape: x.shape, data };
  },
};
