import type { Matrix, Stream } from "@sonde/core";

/** Points to show to a network, and where they come from. */
export interface DataSet {
  /** `"digits"`, or the name of the file. */
  readonly name: string;
  /** `[points, features]`; values as they are in the source, not rescaled. */
  readonly points: Matrix<Float64Array>;
  /** Shape of one point: `[features]`, or `[height, width]` for images (rows of pixels one after the other). */
  readonly pointShape: readonly number[];
  /** One for each point, if the source has them. */
  readonly labels?: Float64Array;
  /** The name that label k stands for, where the source has names for labels. */
  readonly labelNames?: readonly string[];
  /** How many points the source has, of which these are all or a choice. */
  readonly available: number;
  /** Where the points come from: a path, or authors, year and licence. */
  readonly source: string;
}

export interface DataSetOptions {
  /**
   * Inputs of the model: whole number from 1. A row needs as many values, or one more for the label: the column named label, class, target or y in the
   * header, else the last. Without it every column is an input.
   */
  readonly inputs?: number;
  /**
   * The column that holds the label: its name in the header, or its number from 1 where the source has none. Default: as `inputs` says. Rows then need one value more than the model has inputs.
   */
  readonly label?: string;
  /** How many points are wanted: whole number from 1, default all. So many distinct rows are chosen at random; all in order if there are no more. */
  readonly points?: number;
  /** Chooses the rows; default the stream of seed 0. */
  readonly random?: Stream;
}
