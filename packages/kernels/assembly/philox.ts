/** The words of the last block. */
export let word0: u32 = 0;
export let word1: u32 = 0;
export let word2: u32 = 0;
export let word3: u32 = 0;

/** Philox4x32-10 (Salmon et al. 2011): encrypts the counter (block, s0, s1) under the key (k0, k1) into word0 ... word3. */
// @ts-ignore: decorator
@inline
export function philox(k0: u32, k1: u32, s0: u32, s1: u32, block: u64): void {
  let x0 = <u32>block;
  let x1 = <u32>(block >> 32);
  let x2 = s0;
  let x3 = s1;
  for (let round = 0; round < 10; round++) {
    let a = <u64>x0 * 0xD2511F53;
    let b = <u64>x2 * 0xCD9E8D57;
    x0 = <u32>(b >> 32) ^ x1 ^ k0;
    x1 = <u32>b;
    x2 = <u32>(a >> 32) ^ x3 ^ k1;
    x3 = <u32>a;
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
  word0 = x0;
  word1 = x1;
  word2 = x2;
  word3 = x3;
}
