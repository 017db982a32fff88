// Philox4x32-10 on four lanes: four networks' streams at one counter, or four counters of one stream.

const A: u32 = 0xD2511F53;
const B: u32 = 0xCD9E8D57;
const KEY_STEP0: u32 = 0x9E3779B9;
const KEY_STEP1: u32 = 0xBB67AE85;

/** The upper halves of x m. */
// @ts-ignore: decorator
@inline
function high(x: v128, m: u32): v128 {
  return v128.shuffle<u32>(i64x2.extmul_low_i32x4_u(x, i32x4.splat(m)), i64x2.extmul_high_i32x4_u(x, i32x4.splat(m)), 1, 3, 5, 7);
}

/** The lower halves of x m; written like `high`, so that the engine multiplies once for both. */
// @ts-ignore: decorator
@inline
function low(x: v128, m: u32): v128 {
  return v128.shuffle<u32>(i64x2.extmul_low_i32x4_u(x, i32x4.splat(m)), i64x2.extmul_high_i32x4_u(x, i32x4.splat(m)), 0, 2, 4, 6);
}

// @ts-ignore: decorator
@inline
function xor3(x: v128, y: v128, z: v128): v128 {
  return v128.xor(v128.xor(x, y), z);
}

/** The words of the last block: vector j holds word j of each lane. */
export let words0: v128 = i32x4(0, 0, 0, 0);
export let words1: v128 = i32x4(0, 0, 0, 0);
export let words2: v128 = i32x4(0, 0, 0, 0);
export let words3: v128 = i32x4(0, 0, 0, 0);

/** Encrypts the counters (c0, c1, s0, s1) under the keys (k0, k1) into words0 ... words3. */
// @ts-ignore: decorator
@inline
export function philox(k0: v128, k1: v128, s0: v128, s1: v128, c0: v128, c1: v128): void {
  let x0 = c0, x1 = c1, x2 = s0, x3 = s1;
  for (let round = 0; round < 10; round++) {
    let next = xor3(high(x2, B), x1, k0);
    x1 = low(x2, B);
    x2 = xor3(high(x0, A), x3, k1);
    x3 = low(x0, A);
    x0 = next;
    k0 = i32x4.add(k0, i32x4.splat(KEY_STEP0));
    k1 = i32x4.add(k1, i32x4.splat(KEY_STEP1));
  }
  words0 = x0;
  words1 = x1;
  words2 = x2;
  words3 = x3;
}

/** Most blocks that `philoxBlocks` makes in one call: what they take stays in the cache next to the cores. */
export const MOST_BLOCKS: i32 = 128;

/** Where `philoxBlocks` writes. */
// @ts-ignore: decorator
@lazy export const blockWords: usize = memory.data(8192, 16);

// @ts-ignore: decorator
@lazy const roundKeys: usize = memory.data(320, 16);

/**
 * Encrypts the counters (c0, c1, s0, s1), (c0 + step, c1, s0, s1), ... under the keys (k0, k1): `blocks` blocks [4 words][4 lanes] at `blockWords`. What the
 * constant c1, s0 and s1 decide of the first three rounds is made once, and two blocks go side by side, since a round has to wait for the one before it. The
 * loops end with their condition, so that the engine may keep constants in registers.
 */
export function philoxBlocks(k0: v128, k1: v128, s0: v128, s1: v128, c0: v128, step: i32, c1: v128, blocks: i32): void {
  let first0 = k0, first1 = k1;
  for (let key: usize = 0; key < 320; key += 32) {
    v128.store(roundKeys + key, k0);
    v128.store(roundKeys + key, k1, 16);
    k0 = i32x4.add(k0, i32x4.splat(KEY_STEP0));
    k1 = i32x4.add(k1, i32x4.splat(KEY_STEP1));
  }
  let constant0 = xor3(high(s0, B), c1, first0);
  let mask1 = v128.xor(s1, first1);
  let mask2x = v128.xor(low(s0, B), v128.load(roundKeys, 32));
  let mask2y = v128.xor(high(constant0, A), v128.load(roundKeys, 48));
  let mask3 = v128.xor(low(constant0, A), v128.load(roundKeys, 80));
  let skip = i32x4.splat(step);
  let out = blockWords;
  let end = out + (<usize>blocks << 6);
  do {
    let d0 = i32x4.add(c0, skip);
    let x2 = v128.xor(high(c0, A), mask1), y2 = v128.xor(high(d0, A), mask1);
    let x3 = low(c0, A), y3 = low(d0, A);
    let x0 = v128.xor(high(x2, B), mask2x), y0 = v128.xor(high(y2, B), mask2x);
    let x1 = low(x2, B), y1 = low(y2, B);
    x2 = v128.xor(x3, mask2y), y2 = v128.xor(y3, mask2y);
    let k = v128.load(roundKeys, 64);
    let nextX = xor3(high(x2, B), x1, k), nextY = xor3(high(y2, B), y1, k);
    x1 = low(x2, B), y1 = low(y2, B);
    x2 = v128.xor(high(x0, A), mask3), y2 = v128.xor(high(y0, A), mask3);
    x3 = low(x0, A), y3 = low(y0, A);
    x0 = nextX, y0 = nextY;
    let key = roundKeys + 96;
    do {
      let k = v128.load(key);
      let nextX = xor3(high(x2, B), x1, k), nextY = xor3(high(y2, B), y1, k);
      k = v128.load(key, 16);
      x1 = low(x2, B), y1 = low(y2, B);
      x2 = xor3(high(x0, A), x3, k), y2 = xor3(high(y0, A), y3, k);
      x3 = low(x0, A), y3 = low(y0, A);
      x0 = nextX, y0 = nextY;
      key += 32;
    } while (key < roundKeys + 320);
    v128.store(out, x0);
    v128.store(out, x1, 16);
    v128.store(out, x2, 32);
    v128.store(out, x3, 48);
    v128.store(out, y0, 64);
    v128.store(out, y1, 80);
    v128.store(out, y2, 96);
    v128.store(out, y3, 112);
    c0 = i32x4.add(d0, skip);
    out += 128;
  } while (out < end);
}
