import type { KernelActivation } from "../activation.js";
import type { Arena } from "../arena.js";
import { type ActivationModule, activationCode, defaultParameter } from "./activate.js";
import { lawCode, type RandomWeights } from "./draws.js";
import type { Address } from "./memory.js";

/** What a layer with weights does, apart from its sizes. */
export interface DenseOptions {
  /** Default `linear`. */
  readonly activation?: KernelActivation;
  /** Slope of leaky ReLU, alpha of ELU. Default 0.01 and 1. */
  readonly parameter?: number;
  /** Biases [units][4]; none by default. */
  readonly bias?: Address;
  /**
   * `x` and `out` hold as many tangents behind their values, [2 points][...][4]: the same weights without the bias, then the activation's derivative. A bias is
   * added after the sums then, not before, which rounds differently.
   */
  readonly tangents?: boolean;
}

/** Sizes of a dense layer for four networks; `inputs` and `units` are at least 1. */
export interface DenseSizes {
  readonly points: number;
  readonly inputs: number;
  readonly units: number;
}

/** Dense layers; at every position of an image they are an embedding, with points times positions as `points`. */
export interface DenseKernels {
  /** out [points][units][4] = activation(x W + bias), x being [points][inputs][4]; W is made on the fly. */
  readonly dense: (x: Address, sizes: DenseSizes, weights: RandomWeights, out: Address, options?: DenseOptions) => void;
  /** The same with given weights [inputs][units][4]. */
  readonly denseWith: (x: Address, sizes: DenseSizes, weights: Address, out: Address, options?: DenseOptions) => void;
}

export interface DenseModule extends ActivationModule {
  panelVectors(inputs: number, units: number): number;
  dense(
    x: number,
    inputs: number,
    points: number,
    streams: number,
    law: number,
    scale: number,
    units: number,
    bias: number,
    out: number,
    code: number,
    parameter: number,
    scratch: number,
  ): void;
  denseWith(
    x: number,
    inputs: number,
    points: number,
    weights: number,
    units: number,
    bias: number,
    out: number,
    code: number,
    parameter: number,
    scratch: number,
  ): void;
  addBias(values: number, rows: number, units: number, bias: number): void;
}

/** A layer with weights over `rows` rows, with the address of a bias or 0, and the code and parameter of an activation. */
export type LinearMap = (rows: number, bias: Address | 0, code: number, parameter: number) => void;

/** Runs a layer with its options; with tangents it is taken linear over twice the rows, and the rest done afterwards. `valueBytes` are those of a value in four lanes. */
export function withOptions(
  module: Pick<DenseModule, "addBias" | "activateTangent">,
  {
    rows,
    units,
    out,
    valueBytes = 16,
  }: { readonly rows: number; readonly units: number; readonly out: Address; readonly valueBytes?: number },
  { activation, parameter = defaultParameter(activation), bias = 0, tangents = false }: DenseOptions,
  map: LinearMap,
): void {
  const code = activationCode(activation);
  if (!tangents) {
    map(rows, bias, code, parameter);
    return;
  }
  map(2 * rows, 0, activationCode("linear"), 1);
  if (bias) module.addBias(out, rows, units, bias);
  module.activateTangent(out, out + valueBytes * rows * units, rows * units, code, parameter);
}

export function denseKernels(module: DenseModule, { allocate, mark, release }: Arena): DenseKernels {
  const run = (sizes: DenseSizes, out: Address, options: DenseOptions = {}, dense: (scratch: Address) => LinearMap) => {
    const before = mark();
    const scratch = allocate(16 * module.panelVectors(sizes.inputs, sizes.units));
    withOptions(module, { rows: sizes.points, units: sizes.units, out }, options, dense(scratch));
    release(before);
  };
  return {
    dense(x, sizes, { streams, law, scale }, out, options) {
      const { inputs, units } = sizes;
      run(
        sizes,
        out,
        options,
        (scratch) => (rows, bias, code, parameter) =>
          module.dense(x, inputs, rows, streams, lawCode(law), scale, units, bias, out, code, parameter, scratch),
      );
    },
    denseWith(x, sizes, weights, out, options) {
      const { inputs, units } = sizes;
      run(
        sizes,
        out,
        options,
        (scratch) => (rows, bias, code, parameter) =>
          module.denseWith(x, inputs, rows, weights, units, bias, out, code, parameter, scratch),
      );
    },
  };
}
