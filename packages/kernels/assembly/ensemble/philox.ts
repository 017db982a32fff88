// Philox4x32-10 on four lanes: four networks' streams at one counter, or four counters of one stream.

export const A: u32 = 0xD2511F53;
export const B: u32 = 0xCD9E8D57;
export const KEY_STEP0: u32 = 0x9E3779B9;
export const KEY_STEP1: u32 = 0xBB67AE85;

/** The upper halves of x m. */
// @ts-ignore: decorator
@inline
export function high(x: v128, m: u32): v128 {
  return v128.shuffle<u32>(i64x2.extmul_low_i32x4_u(x, i32x4.splat(m)), i64x2.extmul_high_i32x4_u(x, i32x4.splat(m)), 1, 3, 5, 7);
}

/** The lower halves of x m; written like `high`, so that the engine multiplies once for both. */
// @ts-ignore: decorator
@inline
export function low(x: v128, m: u32): v128 {
  return v128.shuffle<u32>(i64x2.extmul_low_i32x4_u(x, i32x4.splat(m)), i64x2.extmul_high_i32x4_u(x, i32x4.splat(m)), 0, 2, 4, 6);
}

// @ts-ignore: decorator
@inline
export function xor3(x: v128, y: v128, z: v128): v128 {
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
