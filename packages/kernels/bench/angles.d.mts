import type { LawKernels } from "@sonde/kernels";
export function logSin2(
  kernels: LawKernels,
  network: { width: number; layers: number; theta0: number; networks: number },
): { mean: number; meanError: number; sd: number; sdError: number; degenerate: number };
