import { type Arena, arena } from "./arena.js";
import { type ActivationKernels, activationKernels } from "./ensemble/activate.js";
import { type DrawKernels, lawCode } from "./ensemble/draws.js";
import { type LaneKernels, type LaneModule, laneKernels } from "./ensemble/lanes.js";
import type { LivingKernels } from "./ensemble/living.js";
import { type MemoryViews, memoryViews } from "./ensemble/memory.js";
import { type NormKernels, type NormModule, normKernels } from "./ensemble/norm.js";
import type { ReduceKernels } from "./ensemble/reduce.js";
import { type SkipKernels, type SkipModule, skipKernels } from "./ensemble/skip.js";
import { type StreamKernels, type StreamModule, streamKernels } from "./ensemble/streams.js";
import { wasm } from "./generated/law-wasm.js";
import { compile, instantiate, type WasmMemory } from "./instantiate.js";
import { type LawDenseKernels, type LawDenseModule, lawDenseKernels } from "./law/dense.js";
import { type LawLayerKernels, type LawLayerModule, lawLayerKernels } from "./law/layer.js";
import { withNative } from "./native.js";

export type { CoordinateOptions, LawDenseKernels, NormalWeights, OrthogonalWeights } from "./law/dense.js";
export type { LawLayer, LawLayerKernels } from "./law/layer.js";

/**
 * One instance of the float64 kernels, with its own memory: the operations of the float32 kernels on values [points][units][4] of float64 (32 bytes a value, lane k
 * belonging to network k), except that dense layers are drawn in law, without weights. `add` may scale its second operand in place, and
 * what `rescale` makes subnormal is 2^1022 below the largest.
 */
export interface LawKernels
  extends Arena,
    MemoryViews,
    StreamKernels,
    Pick<DrawKernels, "fillLanes">,
    LaneKernels,
    LawDenseKernels,
    ActivationKernels,
    NormKernels,
    SkipKernels,
    LivingKernels,
    Pick<ReduceKernels, "rescale">,
    LawLayerKernels {}

/** What assembly/law/index.ts exports. */
interface LawModule
  extends StreamModule,
    LaneModule,
    LawDenseModule,
    NormModule,
    SkipModule,
    LivingKernels,
    Pick<ReduceKernels, "rescale">,
    LawLayerModule {
  readonly memory: WasmMemory;
  heapBase(): number;
  fillLanes(streams: number, law: number, first: number, count: number, out: number, scale: number): void;
}

let compiled: object | undefined;

/**
 * A new instance of the float64 kernels. What allocates throws `MemoryLimitError` beyond `memoryLimit` bytes (default and most 1 GiB).
 *
 * @example
 * const kernels = lawKernels();
 * const x = kernels.allocate(2 * 2 * 32); // two points of two units, [2][2][4]
 * kernels.doubles(x, 16).set([3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, -3, -3, -3, -3]);
 * const r = kernels.allocate(2 * 2 * 32);
 * kernels.coordinates(x, { points: 2, units: 2 }, r);
 * kernels.doubles(r, 16).filter((_, i) => i % 4 === 0).join() // "5,0,0,5"
 */
export function lawKernels({ memoryLimit = 2 ** 30 }: { readonly memoryLimit?: number } = {}): LawKernels {
  compiled ??= compile(wasm);
  const module = withNative("law", instantiate<LawModule>(compiled));
  const heap = arena(module.memory, module.heapBase(), Math.min(memoryLimit, 2 ** 30));
  const views = memoryViews(module.memory);
  return {
    ...heap,
    ...views,
    ...streamKernels(module, views),
    ...laneKernels(module),
    ...lawDenseKernels(module, heap),
    ...activationKernels(module),
    ...normKernels(module),
    ...skipKernels(module),
    fillLanes: ({ streams, law, scale }, first, count, out) => module.fillLanes(streams, lawCode(law), first, count, out, scale),
    living: module.living,
    rescale: module.rescale,
    ...lawLayerKernels(module, heap, views),
  };
}
