import { drawLanes } from "../ensemble/draws";

/** Vectors of float32 draws that are made before they are widened. */
const CHUNK: i32 = 1024;

// @ts-ignore: decorator
@lazy const buffer: usize = memory.data(16480, 16);

/** Writes draws first, first + 1, ... of four streams to out [count][4], float64: the float32 draws of the ensemble kernels, times `scale`. */
export function widenDraws(streams: usize, law: i32, first: u64, count: i32, out: usize, scale: f64): void {
  let factor = f64x2.splat(scale);
  while (count > 0) {
    let some = min(count, CHUNK);
    let draws = drawLanes(streams, law, first, some, buffer, 1.0);
    for (let end = draws + (<usize>some << 4); draws < end; draws += 16, out += 32) {
      let four = v128.load(draws);
      v128.store(out, f64x2.mul(f64x2.promote_low_f32x4(four), factor));
      v128.store(out, f64x2.mul(f64x2.promote_low_f32x4(v128.shuffle<u64>(four, four, 1, 0)), factor), 16);
    }
    first += some;
    count -= some;
  }
}

/** The same for a first draw given as a whole float64. */
export function fillLanes(streams: usize, law: i32, first: f64, count: i32, out: usize, scale: f64): void {
  widenDraws(streams, law, <u64>first, count, out, scale);
}
