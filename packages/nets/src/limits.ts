/** The largest architectures and runs that Sonde accepts; anything beyond is refused before time and memory are taken. */
export const limits = {
  /** Layers with weights, the output layer not counted; hidden layers of all kinds. */
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
  /** Bytes that one thread holds for a run: 2 GiB. */
  bytes: 2 ** 31,
  /** Bytes that all threads of a run hold together: 8 GiB. Fewer threads run where each holds much. */
  bytesOfThreads: 2 ** 33,
  /** Elementary steps (of about a tenth of a nanosecond) of a run for which nobody said how many networks: about a minute of one thread. */
  steps: 6e11,
  /** Elementary steps of any run: about a month of one thread. */
  stepsAsked: 3e16,
} as const;
