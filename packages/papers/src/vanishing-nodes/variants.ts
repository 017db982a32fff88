/** Weights that keep signals and gradients as long as they can: the variance of a weight times its fan-in is 1 for tanh and 2 for ReLU. */
export const variants = {
  "tanh, Gaussian": { activation: "tanh", init: "normal", weightVariance: 1 },
  "tanh, orthogonal": { activation: "tanh", init: "orthogonal", weightVariance: 1 },
  "ReLU, Gaussian": { activation: "relu", init: "normal", weightVariance: 2 },
  "ReLU, orthogonal": { activation: "relu", init: "orthogonal", weightVariance: 2 },
} as const;

export type Variant = keyof typeof variants;
export const variantNames = Object.keys(variants) as Variant[];
