// What is done to values beside weights and activations.
import { exp } from "../ensemble/float";

/** y = a x + b x2, `count` vectors each. */
export function sum(x: usize, x2: usize, count: i32, a: f32, b: f32, y: usize): void {
  let first = f32x4.splat(a), second = f32x4.splat(b);
  for (let end = x + (<usize>count << 4); x < end; x += 16, x2 += 16, y += 16)
    v128.store(y, f32x4.add(f32x4.mul(v128.load(x), first), f32x4.mul(v128.load(x2), second)));
}

/** Leaves `factor` times the gradient at `from` at `to`, or with `adds` adds it to what is there; nothing if `to` is 0. */
export function arrive(to: usize, from: usize, count: i32, adds: i32, factor: f32): void {
  if (!to) return;
  let by = f32x4.splat(factor);
  let end = to + (<usize>count << 4);
  if (adds) for (; to < end; to += 16, from += 16) v128.store(to, f32x4.add(v128.load(to), f32x4.mul(v128.load(from), by)));
  else for (; to < end; to += 16, from += 16) v128.store(to, f32x4.mul(v128.load(from), by));
}

/** y = scales x + shifts, unit by unit: these are [units][4] each, one behind the other. */
export function scaleUnits(x: usize, points: i32, units: i32, scales: usize, y: usize): void {
  let row = <usize>units << 4;
  for (let p = 0; p < points; p++, x += row, y += row)
    for (let c: usize = 0; c < row; c += 16)
      v128.store(y + c, f32x4.add(f32x4.mul(v128.load(x + c), v128.load(scales + c)), v128.load(scales + row + c)));
}

/** The gradients by scales and shifts, with `continues` added to what is there; dy becomes the gradient by x. */
export function scaleUnitsBack(x: usize, dy: usize, points: i32, units: i32, scales: usize, gradients: usize, continues: bool): void {
  let row = <usize>units << 4;
  if (!continues) memory.fill(gradients, 0, 2 * row);
  for (let p = 0; p < points; p++, x += row, dy += row)
    for (let c: usize = 0; c < row; c += 16) {
      let d = v128.load(dy + c);
      let scale = gradients + c, shift = scale + row;
      v128.store(scale, f32x4.add(v128.load(scale), f32x4.mul(v128.load(x + c), d)));
      v128.store(shift, f32x4.add(v128.load(shift), d));
      v128.store(dy + c, f32x4.mul(d, v128.load(scales + c)));
    }
}

/** y = e^x / sum of e^x over the units, at every point. */
export function softmax(x: usize, points: i32, units: i32, y: usize): void {
  let row = <usize>units << 4;
  for (let p = 0; p < points; p++, x += row, y += row) {
    let largest = v128.load(x);
    for (let j: usize = 16; j < row; j += 16) largest = f32x4.max(largest, v128.load(x + j));
    let total = f32x4.splat(0);
    for (let j: usize = 0; j < row; j += 16) {
      let e = exp(f32x4.sub(v128.load(x + j), largest));
      v128.store(y + j, e);
      total = f32x4.add(total, e);
    }
    let share = f32x4.div(f32x4.splat(1), total);
    for (let j: usize = 0; j < row; j += 16) v128.store(y + j, f32x4.mul(v128.load(y + j), share));
  }
}

/** dy = y (dy - sum of y dy over the units), at every point. */
export function softmaxBack(y: usize, dy: usize, points: i32, units: i32): void {
  let row = <usize>units << 4;
  for (let p = 0; p < points; p++, y += row, dy += row) {
    let along = f32x4.splat(0);
    for (let j: usize = 0; j < row; j += 16) along = f32x4.add(along, f32x4.mul(v128.load(y + j), v128.load(dy + j)));
    for (let j: usize = 0; j < row; j += 16) v128.store(dy + j, f32x4.mul(v128.load(y + j), f32x4.sub(v128.load(dy + j), along)));
  }
}
