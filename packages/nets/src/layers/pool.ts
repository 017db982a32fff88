import { matrix } from "@sonde/core";
import type { Layer } from "../architecture.js";
import type { Operator, Points } from "./operator.js";
import { windows } from "./windows.js";

/**
 * Pooling of every channel over windows that do not overlap (positions that fill no window are dropped) or over all positions.
 *
 * `average` is the mean, `max` the largest value; its derivative follows the first of the largest values in the window.
 */
export function pool(layer: Layer & { kind: "pool" }, input: readonly number[]): Operator {
  const channels = input[input.length - 1];
  const positions = input.slice(0, -1);
  const global = layer.window === "global";
  const kernel = positions.map((n) => (layer.window === "global" ? n : layer.window));
  const { taps, size } = windows(input, kernel, global ? 1 : kernel[0], "valid");
  const count = taps.length / size;

  /** Calls back for every output value with its index and those of the inputs it depends on, each with its share. */
  const visit = (x: Points, link: (to: number, from: number, share: number) => void): void => {
    for (let p = 0; p < x.rows; p++)
      for (let w = 0; w < count; w++)
        for (let c = 0; c < channels; c++) {
          const index = (t: number) => p * x.cols + taps[w * size + t] * channels + c;
          const to = (p * count + w) * channels + c;
          if (layer.pool === "average") for (let t = 0; t < size; t++) link(to, index(t), 1 / size);
          else {
            let largest = index(0);
            for (let t = 1; t < size; t++) if (x.data[index(t)] > x.data[largest]) largest = index(t);
            link(to, largest, 1);
          }
        }
  };
  /** The linear map that pooling at x is, applied to dx. */
  const apply = (x: Points, dx: Points): Points => {
    const y = matrix(x.rows, count * channels);
    visit(x, (to, from, share) => {
      y.data[to] += share * dx.data[from];
    });
    return y;
  };

  return {
    forward: (x) => apply(x, x),
    tangent: apply,
    gradient: (x, dy) => {
      const dx = matrix(x.rows, x.cols);
      visit(x, (to, from, share) => {
        dx.data[from] += share * dy.data[to];
      });
      return { input: dx };
    },
  };
}
