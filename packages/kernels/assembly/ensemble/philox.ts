// Philox4x32-10 on four lanes: four networks' streams at one counter, or four counters of one stream.

/** The words of the last block: vector j holds word j of each lane. */
export let words0: v128 = i32x4(0, 0, 0, 0);
export let words1: v128 = i32x4(0, 0, 0, 0);
export let words2: v128 = i32x4(0, 0, 0, 0);
export let words3: v128 = i32x4(0, 0, 0, 0);

/** Encrypts the counters (c0, c1, s0, s1) under the keys (k0, k1) into words0 ... words3. */
// @ts-ignore: decorator
@inline
export function philox(k0: v128, k1: v128, s0: v128, s1: v128, c0: v128, c1: v128): void {
  let a = i32x4.splat(0xD2511F53);
  let b = i32x4.splat(0xCD9E8D57);
  let x0 = c0;
  let x1 = c1;
  let x2 = s0;
  let x3 = s1;
  for (let round = 0; round < 10; round++) {
    let aLow = i64x2.extmul_low_i32x4_u(x0, a);
    let aHigh = i64x2.extmul_high_i32x4_u(x0, a);
    let bLow = i64x2.extmul_low_i32x4_u(x2, b);
    let bHigh = i64x2.extmul_high_i32x4_u(x2, b);
    x0 = v128.xor(v128.xor(v128.shuffle<u32>(bLow, bHigh, 1, 3, 5, 7), x1), k0);
    x1 = v128.shuffle<u32>(bLow, bHigh, 0, 2, 4, 6);
    x2 = v128.xor(v128.xor(v128.shuffle<u32>(aLow, aHigh, 1, 3, 5, 7), x3), k1);
    x3 = v128.shuffle<u32>(aLow, aHigh, 0, 2, 4, 6);
    k0 = i32x4.add(k0, i32x4.splat(0x9E3779B9));
    k1 = i32x4.add(k1, i32x4.splat(0xBB67AE85));
  }
  words0 = x0;
  words1 = x1;
  words2 = x2;
  words3 = x3;
}
