import { angleOfWord, cosSmall, logOfWord, quadrantOfWord, sinSmall } from "./float";
import { philox, words0, words1, words2, words3 } from "./philox";

/** The results of `boxMuller`. */
let first: v128 = f32x4(0, 0, 0, 0);
let second: v128 = f32x4(0, 0, 0, 0);

/** The two normals of the words `w` and `angle`, times `scale`: the definition of `normal` in @sonde/core, in float32. */
// @ts-ignore: decorator
@inline
function boxMuller(w: v128, angle: v128, scale: v128): void {
  let radius = f32x4.mul(scale, f32x4.sqrt(f32x4.mul(f32x4.splat(-2.0), logOfWord(w))));
  let quadrant = quadrantOfWord(angle);
  let r = angleOfWord(angle, quadrant);
  let s = f32x4.mul(radius, sinSmall(r));
  let c = f32x4.mul(radius, cosSmall(r));
  let odd = i32x4.shr_s(i32x4.shl(quadrant, 31), 31);
  // The sign bits: the cosine is negative in quadrants 1 and 2, the sine in 2 and 3.
  let sineSign = i32x4.shl(v128.and(quadrant, i32x4.splat(2)), 30);
  let cosineSign = v128.xor(sineSign, i32x4.shl(odd, 31));
  first = v128.xor(v128.bitselect(s, c, odd), cosineSign);
  second = v128.xor(v128.bitselect(c, s, odd), sineSign);
}

/**
 * The draws of whole blocks, four lanes: [4 blocks][4] normals of standard deviation `scale`. `streams` points to k0[4], k1[4], s0[4], s1[4].
 */
// @ts-ignore: decorator
@inline
function normalBlocks(streams: usize, block: u64, blocks: i32, out: usize, scale: f32): void {
  let k0 = v128.load(streams), k1 = v128.load(streams, 16), s0 = v128.load(streams, 32), s1 = v128.load(streams, 48);
  let sd = f32x4.splat(scale);
  for (let i = 0; i < blocks; i++, block++, out += 64) {
    philox(k0, k1, s0, s1, i32x4.splat(<i32>block), i32x4.splat(<i32>(block >> 32)));
    boxMuller(words0, words1, sd);
    v128.store(out, first);
    v128.store(out, second, 16);
    boxMuller(words2, words3, sd);
    v128.store(out, first, 32);
    v128.store(out, second, 48);
  }
}

/** The draws of whole blocks: [2 blocks][4] values uniform on (-scale, scale), scale (2 u - 1) with u from the first word of each of core's uniforms. */
// @ts-ignore: decorator
@inline
function uniformBlocks(streams: usize, block: u64, blocks: i32, out: usize, scale: f32): void {
  let k0 = v128.load(streams), k1 = v128.load(streams, 16), s0 = v128.load(streams, 32), s1 = v128.load(streams, 48);
  let factor = f32x4.splat(scale * <f32>(1.0 / 2147483648.0));
  for (let i = 0; i < blocks; i++, block++, out += 32) {
    philox(k0, k1, s0, s1, i32x4.splat(<i32>block), i32x4.splat(<i32>(block >> 32)));
    v128.store(out, centred(words0, factor));
    v128.store(out, centred(words2, factor), 16);
  }
}

// @ts-ignore: decorator
@inline
function centred(w: v128, factor: v128): v128 {
  let s = f32x4.convert_i32x4_s(v128.xor(w, i32x4.splat(0x80000000)));
  return f32x4.mul(f32x4.add(s, f32x4.splat(0.5)), factor);
}

/** Code of the normal law; 1 is the uniform one. */
const NORMAL: i32 = 0;

/**
 * Draws first, first + 1, ..., first + count - 1 for four lanes, made in whole blocks at `out`, which needs room for 6 vectors more than `count`. Returns
 * where draw `first` lies.
 */
export function drawLanes(streams: usize, law: i32, first: u64, count: i32, out: usize, scale: f32): usize {
  if (law == NORMAL) {
    let skip = <i32>(first & 3);
    normalBlocks(streams, first >> 2, (skip + count + 3) >> 2, out, scale);
    return out + (skip << 4);
  }
  let skip = <i32>(first & 1);
  uniformBlocks(streams, first >> 1, (skip + count + 1) >> 1, out, scale);
  return out + (skip << 4);
}

// @ts-ignore: decorator
@lazy const buffer: usize = memory.data(65536, 16);

/** Writes exactly [count][4] draws of the law to `out`. */
export function fillLanes(streams: usize, law: i32, first: f64, count: i32, out: usize, scale: f32): void {
  let draw = <u64>first;
  while (count > 0) {
    let some = min(count, 4088);
    memory.copy(out, drawLanes(streams, law, draw, some, buffer, scale), some << 4);
    draw += some;
    out += some << 4;
    count -= some;
  }
}

/** Where `contiguousNormals` writes. */
export function drawBuffer(): usize {
  return buffer;
}

/** The normals of 4 `quads` (at most 1024) blocks of one stream, in order, in the buffer: lane k works on every fourth block. */
export function contiguousNormals(k0: u32, k1: u32, s0: u32, s1: u32, firstBlock: f64, quads: i32): void {
  let key0 = i32x4.splat(k0), key1 = i32x4.splat(k1), name0 = i32x4.splat(s0), name1 = i32x4.splat(s1);
  let block = <u64>firstBlock;
  let one = f32x4.splat(1.0);
  for (let i = 0, out = buffer; i < quads; i++, block += 4, out += 64) {
    let c0 = i32x4.add(i32x4.splat(<i32>block), i32x4(0, 1, 2, 3));
    let carry = i32x4.lt_u(c0, i32x4.splat(<i32>block));
    philox(key0, key1, name0, name1, c0, i32x4.sub(i32x4.splat(<i32>(block >> 32)), carry));
    let w2 = words2;
    let w3 = words3;
    boxMuller(words0, words1, one);
    let a = first, b = second;
    boxMuller(w2, w3, one);
    // Four lanes of four draws each, transposed.
    let ab0 = v128.shuffle<u32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<u32>(a, b, 2, 6, 3, 7);
    let cd0 = v128.shuffle<u32>(first, second, 0, 4, 1, 5), cd1 = v128.shuffle<u32>(first, second, 2, 6, 3, 7);
    v128.store(out, v128.shuffle<u64>(ab0, cd0, 0, 2));
    v128.store(out, v128.shuffle<u64>(ab0, cd0, 1, 3), 16);
    v128.store(out, v128.shuffle<u64>(ab1, cd1, 0, 2), 32);
    v128.store(out, v128.shuffle<u64>(ab1, cd1, 1, 3), 48);
  }
}
