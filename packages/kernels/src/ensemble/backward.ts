import type { KernelActivation } from "../activation.js";
import type { Arena } from "../arena.js";
import { activationCode, defaultParameter } from "./activate.js";
import type { ConvSizes } from "./conv.js";
import type { DenseSizes } from "./dense.js";
import type { Address } from "./memory.js";
import { type KernelNorm, kernelNorms, type NormOptions, type NormSizes } from "./norm.js";
import type { WindowSizes } from "./windows.js";

/**
 * The way back: from the gradient at a layer's output to those at its input and of its weights, for four networks. A gradient is laid out as the values it belongs to; names begin with d
 * for the derivative of one number by them.
 */
export interface BackwardKernels {
  /** dx [points][inputs][4] = dy [points][units][4] times the transpose of weights [inputs][units][4]. */
  readonly inputGradient: (dy: Address, sizes: DenseSizes, weights: Address, dx: Address) => void;
  /** dw [inputs][units][4] = the sum over points of x times dy; with `adds` that is added to what is there. */
  readonly weightGradient: (x: Address, dy: Address, sizes: DenseSizes, dw: Address, adds?: boolean) => void;
  /** db [units][4] = the sum over points of dy; with `adds` that is added to what is there. */
  readonly biasGradient: (dy: Address, points: number, units: number, db: Address, adds?: boolean) => void;
  /** gradients *= phi'(values), both [count][4]; the derivative at a kink is the one from the left. */
  readonly activationGradient: (
    values: Address,
    gradients: Address,
    count: number,
    activation: KernelActivation,
    parameter?: number,
  ) => void;
  /** dx from dz, through the statistics too; `z` gets norm(x) again, and `dx` may be `dz`. */
  readonly normGradient: (
    x: Address,
    norm: KernelNorm,
    sizes: NormSizes,
    gradient: { readonly z: Address; readonly dz: Address; readonly dx: Address },
    options?: Pick<NormOptions, "epsilon">,
  ) => void;
  /** out [places][count][4] = the channels from `first` on of y [places][channels][4]: what `concat` joined. */
  readonly takeChannels: (y: Address, channels: number, first: number, count: number, places: number, out: Address) => void;
  /** dx [points][positions][channels][4] from dy [points][windows][units][4] and weights [taps][channels][units][4]. */
  readonly convInputGradient: (dy: Address, sizes: ConvSizes, weights: Address, dx: Address) => void;
  /** dw [taps][channels][units][4], see `weightGradient`. */
  readonly convWeightGradient: (x: Address, dy: Address, sizes: ConvSizes, dw: Address, adds?: boolean) => void;
  /** dx from dy [points][windows][channels][4]; of `max` all of it goes to the first of the largest values of x. */
  readonly poolGradient: (x: Address, dy: Address, kind: "average" | "max", sizes: WindowSizes, dx: Address) => void;
  /** sums (float64 [4]) = the sum of squares of [count][4] values. */
  readonly squareSums: (values: Address, count: number, sums: Address) => void;
}

export interface BackwardModule {
  inputGradient(dy: number, points: number, units: number, weights: number, inputs: number, dx: number): void;
  weightGradient(x: number, points: number, inputs: number, dy: number, units: number, dw: number, adds: boolean): void;
  biasGradient(dy: number, points: number, units: number, db: number, adds: boolean): void;
  multiplySlopes(values: number, gradients: number, count: number, code: number, parameter: number): void;
  normGradient(
    x: number,
    code: number,
    points: number,
    positions: number,
    channels: number,
    epsilon: number,
    z: number,
    dz: number,
    dx: number,
  ): void;
  takeChannels(y: number, channels: number, first: number, count: number, places: number, out: number): void;
  gatherWindows(x: number, channels: number, windows: number, taps: number, table: number, rows: number): void;
  scatterWindows(rows: number, channels: number, windows: number, taps: number, table: number, x: number): void;
  averagePoolGradient(
    dy: number,
    points: number,
    positions: number,
    channels: number,
    windows: number,
    taps: number,
    table: number,
    dx: number,
  ): void;
  maxPoolGradient(
    x: number,
    dy: number,
    points: number,
    positions: number,
    channels: number,
    windows: number,
    taps: number,
    table: number,
    dx: number,
  ): void;
  squareSums(values: number, count: number, sums: number): void;
}

export function backwardKernels(
  module: BackwardModule,
  { allocate, mark, release }: Arena,
  bytes: (address: Address, length: number) => Uint8Array,
): BackwardKernels {
  /** Calls back with what the windows of every point are, and room for the rows that they see. */
  const forEachPoint = (sizes: ConvSizes, visit: (point: number, rows: Address) => void): void => {
    const before = mark();
    const rows = allocate(16 * sizes.windows * sizes.taps * sizes.channels);
    for (let point = 0; point < sizes.points; point++) visit(point, rows);
    release(before);
  };
  return {
    inputGradient: (dy, { points, inputs, units }, weights, dx) => module.inputGradient(dy, points, units, weights, inputs, dx),
    weightGradient: (x, dy, { points, inputs, units }, dw, adds = false) =>
      module.weightGradient(x, points, inputs, dy, units, dw, adds),
    biasGradient: (dy, points, units, db, adds = false) => module.biasGradient(dy, points, units, db, adds),
    activationGradient: (values, gradients, count, activation, parameter = defaultParameter(activation)) =>
      module.multiplySlopes(values, gradients, count, activationCode(activation), parameter),
    normGradient: (x, norm, { points, positions, channels }, { z, dz, dx }, { epsilon = 1e-3 } = {}) =>
      module.normGradient(x, kernelNorms.indexOf(norm), points, positions, channels, epsilon, z, dz, dx),
    takeChannels: module.takeChannels,
    convInputGradient(dy, sizes, weights, dx) {
      const { points, positions, channels, windows, taps, table, units } = sizes;
      const point = 16 * positions * channels;
      bytes(dx, points * point).fill(0);
      forEachPoint(sizes, (p, rows) => {
        module.inputGradient(dy + 16 * p * windows * units, windows, units, weights, taps * channels, rows);
        module.scatterWindows(rows, channels, windows, taps, table, dx + p * point);
      });
    },
    convWeightGradient(x, dy, sizes, dw, adds = false) {
      const { positions, channels, windows, taps, table, units } = sizes;
      forEachPoint(sizes, (p, rows) => {
        module.gatherWindows(x + 16 * p * positions * channels, channels, windows, taps, table, rows);
        module.weightGradient(rows, windows, taps * channels, dy + 16 * p * windows * units, units, dw, adds || p > 0);
      });
    },
    poolGradient(x, dy, kind, { points, positions, channels, windows, taps, table }, dx) {
      if (kind === "average") module.averagePoolGradient(dy, points, positions, channels, windows, taps, table, dx);
      else module.maxPoolGradient(x, dy, points, positions, channels, windows, taps, table, dx);
    },
    squareSums: module.squareSums,
  };
}
