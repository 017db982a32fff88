import { matrix } from "@sonde/core";
import type { Join } from "../shapes.js";
import type { Points } from "./operator.js";

/** What a block makes of the ends of its branches: the sum of each times its factor, `[points, units]`, or all of them along the channels, `[points, ...positions, channels]`. */
export function joined(join: Join, ends: readonly Points[]): Points {
  if (join.kind === "sum") return ends.map((end, k) => times(end, join.factors[k])).reduce(sum);
  const [{ rows, data }] = ends;
  const total = join.channels.reduce((all, channels) => all + channels, 0);
  const places = data.length / join.channels[0];
  const y = matrix(rows, (places * total) / rows);
  let before = 0;
  ends.forEach((end, k) => {
    const channels = join.channels[k];
    for (let i = 0; i < places; i++) y.data.set(end.data.subarray(i * channels, (i + 1) * channels), i * total + before);
    before += channels;
  });
  return y;
}

/** The transpose of `joined`, which is linear: what a gradient at the block's end is at the end of each branch. */
export function parted(join: Join, gradient: Points): Points[] {
  if (join.kind === "sum") return join.factors.map((factor) => times(gradient, factor));
  const { rows, data } = gradient;
  const total = join.channels.reduce((all, channels) => all + channels, 0);
  const places = data.length / total;
  let before = 0;
  return join.channels.map((channels) => {
    const part = matrix(rows, (places * channels) / rows);
    for (let i = 0; i < places; i++)
      part.data.set(data.subarray(i * total + before, i * total + before + channels), i * channels);
    before += channels;
    return part;
  });
}

/** Sum of equal shapes. */
function sum(a: Points, b: Points): Points {
  return matrix(
    a.rows,
    a.cols,
    a.data.map((value, i) => value + b.data[i]),
  );
}

/** The values times a factor. */
export function times(x: Points, factor: number): Points {
  if (factor === 1) return x;
  return matrix(
    x.rows,
    x.cols,
    x.data.map((value) => factor * value),
  );
}
