import { ConfigError } from "@sonde/core";
import {
  type Address,
  type EnsembleKernels,
  ensembleKernels,
  type LawKernels,
  lawKernels,
  UnsupportedHostError,
} from "@sonde/kernels";

/** Networks that the kernels carry side by side. */
export const lanes = 4;

/** What both kinds of kernels do alike, on values `[points][...][4]`. */
type CommonKernels = Pick<
  EnsembleKernels & LawKernels,
  | "allocate"
  | "mark"
  | "release"
  | "floats"
  | "doubles"
  | "ints"
  | "bytes"
  | "roots"
  | "activate"
  | "activateTangent"
  | "norm"
  | "add"
  | "affine"
  | "concat"
  | "rescale"
  | "living"
  | "fillLanes"
  | "separate"
  | "broadcast"
  | "layer"
  | "chainLayers"
>;

/** Kernels with what sets the two kinds apart: float32 on explicit weights, or float64 in law. */
export type LaneMachine = CommonKernels & {
  /** Bytes of one value in four lanes. */
  readonly valueBytes: 16 | 32;
  /** A view of so many numbers of the machine's precision. */
  readonly reals: (address: Address, length: number) => Float32Array | Float64Array;
} & ({ readonly draws: "weights"; readonly kernels: EnsembleKernels } | { readonly draws: "law"; readonly kernels: LawKernels });

/** Float32 on explicit weights, drawn as they are used. Throws `ConfigError` if `relaxed` is asked for where the host has no relaxed SIMD. */
export function weightsMachine({ relaxed }: { readonly relaxed?: boolean }): LaneMachine {
  const kernels = relaxed ? relaxedKernels() : ensembleKernels();
  return { ...kernels, valueBytes: 16, reals: kernels.floats, draws: "weights", kernels };
}

function relaxedKernels(): EnsembleKernels {
  try {
    return ensembleKernels({ relaxed: true });
  } catch (error) {
    if (!(error instanceof UnsupportedHostError)) throw error;
    throw new ConfigError(
      "relaxed SIMD is asked for, but this host has no relaxed SIMD: leave it out, or start Node 20 with --experimental-wasm-relaxed-simd",
    );
  }
}

/** Float64, exactly in law. */
export function lawMachine(): LaneMachine {
  const kernels = lawKernels();
  return { ...kernels, valueBytes: 32, reals: kernels.doubles, draws: "law", kernels };
}

/** A view that is made anew only where the memory has grown since, which leaves the old one without elements: small networks come by the million. */
export function lasting<View extends { readonly length: number }>(make: () => View): () => View {
  let view = make();
  return () => {
    if (view.length === 0) view = make();
    return view;
  };
}
