import { dot, dot01, dot23, scaleWhere, takeOut } from "./gram-schmidt";
import { rescale, timesPowers } from "./rescale";

/** Below this part of its length the rest of a point is rounding. */
const NOTHING_NEW: f64 = 1e-14;

/** Largest magnitudes from 2^-400 to 2^400 need no rescaling; those of all comfortable lanes are among them, so that none is touched for another lane's sake. */
const SLACK: i32 = 400;

// @ts-ignore: decorator
@lazy const shifts: usize = memory.data(32, 16);

/** Squared lengths in which squares of all that matters neither overflow nor underflow. */
// @ts-ignore: decorator
@inline
function comfortable(squares: v128): bool {
  let inside = v128.and(f64x2.ge(squares, f64x2.splat(1e-200)), f64x2.le(squares, f64x2.splat(1e200)));
  return i64x2.all_true(inside);
}

/** Rows of `coordinates`'s basis: every lane finds at most `units` directions, and one row is in work. */
export function basisRows(points: i32, units: i32): i32 {
  return min(points, 4 * units + 1);
}

/**
 * out [points][points][4] = the coordinates of the points x [points][units][4] in the orthonormal basis that they make in order: out[p][k] is the
 * component of point p along the direction that point k adds, so entries k > p are 0 and out[k][k] >= 0. In a lane in which point k adds none (it is 0,
 * within 1e-14 of its length in the span of the earlier ones, or that span is everything) column k is 0. A point that is not finite has NaN on its diagonal.
 * `basis` has room for `basisRows` rows and may be x itself, which is lost then; `columns` for a u32 a point.
 */
export function coordinates(x: usize, points: i32, units: i32, out: usize, basis: usize, columns: usize): void {
  let length = <usize>units << 5;
  let all = f64x2.splat(<f64>units);
  let rank01 = f64x2.splat(0), rank23 = rank01;
  let directions = 0;
  for (let p = 0; p < points; p++, x += length, out += <usize>points << 5) {
    let rest = basis + directions * length;
    memory.copy(rest, x, length);
    memory.fill(out, 0, <usize>points << 5);
    dot(rest, rest, length);
    let rescaled = !(comfortable(dot01) && comfortable(dot23));
    if (rescaled) {
      v128.store(shifts, i32x4.splat(0));
      rescale(rest, units, shifts, shifts + 16, SLACK);
      dot(rest, rest, length);
    }
    let full01 = dot01, full23 = dot23;
    if (directions) {
      takeOut(p, basis, directions, rest, length, out, columns);
      dot(rest, rest, length);
    }
    let left01 = f64x2.sqrt(dot01), left23 = f64x2.sqrt(dot23);
    let adds01 = v128.and(f64x2.gt(left01, f64x2.mul(f64x2.splat(NOTHING_NEW), f64x2.sqrt(full01))), f64x2.lt(rank01, all));
    let adds23 = v128.and(f64x2.gt(left23, f64x2.mul(f64x2.splat(NOTHING_NEW), f64x2.sqrt(full23))), f64x2.lt(rank23, all));
    let diagonal = out + (<usize>p << 5);
    v128.store(diagonal, orNaN(v128.and(left01, adds01), full01));
    v128.store(diagonal, orNaN(v128.and(left23, adds23), full23), 16);
    if (rescaled) timesPowers(out, p + 1, shifts);
    if (!v128.any_true(v128.or(adds01, adds23))) continue;
    let one = f64x2.splat(1);
    if (p + 1 < points) scaleWhere(rest, length, f64x2.div(one, left01), f64x2.div(one, left23), adds01, adds23);
    rank01 = f64x2.add(rank01, v128.and(adds01, one));
    rank23 = f64x2.add(rank23, v128.and(adds23, one));
    store<u32>(columns + (directions << 2), <u32>p << 5);
    directions++;
  }
}

/** NaN where the squared length is not finite, so that an overflow stays visible. */
// @ts-ignore: decorator
@inline
function orNaN(diagonal: v128, full: v128): v128 {
  return v128.bitselect(diagonal, f64x2.splat(NaN), f64x2.lt(full, f64x2.splat(Infinity)));
}
