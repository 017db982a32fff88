import { type GramKernels, type GramPrecision, gramKernels } from "@sonde/kernels/gram";

const instances: Partial<Record<GramPrecision, GramKernels>> = {};

/** The one instance of each precision: a host has address space for only so many memories. Whoever allocates in it gives everything back. */
export function kernelsOf(precision: GramPrecision): GramKernels {
  instances[precision] ??= gramKernels(precision);
  return instances[precision];
}
