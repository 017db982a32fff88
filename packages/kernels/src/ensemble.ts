import { type Arena, arena } from "./arena.js";
import { type ActivationKernels, activationKernels } from "./ensemble/activate.js";
import { type BackwardKernels, type BackwardModule, backwardKernels } from "./ensemble/backward.js";
import type { ChannelKernels } from "./ensemble/channels.js";
import { type ConvKernels, type ConvModule, convKernels } from "./ensemble/conv.js";
import { type DenseKernels, denseKernels } from "./ensemble/dense.js";
import { type DrawKernels, type DrawModule, drawKernels } from "./ensemble/draws.js";
import { type LaneKernels, type LaneModule, laneKernels } from "./ensemble/lanes.js";
import { type LayerKernels, type LayerModule, layerKernels } from "./ensemble/layer.js";
import type { LivingKernels } from "./ensemble/living.js";
import { type MemoryViews, memoryViews } from "./ensemble/memory.js";
import { type NormKernels, type NormModule, normKernels } from "./ensemble/norm.js";
import { type PoolKernels, type PoolModule, poolKernels } from "./ensemble/pool.js";
import type { ReduceKernels } from "./ensemble/reduce.js";
import { type SkipKernels, type SkipModule, skipKernels } from "./ensemble/skip.js";
import { type StreamKernels, type StreamModule, streamKernels } from "./ensemble/streams.js";
import { type WindowKernels, windowKernels } from "./ensemble/windows.js";
import { wasm as relaxedWasm } from "./generated/ensemble-relaxed-wasm.js";
import { wasm as plainWasm } from "./generated/ensemble-wasm.js";
import { compile, instantiate, isSupported, type WasmMemory } from "./instantiate.js";
import { withNative } from "./native.js";

export type { ActivationKernels } from "./ensemble/activate.js";
export type { BackwardKernels } from "./ensemble/backward.js";
export type { ChannelKernels } from "./ensemble/channels.js";
export type { ConvKernels, ConvSizes } from "./ensemble/conv.js";
export type { DenseKernels, DenseOptions, DenseSizes } from "./ensemble/dense.js";
export type { DrawKernels, EntryLaw, RandomWeights } from "./ensemble/draws.js";
export type { LaneKernels } from "./ensemble/lanes.js";
export type { KernelLayer, LayerKernels, RescaleResults } from "./ensemble/layer.js";
export { type LivingKernels, livingFlags } from "./ensemble/living.js";
export type { Address, MemoryViews } from "./ensemble/memory.js";
export { type KernelNorm, kernelNorms, type NormKernels, type NormOptions, type NormSizes } from "./ensemble/norm.js";
export type { PoolKernels, PoolOptions } from "./ensemble/pool.js";
export { type ReduceKernels, rescaleFlags } from "./ensemble/reduce.js";
export type { SkipKernels } from "./ensemble/skip.js";
export type { StreamKernels, StreamName } from "./ensemble/streams.js";
export type { WindowKernels, WindowSizes } from "./ensemble/windows.js";

/**
 * One instance of the float32 kernels, with its own memory. Four networks are interleaved: a value is a vector of four lanes, lane k belonging to
 * network k, so activations are [points][units][4] and weights [inputs][units][4], float32, row-major.
 */
export interface EnsembleKernels
  extends Arena,
    MemoryViews,
    StreamKernels,
    DrawKernels,
    LaneKernels,
    DenseKernels,
    ActivationKernels,
    ReduceKernels,
    LivingKernels,
    ChannelKernels,
    NormKernels,
    SkipKernels,
    WindowKernels,
    ConvKernels,
    PoolKernels,
    LayerKernels,
    BackwardKernels {}

/** What assembly/ensemble/index.ts exports. */
interface EnsembleModule
  extends StreamModule,
    DrawModule,
    LaneModule,
    ReduceKernels,
    LivingKernels,
    ChannelKernels,
    NormModule,
    SkipModule,
    ConvModule,
    PoolModule,
    LayerModule,
    BackwardModule {
  readonly memory: WasmMemory;
  heapBase(): number;
}

export interface EnsembleKernelsOptions {
  /** Bytes that an instance may take, default and most 2^30. */
  readonly memoryLimit?: number;
  /**
   * Sums of dense layers and convolutions with fused multiply-add where the machine has it (relaxed SIMD). Default false, because results then differ between
   * machines in their last bits; draws do not.
   */
  readonly relaxed?: boolean;
}

/** The host lacks the WebAssembly instructions that were asked for. */
export class UnsupportedHostError extends Error {
  override readonly name = "UnsupportedHostError";
}

let plain: object | undefined;
let fused: object | undefined;

/**
 * A new instance of the kernels. Throws `MemoryLimitError` from whatever allocates beyond `memoryLimit` bytes (default and most 1 GiB): `allocate`, `windowTable`,
 * `defineLayer` and, for scratch, `dense`, `conv` and the gradients of `conv`; `UnsupportedHostError` if `relaxed` is asked for where the host has no relaxed SIMD.
 *
 * @example
 * ensembleKernels().normals({ k0: 0, k1: 0, s0: 0, s1: 0 }, new Float32Array(1))[0] // 0.9911375641822815
 */
export function ensembleKernels({ memoryLimit = 2 ** 30, relaxed = false }: EnsembleKernelsOptions = {}): EnsembleKernels {
  const module = relaxed
    ? instantiate<EnsembleModule>(relaxedModule())
    : withNative("ensemble", instantiate<EnsembleModule>(plainModule()));
  const heap = arena(module.memory, module.heapBase(), Math.min(memoryLimit, 2 ** 30));
  const views = memoryViews(module.memory);
  return {
    ...heap,
    ...views,
    ...streamKernels(module, views),
    ...drawKernels(module, views),
    ...laneKernels(module),
    ...denseKernels(module, heap),
    ...activationKernels(module),
    rescale: module.rescale,
    alivePoints: module.alivePoints,
    aliveUnits: module.aliveUnits,
    living: module.living,
    channelSums: module.channelSums,
    covarianceProduct: module.covarianceProduct,
    ...normKernels(module),
    ...skipKernels(module),
    ...windowKernels(heap, views),
    ...convKernels(module, heap),
    ...poolKernels(module),
    ...layerKernels(module, heap, views),
    ...backwardKernels(module, heap, views.bytes),
  };
}

function plainModule(): object {
  plain ??= compile(plainWasm);
  return plain;
}

function relaxedModule(): object {
  if (!fused && !isSupported(relaxedWasm))
    throw new UnsupportedHostError(
      "this host has no relaxed SIMD: leave `relaxed` out, or start Node 20 with --experimental-wasm-relaxed-simd",
    );
  fused ??= compile(relaxedWasm);
  return fused;
}
