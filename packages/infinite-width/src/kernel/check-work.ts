import { ConfigError } from "@sonde/core";
import { type ShapedLayer, size } from "@sonde/nets";
import type { ActivationOf } from "./statistics.js";

/** Nanoseconds that an activation takes for a pair, at least: with a closed form in SIMD or by itself, and by a series. */
const nanoseconds = { homogeneous: 4, closed: 100, costly: 500 };

/** The longest that a kernel may take at least: an hour. */
const mostNanoseconds = 3.6e12;

/** Throws `ConfigError` where a kernel between so many pairs of points takes longer than an hour at least, with the number of points that does not. */
export function checkWork(
  layers: readonly ShapedLayer[],
  { points, pairs, across }: { readonly points: number; readonly pairs: number; readonly across: boolean },
  activationOf: ActivationOf,
): void {
  const visit = (list: readonly ShapedLayer[]): number =>
    list.reduce((sum, shaped) => {
      const positions = size(shaped.output.slice(0, -1));
      return sum + visit(shaped.branches.flat()) + (across ? positions * positions : positions) * costOf(shaped, activationOf);
    }, 0);
  const one = visit(layers);
  if (!(one * pairs > mostNanoseconds)) return;
  const most = Math.floor(points * Math.sqrt(mostNanoseconds / (one * pairs)));
  throw new ConfigError(
    `the kernel of ${points} points takes at least ${Math.ceil((one * pairs) / mostNanoseconds)} hours with this model: ${most < 1 ? "take fewer layers or positions" : `take at most ${most} points, or fewer layers`}`,
  );
}

function costOf(shaped: ShapedLayer, activationOf: ActivationOf): number {
  if (shaped.layer.kind !== "activation") return nanoseconds.homogeneous;
  const { costly, homogeneous } = activationOf(shaped);
  return costly ? nanoseconds.costly : homogeneous ? nanoseconds.homogeneous : nanoseconds.closed;
}
