import type { LayerKind } from "../layer-kind.js";
import { count } from "../tensor.js";
import { assembled, type Placed, placed, tapTable, type WindowOptions, windowAxes } from "./windows.js";

/** The largest value of a window, or its mean, channel by channel. */
export interface PoolLayer extends WindowOptions {
  readonly kind: "pool";
  readonly pool: "max" | "average";
  /** Taps along each axis, or all positions. */
  readonly window: readonly number[] | "global";
  /** Whether the last window may begin on the input and reach beyond it. Default no. */
  readonly ceil?: boolean;
  /** Whether means are over the zeros of the padding too. Default no. */
  readonly countsPadding?: boolean;
  /** Whether a global pool leaves axes of one position; default no, which leaves `[points, channels]`. */
  readonly keepsAxes?: boolean;
}

export const pool: LayerKind<PoolLayer> = {
  shape(layer, [input]) {
    const from = placed(input, layer, layer.window === "global" ? undefined : layer.window.length);
    if (layer.window === "global" && !layer.keepsAxes) return [from.points, from.channels];
    return assembled({ ...from, sizes: axesOf(layer, from).map(({ windows }) => windows) }, layer);
  },
  forward(layer, [x]) {
    const from = placed(x.shape, layer);
    const { taps, size, inside } = tapTable(axesOf(layer, from));
    const shape = pool.shape(layer, [x.shape]);
    const data = new Float64Array(count(shape));
    const max = layer.pool === "max";
    eachWindow(layer, from, taps.length / size, (w, at, to) => {
      let sum = max ? Number.NEGATIVE_INFINITY : 0;
      let seen = 0;
      for (let t = w * size; t < (w + 1) * size; t++) {
        if (taps[t] < 0) continue;
        const value = x.data[at(taps[t])];
        if (!max) sum += value;
        else if (value > sum || Number.isNaN(value)) sum = value;
        seen++;
      }
      data[to] = max ? sum : sum / (layer.countsPadding ? inside[w] : Math.max(1, seen));
    });
    return { shape, data };
  },
  gradient(layer, { inputs: [x], error }) {
    const from = placed(x.shape, layer);
    const { taps, size, inside } = tapTable(axesOf(layer, from));
    const data = new Float64Array(x.data.length);
    eachWindow(layer, from, taps.length / size, (w, at, to) => {
      const own = taps.subarray(w * size, (w + 1) * size).filter((tap) => tap >= 0);
      if (layer.pool === "average") {
        const share = error.data[to] / (layer.countsPadding ? inside[w] : Math.max(1, own.length));
        for (const tap of own) data[at(tap)] += share;
        return;
      }
      // The first of the largest.
      let best = own[0];
      for (const tap of own) if (x.data[at(tap)] > x.data[at(best)]) best = tap;
      if (best !== undefined) data[at(best)] += error.data[to];
    });
    return { inputs: [{ shape: x.shape, data }] };
  },
};

function axesOf(layer: PoolLayer, { sizes }: Placed) {
  return layer.window === "global" ? windowAxes(sizes, sizes, {}) : windowAxes(sizes, layer.window, layer, layer.ceil);
}

/** Calls with every window of every point and channel: its number, where a position of it lies in the input, and where it goes in the output. */
function eachWindow(
  { channelsFirst }: PoolLayer,
  { points, channels, sizes }: Placed,
  windows: number,
  call: (window: number, at: (tap: number) => number, to: number) => void,
): void {
  const positions = count(sizes);
  for (let p = 0; p < points; p++)
    for (let c = 0; c < channels; c++) {
      const start = channelsFirst ? (p * channels + c) * positions : p * positions * channels + c;
      const at = channelsFirst ? (tap: number) => start + tap : (tap: number) => start + tap * channels;
      for (let w = 0; w < windows; w++)
        call(w, at, channelsFirst ? (p * channels + c) * windows + w : (p * windows + w) * channels + c);
    }
}
