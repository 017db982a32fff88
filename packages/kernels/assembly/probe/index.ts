// For test/elementary.test.ts: reaches functions that no module exports; each is applied in place to `count` vectors of the buffer.
import { cosOfHalf, exp, expm1Negative, halfSineOfWord, minusTwoLogOfWord, signOfWord, sinOfHalf } from "../ensemble/float";
import { circle, cosines, sines } from "../math/circle";

const data: usize = memory.data(65536, 16);

export function buffer(): usize {
  return data;
}

export function applyLogOfWord(count: i32): void {
  for (let p = data, end = data + (count << 4); p < end; p += 16) v128.store(p, f32x4.mul(minusTwoLogOfWord(v128.load(p)), f32x4.splat(-0.5)));
}

export function applyExp(count: i32): void {
  for (let p = data, end = data + (count << 4); p < end; p += 16) v128.store(p, exp(v128.load(p)));
}

export function applyExpm1(count: i32): void {
  for (let p = data, end = data + (count << 4); p < end; p += 16) v128.store(p, expm1Negative(v128.load(p)));
}

/** Turns words into the sines of 2 pi w 2^-32. */
export function applySin(count: i32): void {
  for (let p = data, end = data + (count << 4); p < end; p += 16) {
    let w = v128.load(p);
    let h = halfSineOfWord(w);
    v128.store(p, v128.xor(sinOfHalf(h, f32x4.mul(h, h)), signOfWord(w)));
  }
}

export function applyCos(count: i32): void {
  for (let p = data, end = data + (count << 4); p < end; p += 16) {
    let w = v128.load(p);
    let h = halfSineOfWord(w);
    v128.store(p, v128.xor(cosOfHalf(f32x4.mul(h, h)), signOfWord(w)));
  }
}

/** Turns float64 angles in [0, 2 pi) into their sines or cosines, two a vector. */
export function applyCircle(count: i32, cosine: bool): void {
  for (let p = data, end = data + (count << 4); p < end; p += 16) {
    circle(v128.load(p));
    v128.store(p, cosine ? cosines : sines);
  }
}
