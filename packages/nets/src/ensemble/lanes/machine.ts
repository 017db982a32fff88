import { type Address, type EnsembleKernels, ensembleKernels, type LawKernels, lawKernels } from "@sonde/kernels";

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
  | "concat"
  | "rescale"
  | "living"
  | "separate"
  | "broadcast"
  | "layer"
>;

/** Kernels with what sets the two kinds apart: float32 on explicit weights, or float64 in law. */
export type LaneMachine = CommonKernels & {
  /** Bytes of one value in four lanes. */
  readonly valueBytes: 16 | 32;
  /** A view of so many numbers of the machine's precision. */
  readonly reals: (address: Address, length: number) => Float32Array | Float64Array;
} & ({ readonly draws: "weights"; readonly kernels: EnsembleKernels } | { readonly draws: "law"; readonly kernels: LawKernels });

/** Float32 on explicit weights, drawn as they are used. */
export function weightsMachine(): LaneMachine {
  const kernels = ensembleKernels();
  return { ...kernels, valueBytes: 16, reals: kernels.floats, draws: "weights", kernels };
}

/** Float64, exactly in law. */
export function lawMachine(): LaneMachine {
  const kernels = lawKernels();
  return { ...kernels, valueBytes: 32, reals: kernels.doubles, draws: "law", kernels };
}
