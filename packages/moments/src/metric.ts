import type { Metric } from "@sonde/nets";
import { addRow, type Columns, columns, mergeColumns } from "./columns.js";
import { growthExponents } from "./growth.js";
import {
  layerQuantities,
  type PlaceValues,
  placeQuantities,
  placeValues,
  quantitiesOfLayer,
  quantitiesOfPlace,
} from "./network-values.js";
import type { MomentsPlan } from "./plan-places.js";

export interface MomentsOptions extends MomentsPlan {
  /** Whether the run carries tangents. */
  readonly noisy: boolean;
}

export interface MomentsState {
  networks: number;
  /** `layerQuantities` of every layer, one layer after the other. */
  readonly layers: Columns;
  /** `placeQuantities` of every place. */
  readonly places: Columns;
  /** gamma and tau, see `growthExponents`. */
  readonly growth: Columns;
  /** The rows of `layers` of the first networks, for percentiles. */
  readonly rows: Float64Array[];
}

/** Numbers that are kept for percentiles, and the rows that are kept in any case. */
const mostKept = 4e6;
const leastRows = 100;

/**
 * Measures the moments of signal and noise at every place of every network: what `measureMoments` reports. Needs tangents unless `noisy` is false.
 */
export const moments: Metric<MomentsOptions, PlaceValues[], MomentsState> = {
  name: "moments",
  trace: () => [],
  visit(trace, place, { options }) {
    trace.push(placeValues(place, options.places[trace.length], options.noisy));
  },
  empty: ({ options: { layers, places } }) => ({
    networks: 0,
    layers: columns(layers.length * layerQuantities.length),
    places: columns(places.length * placeQuantities.length),
    growth: columns(2),
    rows: [],
  }),
  fold(state, trace, { options }) {
    state.networks++;
    const row = Float64Array.from(options.layers.flatMap((layer) => quantitiesOfLayer(trace, layer)));
    addRow(state.layers, row);
    addRow(
      state.places,
      trace.flatMap((place) => quantitiesOfPlace(place, trace[0])),
    );
    const logChi = layerQuantities.indexOf("logChi");
    const curve = options.layers.map((_, l) => row[l * layerQuantities.length + logChi]);
    const { gamma, tau } = growthExponents(curve);
    addRow(state.growth, [gamma, tau]);
    keep(state, row);
  },
  merge(state, next) {
    state.networks += next.networks;
    mergeColumns(state.layers, next.layers);
    mergeColumns(state.places, next.places);
    mergeColumns(state.growth, next.growth);
    for (const row of next.rows) keep(state, row);
  },
};

function keep(state: MomentsState, row: Float64Array): void {
  if (state.rows.length < Math.max(leastRows, mostKept / row.length)) state.rows.push(row);
}
