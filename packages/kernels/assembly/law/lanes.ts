/** Copies each of `count` float64 into the four lanes of a value; `out` may not overlap `values`. */
export function broadcastLanes(values: usize, count: i32, out: usize): void {
  for (let end = values + (<usize>count << 3); values < end; values += 8, out += 32) {
    let value = v128.load64_splat(values);
    v128.store(out, value);
    v128.store(out, value, 16);
  }
}

/** Takes the lanes of [count][4] apart: out is [4][count] and may not overlap `values`. */
export function separateLanes(values: usize, count: i32, out: usize): void {
  let stride = <usize>count << 3;
  let i = 0;
  for (; i + 2 <= count; i += 2, values += 64, out += 16) {
    let a01 = v128.load(values), a23 = v128.load(values, 16), b01 = v128.load(values, 32), b23 = v128.load(values, 48);
    v128.store(out, v128.shuffle<i64>(a01, b01, 0, 2));
    v128.store(out + stride, v128.shuffle<i64>(a01, b01, 1, 3));
    v128.store(out + 2 * stride, v128.shuffle<i64>(a23, b23, 0, 2));
    v128.store(out + 3 * stride, v128.shuffle<i64>(a23, b23, 1, 3));
  }
  if (i < count) for (let lane: usize = 0; lane < 4; lane++) store<f64>(out + lane * stride, load<f64>(values + (lane << 3)));
}
