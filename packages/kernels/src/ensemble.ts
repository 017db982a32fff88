import { type KernelActivation, kernelActivations } from "./activation.js";
import { type Arena, arena } from "./arena.js";
import { wasm } from "./generated/ensemble-wasm.js";
import { compile, instantiate, type WasmMemory } from "./instantiate.js";

/** The 128 bits that name a random stream of `@sonde/core`. */
export interface StreamName {
  readonly k0: number;
  readonly k1: number;
  readonly s0: number;
  readonly s1: number;
}

/** Law of random entries: `normal` of standard deviation `scale`, or `uniform` on (-scale, scale). */
export type EntryLaw = "normal" | "uniform";

/** Where a block of values lies in the kernels' memory: a byte address, a multiple of 16. */
export type Address = number;

/** What a dense layer does, apart from its sizes. */
export interface DenseOptions {
  /** Default `linear`. */
  readonly activation?: KernelActivation;
  /** Slope of leaky ReLU, alpha of ELU. Default 0.01 and 1. */
  readonly parameter?: number;
  /** Biases [units][4]; none by default. */
  readonly bias?: Address;
}

/** Sizes of a dense layer for four networks; `inputs` and `units` are at least 1. */
export interface DenseSizes {
  readonly points: number;
  readonly inputs: number;
  readonly units: number;
}

/** Random weights of a dense layer, never stored: weight (i, j) of network k is draw i * units + j of its stream. */
export interface RandomWeights {
  /** Four streams, as written by `setStreams`. */
  readonly streams: Address;
  /** Default `normal`. */
  readonly law?: EntryLaw;
  readonly scale: number;
}

/** What `rescale` found in a lane. */
export const rescaleFlags = { scaled: 0, zero: 1, notFinite: 2 } as const;

/**
 * One instance of the float32 kernels, with its own memory. Four networks are interleaved: a value is a vector of four lanes, lane k belonging to
 * network k, so activations are [points][units][4] and weights [inputs][units][4], float32, row-major.
 */
export interface EnsembleKernels extends Arena {
  /** Views of the memory; valid until the next `allocate`. `length` counts elements. */
  readonly floats: (address: Address, length: number) => Float32Array;
  readonly ints: (address: Address, length: number) => Int32Array;
  readonly bytes: (address: Address, length: number) => Uint8Array;
  /** Writes four stream names for the functions below (64 bytes at `address`). */
  readonly setStreams: (address: Address, streams: readonly StreamName[]) => void;
  /** out [count][4] = draws first, first + 1, ... of the four streams; normals are those of core's `normal`, uniforms 2 u - 1 of core's `uniform`, in float32. */
  readonly fillLanes: (weights: RandomWeights, first: number, count: number, out: Address) => void;
  /** Core's `normal` draws first, first + 1, ... of one stream, in float32. */
  readonly normals: (stream: StreamName, out: Float32Array, first?: number) => Float32Array;
  /** out [count][4] = values [count], the same in every lane. */
  readonly broadcast: (values: Address, count: number, out: Address) => void;
  /** out [4][count] = the lanes of values [count][4], one after the other. */
  readonly separate: (values: Address, count: number, out: Address) => void;
  /** out [points][units][4] = activation(x W + bias), x being [points][inputs][4]; W is made on the fly. */
  readonly dense: (x: Address, sizes: DenseSizes, weights: RandomWeights, out: Address, options?: DenseOptions) => void;
  /** The same with given weights [inputs][units][4]. */
  readonly denseWith: (x: Address, sizes: DenseSizes, weights: Address, out: Address, options?: DenseOptions) => void;
  /** Applies an activation in place to [count][4] values. */
  readonly activate: (values: Address, count: number, activation: KernelActivation, parameter?: number) => void;
  /**
   * Brings the largest magnitude of each lane of [count][4] values into [1, 2) by a power of two, exactly; adds the exponent taken out to `exponents`
   * (int32 [4]) and writes a `rescaleFlags` value a lane to `flags` (int32 [4]). Lanes that are zero or not finite stay as they are. Values more than
   * 2^126 below the largest become subnormal and lose digits.
   */
  readonly rescale: (values: Address, count: number, exponents: Address, flags: Address) => void;
  /** masks (bytes [points][4]) = 1 where a point has a unit that is not zero; counts (int32 [4]) = how many points have. NaN is not zero. */
  readonly alivePoints: (values: Address, points: number, units: number, masks: Address, counts: Address) => void;
  /** masks (bytes [units][4]) = 1 where a unit is not zero at some point; counts (int32 [4]) = how many units are. */
  readonly aliveUnits: (values: Address, points: number, units: number, masks: Address, counts: Address) => void;
}

