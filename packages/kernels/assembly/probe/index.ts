// For test/elementary.test.ts: reaches float32 functions that the module does not export; each is applied in place to `count` vectors of the buffer.
import { angleOfWord, cosSmall, exp, expm1Negative, logOfWord, quadrantOfWord, sinSmall } from "../ensemble/float";

const data: usize = memory.data(65536, 16);

export function buffer(): usize {
  return data;
}

export function applyLogOfWord(count: i32): void {
  for (let p = data, end = data + (count << 4); p < end; p += 16) v128.store(p, logOfWord(v128.load(p)));
}

export function applyExp(count: i32): void {
  for (let p = data, end = data + (count << 4); p < end; p += 16) v128.store(p, exp(v128.load(p)));
}

export function applyExpm1(count: i32): void {
  for (let p = data, end = data + (count << 4); p < end; p += 16) v128.store(p, expm1Negative(v128.load(p)));
}

/** Turns words into sines of the rest of their angle beyond the nearest multiple of pi / 2. */
export function applySin(count: i32): void {
  for (let p = data, end = data + (count << 4); p < end; p += 16) {
    let w = v128.load(p);
    v128.store(p, sinSmall(angleOfWord(w, quadrantOfWord(w))));
  }
}

export function applyCos(count: i32): void {
  for (let p = data, end = data + (count << 4); p < end; p += 16) {
    let w = v128.load(p);
    v128.store(p, cosSmall(angleOfWord(w, quadrantOfWord(w))));
  }
}
