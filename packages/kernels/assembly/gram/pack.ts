// Panels of 32 bytes a step: eight vectors in float32, or four in float64.

// @ts-ignore: decorator
@inline
function scaled<T>(x: v128, shift: v128, scale: v128): v128 {
  return sizeof<T>() == 4 ? f32x4.mul(f32x4.sub(x, shift), scale) : f64x2.mul(f64x2.sub(x, shift), scale);
}

/** Vectors of a panel. */
// @ts-ignore: decorator
@inline
function panelVectors<T>(): i32 {
  return 32 / <i32>sizeof<T>();
}

// @ts-ignore: decorator
@inline
function packColumns<T>(x: usize, stride: usize, length: i32, vectors: i32, shifts: usize, scales: usize, out: usize): void {
  for (let first = 0; first < vectors; first += panelVectors<T>()) {
    let at = x + <usize>first * sizeof<T>();
    let s0 = v128.load(shifts), s1 = v128.load(shifts, 16), f0 = v128.load(scales), f1 = v128.load(scales, 16);
    if (first + panelVectors<T>() <= vectors) {
      for (let k = 0; k < length; k++, at += stride, out += 32) {
        v128.store(out, scaled<T>(v128.load(at), s0, f0));
        v128.store(out, scaled<T>(v128.load(at, 16), s1, f1), 16);
      }
    } else {
      let rest = <usize>(vectors - first) * sizeof<T>();
      for (let k = 0; k < length; k++, at += stride, out += 32) {
        memory.fill(out, 0, 32);
        for (let i: usize = 0; i < rest; i += sizeof<T>()) store<T>(out + i, (load<T>(at + i) - load<T>(shifts + i)) * load<T>(scales + i));
      }
    }
    shifts += 32;
    scales += 32;
  }
}

// @ts-ignore: decorator
@inline
function packRows<T>(x: usize, stride: usize, length: i32, vectors: i32, shifts: usize, scales: usize, out: usize): void {
  let some = panelVectors<T>();
  let bytes = <usize>length * sizeof<T>();
  memory.fill(out, 0, <usize>((vectors + some - 1) / some) * <usize>length << 5);
  for (let v = 0; v < vectors; v++, x += stride) {
    let to = out + (<usize>(v / some) * <usize>length << 5) + <usize>(v % some) * sizeof<T>();
    for (let k: usize = 0; k < bytes; k += sizeof<T>(), to += 32) store<T>(to, (load<T>(x + k) - load<T>(shifts + k)) * load<T>(scales + k));
  }
}

/**
 * Puts `vectors` columns of x, rows of `stride` bytes, into panels of eight, zeros behind the last: out [ceil(vectors / 8)][length][8] float32 =
 * (x[k][vector] - shifts[vector]) scales[vector]. `shifts` and `scales` are float32 with room for whole panels.
 */
export function packColumns32(x: usize, stride: usize, length: i32, vectors: i32, shifts: usize, scales: usize, out: usize): void {
  packColumns<f32>(x, stride, length, vectors, shifts, scales, out);
}

/** The same of rows: out [ceil(vectors / 8)][length][8] = (x[vector][k] - shifts[k]) scales[k]. */
export function packRows32(x: usize, stride: usize, length: i32, vectors: i32, shifts: usize, scales: usize, out: usize): void {
  packRows<f32>(x, stride, length, vectors, shifts, scales, out);
}

/** As `packColumns32`, in float64 and panels of four. */
export function packColumns64(x: usize, stride: usize, length: i32, vectors: i32, shifts: usize, scales: usize, out: usize): void {
  packColumns<f64>(x, stride, length, vectors, shifts, scales, out);
}

/** As `packRows32`, in float64 and panels of four. */
export function packRows64(x: usize, stride: usize, length: i32, vectors: i32, shifts: usize, scales: usize, out: usize): void {
  packRows<f64>(x, stride, length, vectors, shifts, scales, out);
}
