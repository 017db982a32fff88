// Windows on the way back: tap t of window w reads position table[w taps + t] of [points][positions][channels][4], or nothing where that is -1.

/** rows [windows][taps][channels][4] = what the windows of one point see. */
export function gatherWindows(x: usize, channels: i32, windows: i32, taps: i32, table: usize, rows: usize): void {
  let bytes = <usize>channels << 4;
  for (let end = table + (<usize>(windows * taps) << 2); table < end; table += 4, rows += bytes) {
    let position = load<i32>(table);
    if (position < 0) memory.fill(rows, 0, bytes);
    else memory.copy(rows, x + <usize>position * bytes, bytes);
  }
}

/** Adds every tap to the position of one point that it was read from. */
export function scatterWindows(rows: usize, channels: i32, windows: i32, taps: i32, table: usize, x: usize): void {
  let bytes = <usize>channels << 4;
  for (let end = table + (<usize>(windows * taps) << 2); table < end; table += 4, rows += bytes) {
    let position = load<i32>(table);
    if (position < 0) continue;
    let to = x + <usize>position * bytes;
    for (let c: usize = 0; c < bytes; c += 16) v128.store(to + c, f32x4.add(v128.load(to + c), v128.load(rows + c)));
  }
}

/** dx [points][positions][channels][4] of the mean over each window, from dy [points][windows][channels][4]. */
export function averagePoolGradient(dy: usize, points: i32, positions: i32, channels: i32, windows: i32, taps: i32, table: usize, dx: usize): void {
  let row = <usize>channels << 4;
  let share = f32x4.splat(1.0 / <f32>taps);
  memory.fill(dx, 0, <usize>(points * positions) * row);
  for (let p = 0; p < points; p++, dx += <usize>positions * row)
    for (let w = 0, first = table; w < windows; w++, first += <usize>taps << 2)
      for (let c: usize = 0; c < row; c += 16, dy += 16) {
        let d = f32x4.mul(v128.load(dy), share);
        for (let t: usize = 0; t < <usize>taps << 2; t += 4) {
          let to = dx + <usize>load<i32>(first + t) * row + c;
          v128.store(to, f32x4.add(v128.load(to), d));
        }
      }
}

/** The same of the largest value: all of dy goes to the first of the largest. */
export function maxPoolGradient(x: usize, dy: usize, points: i32, positions: i32, channels: i32, windows: i32, taps: i32, table: usize, dx: usize): void {
  let row = <usize>channels << 4;
  memory.fill(dx, 0, <usize>(points * positions) * row);
  let toGradient = dx - x;
  for (let p = 0; p < points; p++, x += <usize>positions * row)
    for (let w = 0, first = table; w < windows; w++, first += <usize>taps << 2)
      for (let c: usize = 0; c < row; c += 16, dy += 16) {
        let at = x + <usize>load<i32>(first) * row + c;
        let largest = v128.load(at);
        let index = i32x4.splat(0);
        for (let t: usize = 4; t < <usize>taps << 2; t += 4) {
          let v = v128.load(x + <usize>load<i32>(first + t) * row + c);
          let larger = f32x4.gt(v, largest);
          largest = v128.bitselect(v, largest, larger);
          index = v128.bitselect(i32x4.splat(<i32>t), index, larger);
        }
        let d = v128.load(dy);
        for (let t: usize = 0; t < <usize>taps << 2; t += 4) {
          let to = x + <usize>load<i32>(first + t) * row + c + toGradient;
          v128.store(to, f32x4.add(v128.load(to), v128.and(d, i32x4.eq(index, i32x4.splat(<i32>t)))));
        }
      }
}
