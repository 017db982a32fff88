import type { Address, MemoryViews } from "./memory.js";
import type { StreamName } from "./streams.js";

/** Law of random entries: `normal` of standard deviation `scale`, or `uniform` on (-scale, scale). */
export type EntryLaw = "normal" | "uniform";

/** Random weights of a layer, never stored: weight (i, j) of network k is draw i * units + j of its stream. */
export interface RandomWeights {
  /** Four streams, as written by `setStreams`, `roots` or `split`. */
  readonly streams: Address;
  /** Default `normal`. */
  readonly law?: EntryLaw;
  readonly scale: number;
}

/** Random entries. */
export interface DrawKernels {
  /** out [count][4] = draws first, first + 1, ... of the four streams; normals are those of core's `normal`, uniforms 2 u - 1 of core's `uniform`, in float32. */
  readonly fillLanes: (weights: RandomWeights, first: number, count: number, out: Address) => void;
  /** Core's `normal` draws first, first + 1, ... of one stream, in float32. */
  readonly normals: (stream: StreamName, out: Float32Array, first?: number) => Float32Array;
}

export interface DrawModule {
  drawBuffer(): number;
  contiguousNormals(k0: number, k1: number, s0: number, s1: number, firstBlock: number, quads: number): void;
  fillLanes(streams: number, law: number, first: number, count: number, out: number, scale: number): void;
}

/** Draws that `contiguousNormals` makes in one call. */
const CONTIGUOUS = 8192;

export function drawKernels(module: DrawModule, { floats }: MemoryViews): DrawKernels {
  return {
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
  };
}

/** The module's code of a law. */
export function lawCode(law: EntryLaw = "normal"): number {
  return law === "normal" ? 0 : 1;
}
