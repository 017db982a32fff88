import type { LayerKind } from "../layer-kind.js";
import { count, type Tensor } from "../tensor.js";
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
  /** Or, instead of the largest value, where in the input it lies: its place among all values, row-major, or with the positions of a channel in column-major order. Has no gradient. */
  readonly gives?: "places" | "places-column-major";
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
    const place = layer.gives && placeIn(from, layer.gives === "places-column-major");
    eachWindow(layer, from, taps.length / size, (w, at, to) => {
      if (place) {
        const best = largest(x.data, at, taps.subarray(w * size, (w + 1) * size));
        data[to] = at(place(best ?? 0));
        return;
      }
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
    if (layer.gives) return { inputs: [undefined] };
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
      const best = largest(x.data, at, own);
      if (best !== undefined) data[at(best)] += error.data[to];
    });
    return { inputs: [{ shape: x.shape, data }] };
  },
};

function axesOf(layer: PoolLayer, { sizes }: Placed) {
  return layer.window === "global" ? windowAxes(sizes, sizes, {}) : windowAxes(sizes, layer.window, layer, layer.ceil);
}

/** The first of the largest of a window's taps, those beyond the input left out. */
function largest(data: Tensor["data"], at: (tap: number) => number, taps: Int32Array): number | undefined {
  let best: number | undefined;
  for (const tap of taps) if (tap >= 0 && (best === undefined || data[at(tap)] > data[at(best)])) best = tap;
  return best;
}

/** The place of a position among those of a channel: itself, or with the axes the other way round. */
function placeIn({ sizes }: Placed, columnMajor: boolean): (position: number) => number {
  if (!columnMajor) return (position) => position;
  return (position) => {
    let place = 0;
    let step = count(sizes);
    let rest = position;
    for (const size of [...sizes].reverse()) {
      step /= size;
      place += (rest % size) * step;
      rest = Math.floor(rest / size);
    }
    return place;
  };
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
