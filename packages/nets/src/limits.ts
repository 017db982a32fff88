/** The largest architecture that Sonde accepts; anything beyond is refused before memory is taken. */
export const limits = {
  /** Layers with weights, the output layer not counted. */
  layers: 100_000,
  /** Units or channels of one layer. */
  units: 1_000_000,
  /** Weights of one layer, and values of one point after any layer. */
  weights: 2 ** 31,
  /** Entries of a description, blocks and their contents included. */
  entries: 1_000_000,
  /** Branches of one block. */
  branches: 1000,
  /** Blocks inside blocks. */
  nesting: 64,
} as const;
