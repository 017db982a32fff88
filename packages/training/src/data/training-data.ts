import type { Matrix } from "@sonde/core";

/** Points with what a network should say of them. */
export interface Examples {
  /** `[points, inputs]` */
  readonly inputs: Matrix<Float64Array>;
  /** `[points, outputs]`; where they are classes `[points, 1]`, whole numbers from 0. */
  readonly targets: Matrix<Float64Array>;
}

/** What networks are trained on. */
export interface TrainingData extends Examples {
  /** In words. */
  readonly name: string;
  /** How many classes there are, where the targets are classes. */
  readonly classes?: number;
  /** Examples kept apart. */
  readonly test?: Examples;
  /** Points at which outputs are looked at to tell whether they are constant, `[points, inputs]`. */
  readonly probe: Matrix<Float64Array>;
}
