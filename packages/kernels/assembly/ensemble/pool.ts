// Pooling over windows: tap t of window w reads position table[w taps + t] of [points][positions][channels][4].

/** out [points][windows][channels][4] = the mean over each window's taps, summed in float64. */
export function averagePool(x: usize, points: i32, positions: i32, channels: i32, windows: i32, taps: i32, table: usize, out: usize): void {
  let row = <usize>channels << 4;
  let share = f64x2.splat(1.0 / <f64>taps);
  for (let p = 0; p < points; p++, x += <usize>positions * row)
    for (let w = 0, first = table; w < windows; w++, first += <usize>taps << 2)
      for (let c: usize = 0; c < row; c += 16, out += 16) {
        let low = f64x2.splat(0), high = f64x2.splat(0);
        for (let t: usize = 0; t < <usize>taps << 2; t += 4) {
          let v = v128.load(x + <usize>load<i32>(first + t) * row + c);
          low = f64x2.add(low, f64x2.promote_low_f32x4(v));
          high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<i64>(v, v, 1, 1)));
        }
        low = f32x4.demote_f64x2_zero(f64x2.mul(low, share));
        high = f32x4.demote_f64x2_zero(f64x2.mul(high, share));
        v128.store(out, v128.shuffle<i64>(low, high, 0, 2));
      }
}

/** out = the largest value over each window's taps; where `dx` is not 0, dy = the tangent of the first largest one. */
export function maxPool(x: usize, points: i32, positions: i32, channels: i32, windows: i32, taps: i32, table: usize, out: usize, dx: usize, dy: usize): void {
  let row = <usize>channels << 4;
  let toTangent = dx - x, fromOut = dy - out;
  for (let p = 0; p < points; p++, x += <usize>positions * row)
    for (let w = 0, first = table; w < windows; w++, first += <usize>taps << 2)
      for (let c: usize = 0; c < row; c += 16, out += 16) {
        let at = x + <usize>load<i32>(first) * row + c;
        let largest = v128.load(at);
        let tangent = dx ? v128.load(at + toTangent) : largest;
        for (let t: usize = 4; t < <usize>taps << 2; t += 4) {
          at = x + <usize>load<i32>(first + t) * row + c;
          let v = v128.load(at);
          let larger = f32x4.gt(v, largest);
          largest = v128.bitselect(v, largest, larger);
          if (dx) tangent = v128.bitselect(v128.load(at + toTangent), tangent, larger);
        }
        v128.store(out, largest);
        if (dx) v128.store(out + fromOut, tangent);
      }
}
