import type { Matrix } from "@sonde/core";
import type { LayerParameters } from "@sonde/init";

/** Values of points, one point a row, its shape flattened with the channels last: `[points, ...positions, channels]`. */
export type Points = Matrix<Float64Array>;

/** What a layer without branches does to a batch of points; sizes are trusted, they were checked with the shapes. */
export interface Operator {
  /** y = f(x). */
  readonly forward: (x: Points) => Points;
  /** The derivative of f at x in the direction dx. */
  readonly tangent: (x: Points, dx: Points) => Points;
  /** The derivative of `<dy, f(x)>` by x and, for layers with weights, by the parameters. */
  readonly gradient: (x: Points, dy: Points) => OperatorGradient;
}

interface OperatorGradient {
  readonly input: Points;
  /** By the parameters, computed when it is asked for. */
  readonly parameters?: () => LayerParameters;
}
