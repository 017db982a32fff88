import type { TrainerKernels } from "@sonde/kernels/trainer";
import { type LaidOut, lanes } from "./layout.js";

/** Parameters of single networks, and what is remembered of them (part 0, and 1, 2), in and out of the lanes that they lie in. */
export interface States {
  readonly write: (network: number, part: number, from: ArrayLike<number>) => void;
  readonly read: (network: number, part: number, to: Float64Array | Float32Array) => void;
}

/** The states of a layout, zero at first, of networks of `size` parameters; there may be room for more. */
export function statesOf(kernels: TrainerKernels, { states, groups, parameters, slots }: LaidOut, size: number): States {
  const bytes = 16 * (1 + slots) * parameters;
  kernels.bytes(states, groups * bytes).fill(0);
  const valuesOf = (network: number, part: number): Float32Array =>
    kernels.floats(states + Math.floor(network / lanes) * bytes + 16 * parameters * part, lanes * parameters);
  return {
    write(network, part, from) {
      const values = valuesOf(network, part);
      for (let i = 0, j = network % lanes; i < size; i++, j += lanes) values[j] = from[i];
    },
    read(network, part, to) {
      const values = valuesOf(network, part);
      for (let i = 0, j = network % lanes; i < size; i++, j += lanes) to[i] = values[j];
    },
  };
}
