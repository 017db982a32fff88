import type { Architecture } from "./architecture.js";

/** What a reader should know about an architecture beyond what he asked for: one sentence each, none for most. */
export function architectureWarnings({ input, layers }: Architecture): string[] {
  const first = layers[0];
  if (first?.kind !== "embedding" || !first.implied) return [];
  return [
    `the input has ${input[input.length - 1]} values and the residual units ${first.units}: a linear embedding (weight variance 1, no bias) comes first and is not counted as a layer`,
  ];
}
