import { ConfigError, type Matrix } from "@sonde/core";
import { log } from "@sonde/core/math";
import { infiniteWidthKernelSync } from "@sonde/infinite-width";
import type { Architecture } from "@sonde/nets";

/** What infinite width says of the signal at a hidden layer: logarithms of expectations over networks. */
export interface PredictedSignal {
  /** Counted from 1. */
  readonly layer: number;
  /** ln of the mean over the points of K(x, x) = E h(x)^2. */
  readonly logMeanSquare: number;
  /** ln of the mean over the points of K(x, x), less the mean over pairs of K(x, x'): the variance over the points. -Infinity where rounding leaves nothing. */
  readonly logVariance: number;
}

/**
 * The scale of the signal at infinite width, layer by layer, from the NNGP kernel of these points; `undefined` where the architecture has no infinite-width form.
 *
 * @example
 * const points = matrixFromRows([[1, 0], [0, 1]]);
 * predictSignal(mlp("2-16x2-1"), points)[1].logMeanSquare // -0.69314718055994...
 */
export function predictSignal(architecture: Architecture, points: Matrix<Float64Array>): PredictedSignal[] | undefined {
  try {
    const { layers = [] } = infiniteWidthKernelSync(architecture, points, { ntk: false, layers: true });
    return layers.map(({ nngp }, l) => {
      let own = 0;
      let all = 0;
      for (let i = 0; i < nngp.rows; i++)
        for (let j = 0; j < nngp.cols; j++) {
          if (i === j) own += nngp.data[i * nngp.cols + j];
          all += nngp.data[i * nngp.cols + j];
        }
      const [power, mean] = [own / nngp.rows, all / (nngp.rows * nngp.cols)];
      return { layer: l + 1, logMeanSquare: log(power), logVariance: log(Math.max(0, power - mean)) };
    });
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}
