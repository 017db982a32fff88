/**
 * Puts `vectors` columns of x, rows of `stride` bytes, into panels of four, zeros behind the last: out [ceil(vectors / 4)][length][4] float64 =
 * (x[k][vector] - shifts[vector]) scales[vector]. `shifts` and `scales` are float64 with room for whole panels.
 */
export function packColumns64(x: usize, stride: usize, length: i32, vectors: i32, shifts: usize, scales: usize, out: usize): void {
  for (let first = 0; first < vectors; first += 4) {
    let at = x + (<usize>first << 3);
    let s0 = v128.load(shifts), s1 = v128.load(shifts, 16), f0 = v128.load(scales), f1 = v128.load(scales, 16);
    if (first + 4 <= vectors) {
      for (let k = 0; k < length; k++, at += stride, out += 32) {
        v128.store(out, f64x2.mul(f64x2.sub(v128.load(at), s0), f0));
        v128.store(out, f64x2.mul(f64x2.sub(v128.load(at, 16), s1), f1), 16);
      }
    } else {
      let rest = <usize>(vectors - first) << 3;
      for (let k = 0; k < length; k++, at += stride, out += 32) {
        memory.fill(out, 0, 32);
        for (let i: usize = 0; i < rest; i += 8) store<f64>(out + i, (load<f64>(at + i) - load<f64>(shifts + i)) * load<f64>(scales + i));
      }
    }
    shifts += 32;
    scales += 32;
  }
}

/** The same of rows: out [ceil(vectors / 4)][length][4] = (x[vector][k] - shifts[k]) scales[k]. */
export function packRows64(x: usize, stride: usize, length: i32, vectors: i32, shifts: usize, scales: usize, out: usize): void {
  memory.fill(out, 0, <usize>((vectors + 3) & ~3) * <usize>length << 3);
  for (let v = 0; v < vectors; v++, x += stride) {
    let to = out + (<usize>(v >> 2) * <usize>length << 5) + (<usize>(v & 3) << 3);
    for (let k: usize = 0, bytes = <usize>length << 3; k < bytes; k += 8, to += 32)
      store<f64>(to, (load<f64>(x + k) - load<f64>(shifts + k)) * load<f64>(scales + k));
  }
}
