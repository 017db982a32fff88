import { angleBetween, type Matrix, row } from "@sonde/core";
import { type AnglesState, angles, type Pair } from "@sonde/metrics-correlation";
import type { Monitor } from "./monitor.js";

/** Pairs that are watched. */
const most = 64;

/** The mean of ln sin^2 over pairs of points, and the share of pairs that are degenerate, layer by layer. */
export const anglesMonitor: Monitor = {
  name: "angles",
  quantities: ["logSin2", "degenerate"],
  sights(_plan, points) {
    const pairs = apartPairs(points);
    return pairs.length === 0 ? [] : [{ metric: angles, options: { pairs } }];
  },
  read({ angles: state }) {
    const { layers } = (state as AnglesState | undefined) ?? { layers: [] };
    return {
      logSin2: layers.map(({ logSin2 }) => (logSin2.count > 0 ? logSin2.sum : null)),
      degenerate: layers.map(({ degenerate }) => degenerate.sum),
    };
  },
};

/** The first pairs of points that are neither zero nor in one direction already; opposite points count. */
function apartPairs(points: Matrix<Float64Array>): Pair[] {
  const pairs: Pair[] = [];
  for (let j = 1; j < points.rows; j++)
    for (let i = Math.max(0, j - 8); i < j; i++) {
      const angle = angleBetween(row(points, i), row(points, j));
      if (angle && angle.theta > 1e-6) pairs.push([i, j]);
      if (pairs.length === most) return pairs;
    }
  return pairs;
}
