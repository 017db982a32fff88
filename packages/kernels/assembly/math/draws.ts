import { circle, cosines, sines } from "./circle";
import { philox, word0, word1, word2, word3 } from "../philox";

const buffer: usize = memory.data(32768, 16);

/** Where `normals` and `uniforms` write. */
export function drawBuffer(): usize {
  return buffer;
}

/** The 4 `blocks` standard normals (at most 4096) of the given blocks, by Box and Muller: two pairs at once. */
export function normals(k0: u32, k1: u32, s0: u32, s1: u32, firstBlock: f64, blocks: i32): void {
  let block = <u64>firstBlock;
  for (let i = 0, out = buffer; i < blocks; i++, out += 32) {
    philox(k0, k1, s0, s1, block + i);
    let u = f64x2.mul(f64x2.add(numbers(word0, word2), f64x2.splat(0.5)), f64x2.splat(1.0 / 4294967296.0));
    let first = NativeMath.log(f64x2.extract_lane(u, 0)), second = NativeMath.log(f64x2.extract_lane(u, 1));
    let radius = f64x2.sqrt(f64x2.mul(f64x2.splat(-2.0), f64x2.replace_lane(f64x2.splat(first), 1, second)));
    circle(f64x2.mul(numbers(word1, word3), f64x2.splat(6.283185307179586 / 4294967296.0)));
    let x = f64x2.mul(radius, cosines), y = f64x2.mul(radius, sines);
    v128.store(out, v128.shuffle<u64>(x, y, 0, 2));
    v128.store(out, v128.shuffle<u64>(x, y, 1, 3), 16);
  }
}

/** Two words as float64. */
// @ts-ignore: decorator
@inline
function numbers(a: u32, b: u32): v128 {
  return f64x2.convert_low_i32x4_u(i32x4.replace_lane(i32x4.splat(a), 1, b));
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
