import { addRunning, type Matrix, matrix, mergeRunning, type Running, row, running } from "@sonde/core";
import type { Metric } from "@sonde/nets";
import { layerActivations, type Positions } from "../layer-activations.js";
import { type UnitOptions, unitRecord } from "../measure-units.js";

export interface VniMetricOptions extends Pick<UnitOptions, "centred" | "removeBias"> {
  readonly positions?: Positions;
  /** The layers of the architecture that are looked at, by their numbers from 1, ascending, with their units (channels where there are positions). */
  readonly layers: readonly { readonly layer: number; readonly units: number }[];
  /** Keep every network's values, for the distribution. */
  readonly keep?: boolean;
  /** Look at these points only, by their indices. Default: all. */
  readonly rows?: readonly number[];
}

/** What is measured of one layer of one network; NaN where fewer than two units vary. */
interface LayerValues {
  vni: number;
  weighted: number;
  lengthShare: number;
  constantUnits: number;
}

/** Means over networks; `vni`, `weighted` and `lengthShare` over those in which at least two units vary. */
export interface VniLayerState {
  readonly vni: Running;
  readonly weighted: Running;
  readonly lengthShare: Running;
  readonly constantUnits: Running;
  /** Networks left out. */
  leftOut: number;
  /** Every network's VNI and weighted VNI, if they are kept. */
  readonly kept: { readonly vni: number[]; readonly weighted: number[] };
}

export interface VniState {
  readonly layers: VniLayerState[];
}

/** Compares the units of every layer over the points of each network, see `measureUnits`. */
export const vniMetric: Metric<VniMetricOptions, LayerValues[], VniState> = {
  name: "vni",
  trace: () => [],
  observe(trace, { layer, activations }, { options }) {
    const wanted = options.layers[trace.length];
    if (wanted?.layer !== layer) return;
    const { rows, cols, data } = theseRows(activations(), options.rows);
    const places = cols / wanted.units;
    const values =
      places === 1 ? matrix(rows, cols, data) : layerActivations({ shape: [rows, places, wanted.units], data }, options);
    const { vni, weighted, lengthShare, constantUnits } = unitRecord(values, options);
    const compared = values.cols - constantUnits > 1;
    trace.push(
      compared
        ? { vni, weighted, lengthShare, constantUnits }
        : { vni: Number.NaN, weighted: Number.NaN, lengthShare: Number.NaN, constantUnits },
    );
  },
  empty: ({ options }) => ({
    layers: options.layers.map(() => ({
      vni: running(),
      weighted: running(),
      lengthShare: running(),
      constantUnits: running(),
      leftOut: 0,
      kept: { vni: [], weighted: [] },
    })),
  }),
  fold(state, trace, { options }) {
    trace.forEach(({ vni, weighted, lengthShare, constantUnits }, l) => {
      const layer = state.layers[l];
      addRunning(layer.constantUnits, constantUnits);
      if (Number.isNaN(vni) || Number.isNaN(weighted)) {
        layer.leftOut++;
        return;
      }
      addRunning(layer.vni, vni);
      addRunning(layer.weighted, weighted);
      addRunning(layer.lengthShare, lengthShare);
      if (!options.keep) return;
      layer.kept.vni.push(vni);
      layer.kept.weighted.push(weighted);
    });
  },
  merge(state, next) {
    next.layers.forEach((layer, l) => {
      const own = state.layers[l];
      for (const key of ["vni", "weighted", "lengthShare", "constantUnits"] as const) mergeRunning(own[key], layer[key]);
      for (const key of ["vni", "weighted"] as const) for (const value of layer.kept[key]) own.kept[key].push(value);
      own.leftOut += layer.leftOut;
    });
  },
};

function theseRows(all: Matrix, rows: readonly number[] | undefined): Matrix {
  if (!rows) return all;
  // In their own precision, which decides that of their products.
  const length = rows.length * all.cols;
  const data = all.data instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
  rows.forEach((from, p) => {
    data.set(row(all, from), p * all.cols);
  });
  return matrix(rows.length, all.cols, data);
}
