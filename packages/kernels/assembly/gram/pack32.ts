/**
 * Puts `vectors` columns of x, rows of `stride` bytes, into panels of eight, zeros behind the last: out [ceil(vectors / 8)][length][8] float32 =
 * (x[k][vector] - shifts[vector]) scales[vector]. `shifts` and `scales` are float32 with room for whole panels.
 */
export function packColumns32(x: usize, stride: usize, length: i32, vectors: i32, shifts: usize, scales: usize, out: usize): void {
  for (let first = 0; first < vectors; first += 8) {
    let at = x + (<usize>first << 2);
    let s0 = v128.load(shifts), s1 = v128.load(shifts, 16), f0 = v128.load(scales), f1 = v128.load(scales, 16);
    if (first + 8 <= vectors) {
      for (let k = 0; k < length; k++, at += stride, out += 32) {
        v128.store(out, f32x4.mul(f32x4.sub(v128.load(at), s0), f0));
        v128.store(out, f32x4.mul(f32x4.sub(v128.load(at, 16), s1), f1), 16);
      }
    } else {
      let rest = <usize>(vectors - first) << 2;
      for (let k = 0; k < length; k++, at += stride, out += 32) {
        memory.fill(out, 0, 32);
        for (let i: usize = 0; i < rest; i += 4) store<f32>(out + i, (load<f32>(at + i) - load<f32>(shifts + i)) * load<f32>(scales + i));
      }
    }
    shifts += 32;
    scales += 32;
  }
}

/** The same of rows: out [ceil(vectors / 8)][length][8] = (x[vector][k] - shifts[k]) scales[k]. */
export function packRows32(x: usize, stride: usize, length: i32, vectors: i32, shifts: usize, scales: usize, out: usize): void {
  memory.fill(out, 0, <usize>((vectors + 7) & ~7) * <usize>length << 2);
  for (let v = 0; v < vectors; v++, x += stride) {
    let to = out + (<usize>(v >> 3) * <usize>length << 5) + (<usize>(v & 7) << 2);
    for (let k: usize = 0, bytes = <usize>length << 2; k < bytes; k += 4, to += 32)
      store<f32>(to, (load<f32>(x + k) - load<f32>(shifts + k)) * load<f32>(scales + k));
  }
}
