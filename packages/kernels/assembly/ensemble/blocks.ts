// Blocks of random words and what is made of them, without the words ever going through memory.
import { cosOfHalf, halfSineOfWord, minusTwoLogOfWord, signOfWord, sinOfHalf } from "./float";
import { A, B, high, KEY_STEP0, KEY_STEP1, low, xor3 } from "./philox";

/** Box and Muller's two normals of standard deviation `sd` from the words `w` and `angle`: the definition of `normal` in @sonde/core, in float32. */
// @ts-ignore: decorator
@inline
function normals(w: v128, angle: v128, sd: v128, out: usize): void {
  let radius = v128.xor(f32x4.mul(sd, f32x4.sqrt(minusTwoLogOfWord(w))), signOfWord(angle));
  let h = halfSineOfWord(angle);
  let q = f32x4.mul(h, h);
  v128.store(out, f32x4.mul(radius, cosOfHalf(q)));
  v128.store(out, f32x4.mul(radius, sinOfHalf(h, q)), 16);
}

/** 2 u - 1 times 2^31 `factor`, u from the first word of core's `uniform`. */
// @ts-ignore: decorator
@inline
function centred(w: v128, factor: v128, out: usize): void {
  let s = f32x4.convert_i32x4_s(v128.xor(w, i32x4.splat(0x80000000)));
  v128.store(out, f32x4.mul(f32x4.add(s, f32x4.splat(0.5)), factor));
}

// @ts-ignore: decorator
@lazy const roundKeys: usize = memory.data(320, 16);

/** Takes the second block of a pair where only one was wanted. */
// @ts-ignore: decorator
@lazy const spare: usize = memory.data(64, 16);

/**
 * Encrypts the counters (c0, c1, s0, s1), (c0 + step, c1, s0, s1), ... under the keys (k0, k1) and writes the draws of so many `blocks` to `out`: 4 vectors a block
 * if NORMAL, else 2. What the constant c1, s0 and s1 decide of the first three rounds is made once, and two blocks go side by side, since a round has to wait for
 * the one before it. The loops end with their condition, so that the engine may keep constants in registers.
 */
// @ts-ignore: decorator
@inline
function draw(NORMAL: bool, k0: v128, k1: v128, s0: v128, s1: v128, c0: v128, step: i32, c1: v128, blocks: i32, out: usize, scale: f32): void {
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
  let factor = f32x4.splat(NORMAL ? scale : scale * <f32>(1.0 / 2147483648.0));
  let bytes: usize = NORMAL ? 64 : 32;
  let end = out + <usize>blocks * bytes;
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
    let other = out + bytes < end ? out + bytes : spare;
    if (NORMAL) {
      normals(x0, x1, factor, out);
      normals(x2, x3, factor, out + 32);
      normals(y0, y1, factor, other);
      normals(y2, y3, factor, other + 32);
    } else {
      centred(x0, factor, out);
      centred(x2, factor, out + 16);
      centred(y0, factor, other);
      centred(y2, factor, other + 16);
    }
    c0 = i32x4.add(d0, skip);
    out += 2 * bytes;
  } while (out < end);
}

/** Normals of standard deviation `scale`, [blocks][4][4 lanes]. */
export function normalBlocks(k0: v128, k1: v128, s0: v128, s1: v128, c0: v128, step: i32, c1: v128, blocks: i32, out: usize, scale: f32): void {
  draw(true, k0, k1, s0, s1, c0, step, c1, blocks, out, scale);
}

/** Values uniform on (-scale, scale), [blocks][2][4 lanes]. */
export function uniformBlocks(k0: v128, k1: v128, s0: v128, s1: v128, c0: v128, step: i32, c1: v128, blocks: i32, out: usize, scale: f32): void {
  draw(false, k0, k1, s0, s1, c0, step, c1, blocks, out, scale);
}
