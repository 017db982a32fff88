// Trees of streams, four at a time: `split` of @sonde/core. A block of streams is k0[4], k1[4], s0[4], s1[4].
import { philox, words0, words1, words2, words3 } from "./philox";

/** The bit of the counter's upper half that draws never set. */
const CHILD: u32 = 0x80000000;

// @ts-ignore: decorator
@inline
function child(k0: v128, k1: v128, s0: v128, s1: v128, low: v128, high: v128, out: usize): void {
  philox(k0, k1, s0, s1, low, v128.or(high, i32x4.splat(CHILD)));
  v128.store(out, words0);
  v128.store(out, words1, 16);
  v128.store(out, words2, 32);
  v128.store(out, words3, 48);
}

/** out = the children first, ..., first + 3 of one stream, one a lane. */
export function roots(k0: u32, k1: u32, s0: u32, s1: u32, first: f64, out: usize): void {
  let index = <u64>first;
  let low = i32x4.add(i32x4.splat(<i32>index), i32x4(0, 1, 2, 3));
  let carry = i32x4.lt_u(low, i32x4.splat(<i32>index));
  let high = i32x4.sub(i32x4.splat(<i32>(index >> 32)), carry);
  child(i32x4.splat(k0), i32x4.splat(k1), i32x4.splat(s0), i32x4.splat(s1), low, high, out);
}

/** out = the child `index` of each of four streams; `out` may be `streams`. */
export function split(streams: usize, index: f64, out: usize): void {
  let i = <u64>index;
  let k0 = v128.load(streams), k1 = v128.load(streams, 16), s0 = v128.load(streams, 32), s1 = v128.load(streams, 48);
  child(k0, k1, s0, s1, i32x4.splat(<i32>i), i32x4.splat(<i32>(i >> 32)), out);
}
