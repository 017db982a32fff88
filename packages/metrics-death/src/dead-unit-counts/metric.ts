import { addRunning, mergeRunning, type Running, running } from "@sonde/core";
import type { Metric } from "@sonde/nets";

export interface DeadUnitCountsOptions {
  /** Units (channels) of each hidden layer. */
  readonly units: readonly number[];
  /** Whether each hidden layer can be zero other than by underflow. */
  readonly vanishes: readonly boolean[];
}

/** The number of dead units of one layer, over networks. */
export interface DeadUnitCounts {
  readonly number: Running;
  /** Networks with so many dead units, by that number. */
  readonly networks: Record<number, number>;
}

/** Counts the units of each layer that are zero at every point; a channel is dead if it is zero at every position too. */
export const deadUnitCounts: Metric<DeadUnitCountsOptions, number[], DeadUnitCounts[]> = {
  name: "dead-unit-counts",
  trace: () => [],
  observe(trace, { layer, activations }, { options }) {
    if (!options.vanishes[layer - 1]) return void trace.push(0);
    const units = options.units[layer - 1];
    const { data } = activations();
    const fires = new Uint8Array(units);
    for (let k = 0; k < data.length; k++) if (data[k] !== 0) fires[k % units] = 1;
    trace.push(fires.reduce((dead, fired) => dead - fired, units));
  },
  empty: ({ layers }) => Array.from({ length: layers }, () => ({ number: running(), networks: {} })),
  fold(state, trace) {
    trace.forEach((dead, l) => {
      addRunning(state[l].number, dead);
      state[l].networks[dead] = (state[l].networks[dead] ?? 0) + 1;
    });
  },
  merge(state, next) {
    next.forEach(({ number, networks }, l) => {
      mergeRunning(state[l].number, number);
      for (const [dead, count] of Object.entries(networks))
        state[l].networks[Number(dead)] = (state[l].networks[Number(dead)] ?? 0) + count;
    });
  },
};