/** What assembly/ensemble/index.ts exports. */
interface EnsembleModule {
  readonly memory: WasmMemory;
  heapBase(): number;
  drawBuffer(): number;
  contiguousNormals(k0: number, k1: number, s0: number, s1: number, firstBlock: number, quads: number): void;
  fillLanes(streams: number, law: number, first: number, count: number, out: number, scale: number): void;
  broadcastLanes(values: number, count: number, out: number): void;
  separateLanes(values: number, count: number, out: number): void;
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
  activate(values: number, count: number, code: number, parameter: number): void;
  rescale(values: number, count: number, exponents: number, flags: number): void;
  alivePoints(values: number, points: number, units: number, masks: number, counts: number): void;
  aliveUnits(values: number, points: number, units: number, masks: number, counts: number): void;
}

/** Draws that `contiguousNormals` makes in one call. */
const CONTIGUOUS = 16384;

let compiled: object | undefined;

/**
 * A new instance of the kernels. Throws `MemoryLimitError` from `allocate`, `dense` and `denseWith` beyond `memoryLimit` bytes (default and most 1 GiB).
 *
 * @example
 * ensembleKernels().normals({ k0: 0, k1: 0, s0: 0, s1: 0 }, new Float32Array(1))[0] // 0.9911375641822815
 */
export function ensembleKernels({ memoryLimit = 2 ** 30 }: { readonly memoryLimit?: number } = {}): EnsembleKernels {
  compiled ??= compile(wasm);
  const module = instantiate<EnsembleModule>(compiled);
  const { memory } = module;
  const heap = arena(memory, module.heapBase(), Math.min(memoryLimit, 2 ** 30));
  const floats = (address: Address, length: number) => new Float32Array(memory.buffer, address, length);
  const withPanel = (inputs: number, units: number, run: (panel: Address) => void) => {
    const mark = heap.mark();
    run(heap.allocate(16 * module.panelVectors(inputs, units)));
    heap.release(mark);
  };
  return {
    ...heap,
    floats,
    ints: (address, length) => new Int32Array(memory.buffer, address, length),
    bytes: (address, length) => new Uint8Array(memory.buffer, address, length),
    setStreams(address, streams) {
      if (streams.length !== 4) throw new RangeError(`the kernels work on four streams at a time, got ${streams.length}`);
      const words = new Uint32Array(memory.buffer, address, 16);
      streams.forEach(({ k0, k1, s0, s1 }, lane) => {
        [k0, k1, s0, s1].forEach((word, i) => {
          words[4 * i + lane] = word;
        });
      });
    },
    fillLanes: ({ streams, law, scale }, first, count, out) => module.fillLanes(streams, lawCode(law), first, count, out, scale),
    normals({ k0, k1, s0, s1 }, out, first = 0) {
      let skip = first % 4;
      let block = (first - skip) / 4;
      for (let done = 0; done < out.length; ) {
        const count = Math.min(CONTIGUOUS - skip, out.length - done);
        const quads = Math.ceil((skip + count) / 16);
        module.contiguousNormals(k0, k1, s0, s1, block, quads);
        out.set(floats(module.drawBuffer() + 4 * skip, count), done);
        done += count;
        block += 4 * quads;
        skip = 0;
      }
      return out;
    },
    broadcast: module.broadcastLanes,
    separate: module.separateLanes,
    dense(x, { points, inputs, units }, { streams, law, scale }, out, { activation = "linear", parameter, bias = 0 } = {}) {
      const code = kernelActivations.indexOf(activation);
      const extra = parameter ?? defaultParameter(activation);
      withPanel(inputs, units, (panel) =>
        module.dense(x, inputs, points, streams, lawCode(law), scale, units, bias, out, code, extra, panel),
      );
    },
    denseWith(x, { points, inputs, units }, weights, out, { activation = "linear", parameter, bias = 0 } = {}) {
      const code = kernelActivations.indexOf(activation);
      const extra = parameter ?? defaultParameter(activation);
      withPanel(inputs, units, (panel) => module.denseWith(x, inputs, points, weights, units, bias, out, code, extra, panel));
    },
    activate: (values, count, activation, parameter) =>
      module.activate(values, count, kernelActivations.indexOf(activation), parameter ?? defaultParameter(activation)),
    rescale: module.rescale,
    alivePoints: module.alivePoints,
    aliveUnits: module.aliveUnits,
  };
}

function lawCode(law: EntryLaw = "normal"): number {
  return law === "normal" ? 0 : 1;
}

function defaultParameter(activation: KernelActivation): number {
  return activation === "leaky-relu" ? 0.01 : 1;
}
