import { philox, word0, word1, word2, word3 } from "../philox";




const buffer: usize = memory.data(32768, 16);

/** Where `normals` and `uniforms` write. */
export function drawBuffer(): usize {
  return buffer;
}

// @ts-ignore: decorator
@inline
function pair(u: u32, t: u32, out: usize): void {
  let radius = sqrt(-2.0 * NativeMath.log((<f64>u + 0.5) * (1.0 / 4294967296.0)));
  let angle = <f64>t * (6.283185307179586 / 4294967296.0);
  store<f64>(out, radius * NativeMath.cos(angle));
  store<f64>(out, radius * NativeMath.sin(angle), 8);
}

/** The 4 `blocks` standard normals (at most 4096) of the given blocks, by Box and Muller. */
export function normals(k0: u32, k1: u32, s0: u32, s1: u32, firstBlock: f64, blocks: i32): void {
  let block = <u64>firstBlock;
  for (let i = 0, out = buffer; i < blocks; i++, out += 32) {
    philox(k0, k1, s0, s1, block + i);
    pair(word0, word1, out);
    pair(word2, word3, out + 16);
  }
}

/** (2 k + 1) 2^-53, k made of 52 bits. */
// @ts-ignore: decorator
@inline
function uniform(high: u32, low: u32): f64 {
  return <f64>((<u64>high << 20 | <u64>(low >> 12)) << 1 | 1) * (1.0 / 9007199254740992.0);
}

/** The 2 `blocks` uniforms (at most 4096) of the given blocks. */
export function uniforms(k0: u32, k1: u32, s0: u32, s1: u32, firstBlock: f64, blocks: i32): void {
  let block = <u64>firstBlock;
  for (let i = 0, out = buffer; i < blocks; i++, out += 16) {
    philox(k0, k1, s0, s1, block + i);
    store<f64>(out, uniform(word0, word1));
    store<f64>(out, uniform(word2, word3), 8);
  }
}
