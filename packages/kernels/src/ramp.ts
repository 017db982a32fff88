import { wasm } from "./generated/ramp-wasm.js";
import { compile, instantiate, type WasmMemory } from "./instantiate.js";

/** The rows that `apply` works on, as many numbers as `apply` is told; views of the module's memory, which does not grow. */
export interface RampRows {
  readonly nngp: Float64Array;
  readonly ntk: Float64Array;
  /** Standard deviations of the other points and their inverses, 0 where a deviation is 0. */
  readonly sd: Float64Array;
  readonly inverse: Float64Array;
}

/** Duals of ramps, row by row. */
export interface RampKernels {
  readonly rows: RampRows;
  /**
   * Replaces the first `count` entries (at most the length of a row) of `rows`. First k = weightVariance nngp + biasVariance and t = k + weightVariance ntk, or what they are without a
   * `law`; then, with c = k / (own sd times sd) and rest = pi - arccos c, nngp <- own sd times sd (bend (sqrt(1 - c^2) + rest c) + slope c) and, with `ntk`, ntk <- t (bend rest + slope).
   * Errors of the arc cosine below 1 ulp of pi; |c| within four roundings of 1, or above, is 1.
   */
  apply(
    count: number,
    own: { readonly sd: number; readonly inverse: number },
    ramp: { readonly bend: number; readonly slope: number },
    law: { readonly weightVariance: number; readonly biasVariance: number } | undefined,
    ntk: boolean,
  ): void;
}

/** What assembly/ramp/index.ts exports. */
interface RampModule {
  readonly memory: WasmMemory;
  capacity(): number;
  nngp(): number;
  ntk(): number;
  sd(): number;
  inverse(): number;
  apply(
    count: number,
    ownSd: number,
    ownInverse: number,
    bend: number,
    slope: number,
    weighted: number,
    weight: number,
    bias: number,
    withNtk: number,
  ): void;
}

let instance: RampKernels | undefined;

/**
 * The kernels of ramps in float64 SIMD; compiled at the first call, the same object afterwards. Rows are overwritten by whoever comes next: fill, apply and read at once.
 *
 * @example
 * const { rows, apply } = rampKernels();
 * rows.nngp[0] = 0;
 * rows.sd[0] = rows.inverse[0] = 1;
 * apply(1, { sd: 1, inverse: 1 }, { bend: 1 / (2 * Math.PI), slope: 0 }, undefined, false);
 * rows.nngp[0] // 0.15915494309189535
 */
export function rampKernels(): RampKernels {
  instance ??= build(instantiate<RampModule>(compile(wasm)));
  return instance;
}

function build(module: RampModule): RampKernels {
  const row = (address: number) => new Float64Array(module.memory.buffer, address, module.capacity());
  return {
    rows: { nngp: row(module.nngp()), ntk: row(module.ntk()), sd: row(module.sd()), inverse: row(module.inverse()) },
    apply: (count, own, { bend, slope }, law, ntk) =>
      module.apply(
        count,
        own.sd,
        own.inverse,
        bend,
        slope,
        law ? 1 : 0,
        law?.weightVariance ?? 1,
        law?.biasVariance ?? 0,
        ntk ? 1 : 0,
      ),
  };
}
