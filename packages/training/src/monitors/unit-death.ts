import type { Metric } from "@sonde/nets";

export interface UnitDeathOptions {
  /** Units (channels) of each hidden layer. */
  readonly units: readonly number[];
  /** Whether each hidden layer can be zero other than by underflow. */
  readonly vanishes: readonly boolean[];
}

/** Which units of each layer are zero at every point, 1 for each that is: of the network that was folded last. */
export const unitDeath: Metric<UnitDeathOptions, Uint8Array[], { dead: Uint8Array[] }> = {
  name: "unit-death",
  trace: () => [],
  observe(trace, { layer, activations }, { options }) {
    const units = options.units[layer - 1];
    const dead = new Uint8Array(units).fill(options.vanishes[layer - 1] ? 1 : 0);
    const { data } = activations();
    if (options.vanishes[layer - 1]) for (let k = 0; k < data.length; k++) if (data[k] !== 0) dead[k % units] = 0;
    trace.push(dead);
  },
  empty: () => ({ dead: [] }),
  fold(state, trace) {
    state.dead = trace;
  },
  merge(state, next) {
    state.dead = next.dead;
  },
};
