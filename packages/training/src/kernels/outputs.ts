import { type Matrix, matrix } from "@sonde/core";
import { type Address, MemoryLimitError, type TrainerKernels } from "@sonde/kernels/trainer";
import { type LaidOut, lanes, needsWholeBatch } from "./layout.js";
import { place } from "./place.js";
import type { Program } from "./program.js";

/** The outputs of networks; `forget` after they have changed. */
export interface Outputs {
  /** `[points, inputs] -> [points, outputs]`, or `undefined` where there is not enough memory. */
  readonly of: (network: number, points: Matrix<Float64Array>) => Matrix<Float32Array> | undefined;
  readonly forget: () => void;
}

/** Outputs of the four networks of a group at once: those of its other networks are kept until the next group is asked for. */
export function outputsOf(kernels: TrainerKernels, program: Program, layout: LaidOut, defined: Address): Outputs {
  const known = new Map<Matrix<Float64Array>, { readonly group: number; readonly values: Float32Array }>();

  const computed = (group: number, points: Matrix<Float64Array>): Float32Array => {
    const before = kernels.mark();
    try {
      const { rows, data } = points;
      const wide = needsWholeBatch(program) && rows !== layout.block;
      const trainer = wide ? kernels.define({ ...layout, ...place(kernels, program, rows), block: rows }) : defined;
      const x = kernels.allocate(4 * data.length);
      const count = rows * layout.outputs;
      const [out, apart] = [kernels.allocate(16 * count), kernels.allocate(16 * count)];
      kernels.floats(x, data.length).set(data);
      kernels.evaluate(trainer, group, x, rows, out);
      kernels.separate(out, count, apart);
      return kernels.floats(apart, lanes * count).slice();
    } finally {
      kernels.release(before);
    }
  };

  return {
    of(network, points) {
      const group = Math.floor(network / lanes);
      try {
        const found = known.get(points);
        const values = found?.group === group ? found.values : computed(group, points);
        known.set(points, { group, values });
        const count = points.rows * layout.outputs;
        const lane = network % lanes;
        return matrix(points.rows, layout.outputs, values.slice(lane * count, (lane + 1) * count));
      } catch (error) {
        if (error instanceof MemoryLimitError) return undefined;
        throw error;
      }
    },
    forget: () => known.clear(),
  };
}
