/** Points in a file of any format, one in each row, before any is read. */
export interface PointTable {
  readonly rows: number;
  /** Shape of one point: `[columns]`, or more axes for images. */
  readonly pointShape: readonly number[];
  /** The names of the columns, where the format has them. */
  readonly header?: readonly string[];
  readonly read: (selection: Selection) => Points;
}

/** Which part of a table is wanted. */
export interface Selection {
  /** Indices of distinct rows, from 0; all rows in order when absent. */
  readonly rows?: ArrayLike<number>;
  /** The column, from 0, that holds the label and is no part of the point. */
  readonly label?: number;
}

export interface Points {
  /** `[rows, columns without the label]`, all finite. */
  readonly values: Float64Array;
  readonly labels?: Float64Array;
  /** The name that label k stands for, where the file has names for labels. */
  readonly labelNames?: readonly string[];
}
