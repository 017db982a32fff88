/**
 * What PyTorch, Keras and others call the initialisers, by letters and digits in lower case (so `kaiming_normal_` is `kaimingnormal`). Names that differ in case, hyphens and
 * underscores alone need no entry. The normal laws of Keras are truncated; those of PyTorch are not.
 */
export const initialiserAliases: Readonly<Record<string, string>> = {
  kaiming: "he-normal",
  kaimingnormal: "he-normal",
  kaiminguniform: "he-uniform",
  xavier: "glorot-uniform",
  xaviernormal: "glorot-normal",
  xavieruniform: "glorot-uniform",
  he: "he-normal",
  msra: "he-normal",
  glorot: "glorot-uniform",
  lecun: "lecun-normal",
  henormal: "he-truncated-normal",
  glorotnormal: "glorot-truncated-normal",
  lecunnormal: "lecun-truncated-normal",
  variancescaling: "lecun-truncated-normal",
  truncnormal: "truncated-normal",
  gaussian: "normal",
  zero: "zeros",
  one: "ones",
  torch: "pytorch",
  tensorflow: "keras",
};

/** Names that leave a choice open, by letters, and what is taken. */
const ambiguous: Readonly<Record<string, string>> = {
  kaiming: "kaiming_uniform is he-uniform",
  he: "he-uniform and he-truncated-normal are others",
  xavier: "xavier_normal is glorot-normal",
  glorot: "glorot-normal is another",
  lecun: "lecun-uniform is another",
};

/**
 * What is taken for a name that leaves the distribution open, in a sentence; `undefined` for others.
 *
 * @example
 * ambiguityOf("kaiming") // "\"kaiming\" is read as he-normal; kaiming_uniform is he-uniform"
 */
export function ambiguityOf(name: string): string | undefined {
  const letters = name.toLowerCase();
  if (!Object.hasOwn(ambiguous, letters)) return undefined;
  return `"${name}" is read as ${initialiserAliases[letters]}; ${ambiguous[letters]}`;
}
