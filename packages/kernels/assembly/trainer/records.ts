// What src/trainer.ts writes down; every field has 4 bytes, and addresses that are 0 are not used.

// The kinds of operations.
export const DENSE: i32 = 0;
export const ACTIVATION: i32 = 1;
export const NORM: i32 = 2;
export const ADD: i32 = 3;
export const CONCAT: i32 = 4;
export const SOFTMAX: i32 = 5;

/** One layer of four networks on its way forward and back, for a block of points. Gradients lie as the values that they belong to. */
@unmanaged
export class Operation {
  kind: i32;
  /** Values [points][inputs][4] and [points][units][4]. */
  x: usize;
  inputs: i32;
  y: usize;
  units: i32;
  /** The slopes of an activation that is neither linear nor ReLU, whose slopes `y` tells; what a norm with trained scale and shift makes of x before these. */
  kept: usize;
  dy: usize;
  /** 0 if nobody asks for it; `adds` if something has arrived there before. */
  dx: usize;
  adds: i32;
  /** The second operand of ADD (as many units) and CONCAT (units - inputs). */
  x2: usize;
  dx2: usize;
  adds2: i32;
  /** Of an activation or a norm. */
  code: i32;
  /** Of an activation, or the epsilon of a norm. */
  parameter: f32;
  /** What a norm's values are multiplied by and what is added to them; the factors of ADD. */
  a: f32;
  b: f32;
  /** Number of the first weight among a network's parameters, and how many there are: 0 if nothing is trained. A norm's are its scales. Biases, or shifts, follow them. */
  weights: i32;
  weightCount: i32;
  trainsBiases: i32;
}

/** Everything that a group of networks needs to be trained, four networks after the other. */
@unmanaged
export class Trainer {
  operations: usize;
  operationCount: i32;
  /** Groups of four networks, the parameters of one, and where they lie: [groups][1 + slots][parameters][4]. */
  groups: i32;
  parameters: i32;
  states: usize;
  slots: i32;
  /** Gradients [parameters][4]; of one layer at a time where updates are made on the way back. */
  gradients: usize;
  updatesAtOnce: i32;
  /** Points that go forward and back together. */
  block: i32;
  x: usize;
  inputs: i32;
  y: usize;
  dy: usize;
  outputs: i32;
  /** Room for the gradient of a block's widest values, and for `denseWith`. */
  spare: usize;
  scratch: usize;
  /** What each step needs to know: see `Step`. */
  table: usize;
  /** Points of the batches: [steps][batch][inputs] if all networks see the same, else [steps][groups][batch][inputs][4]; targets likewise, `targets` of a point. */
  shared: i32;
  batch: i32;
  batchInputs: usize;
  batchTargets: usize;
  targets: i32;
  loss: i32;
  delta: f32;
  /** f64 [groups][4]: the losses of the last step. */
  losses: usize;
  optimizer: i32;
  /** Momentum; alpha; beta1. */
  first: f32;
  oneMinusFirst: f32;
  /** beta2. */
  second: f32;
  oneMinusSecond: f32;
  epsilon: f32;
  l2: f32;
  decayBiases: i32;
  /** The largest norm of a gradient, or 0. */
  clip: f32;
}

/** One step. */
@unmanaged
export class Step {
  points: i32;
  /** The rate; of Adam over 1 - beta1^t. */
  rate: f32;
  /** Of Adam 1 / sqrt(1 - beta2^t). */
  root: f32;
  /** 1 - rate * decay. */
  keep: f32;
}

/** Bytes of an `Operation`. */
export function operationBytes(): i32 {
  return offsetof<Operation>();
}

/** Bytes of a `Trainer`. */
export function trainerBytes(): i32 {
  return offsetof<Trainer>();
}
