/** The activations that the kernels know, in the order of the codes in assembly/ensemble/activation.ts. */
export const kernelActivations = [
  "linear",
  "relu",
  "leaky-relu",
  "abs",
  "tanh",
  "sigmoid",
  "softplus",
  "silu",
  "elu",
  "selu",
  "erf",
  "gelu",
  "sin",
] as const;

/** Name of an activation that the kernels know. */
export type KernelActivation = (typeof kernelActivations)[number];
