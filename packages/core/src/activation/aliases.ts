/** What other programs call the activations of the registry, by letters and digits in lower case. Names that differ in case, hyphens and underscores alone need no entry. */
export const activationAliases: Readonly<Record<string, string>> = {
  swish: "silu",
  hswish: "hard-swish",
  hardsilu: "hard-swish",
  leaky: "leaky-relu",
  lrelu: "leaky-relu",
  identity: "linear",
  logistic: "sigmoid",
  exponential: "exp",
  sine: "sin",
  cosine: "cos",
  gelunew: "gelu-tanh",
};
