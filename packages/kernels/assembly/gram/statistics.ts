// What is known of the columns of a matrix before their products are made, block of rows by block of rows, in float64.

/** Four numbers from `at` on, as float64: the lower two, and the upper two. */
// @ts-ignore: decorator
@inline
function low<T>(at: usize): v128 {
  return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(at)) : v128.load(at);
}
// @ts-ignore: decorator
@inline
function high<T>(at: usize): v128 {
  return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(at, 8)) : v128.load(at, 16);
}

// @ts-ignore: decorator
@inline
function ranges<T>(x: usize, rows: i32, columns: i32, factor: f64, lowest: usize, highest: usize, sums: usize): void {
  let whole = columns & ~3;
  let by = f64x2.splat(factor);
  for (let r = 0; r < rows; r++) {
    for (let c: usize = 0; c < <usize>whole; c += 4, x += 4 * sizeof<T>()) {
      let least = lowest + c * sizeof<T>(), most = highest + c * sizeof<T>(), sum = sums + (c << 3);
      for (let k: usize = 0; k < 4 * sizeof<T>(); k += 16) {
        let v = v128.load(x + k), l = v128.load(least + k), m = v128.load(most + k);
        v128.store(least + k, sizeof<T>() == 4 ? f32x4.pmin(l, v) : f64x2.pmin(l, v));
        v128.store(most + k, sizeof<T>() == 4 ? f32x4.pmax(m, v) : f64x2.pmax(m, v));
      }
      v128.store(sum, f64x2.add(v128.load(sum), f64x2.mul(low<T>(x), by)));
      v128.store(sum, f64x2.add(v128.load(sum, 16), f64x2.mul(high<T>(x), by)), 16);
    }
    for (let c = <usize>whole; c < <usize>columns; c++, x += sizeof<T>()) {
      let v = load<T>(x);
      let least = lowest + c * sizeof<T>(), most = highest + c * sizeof<T>(), sum = sums + (c << 3);
      if (v < load<T>(least)) store<T>(least, v);
      if (v > load<T>(most)) store<T>(most, v);
      store<f64>(sum, load<f64>(sum) + <f64>v * factor);
    }
  }
}

/** Sums of eight lanes while a row goes by. */
// @ts-ignore: decorator
@lazy const lanes: usize = memory.data(128, 16);

/** The sum of the eight lanes at `at`. */
// @ts-ignore: decorator
@inline
function laneSum(at: usize): f64 {
  let pair = f64x2.add(f64x2.add(v128.load(at), v128.load(at, 32)), f64x2.add(v128.load(at, 16), v128.load(at, 48)));
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

// @ts-ignore: decorator
@inline
function spreads<T>(x: usize, rows: i32, columns: i32, factor: f64, shifts: usize, means: usize, squares: usize, totals: usize): void {
  let whole = columns & ~7;
  let by = f64x2.splat(factor);
  for (let r = 0; r < rows; r++) {
    let own0 = f64x2.splat(0), own1 = own0, own2 = own0, own3 = own0, along0 = own0, along1 = own0, along2 = own0, along3 = own0;
    let at: usize = 0;
    for (let end = <usize>whole << 3; at < end; at += 64, x += 8 * sizeof<T>()) {
      let shift = shifts + at, mean = means + at, square = squares + at;
      let d0 = f64x2.sub(f64x2.mul(low<T>(x), by), v128.load(shift));
      let d1 = f64x2.sub(f64x2.mul(high<T>(x), by), v128.load(shift, 16));
      let d2 = f64x2.sub(f64x2.mul(low<T>(x + 4 * sizeof<T>()), by), v128.load(shift, 32));
      let d3 = f64x2.sub(f64x2.mul(high<T>(x + 4 * sizeof<T>()), by), v128.load(shift, 48));
      along0 = f64x2.add(along0, f64x2.mul(d0, v128.load(mean)));
      along1 = f64x2.add(along1, f64x2.mul(d1, v128.load(mean, 16)));
      along2 = f64x2.add(along2, f64x2.mul(d2, v128.load(mean, 32)));
      along3 = f64x2.add(along3, f64x2.mul(d3, v128.load(mean, 48)));
      d0 = f64x2.mul(d0, d0);
      d1 = f64x2.mul(d1, d1);
      d2 = f64x2.mul(d2, d2);
      d3 = f64x2.mul(d3, d3);
      own0 = f64x2.add(own0, d0);
      own1 = f64x2.add(own1, d1);
      own2 = f64x2.add(own2, d2);
      own3 = f64x2.add(own3, d3);
      v128.store(square, f64x2.add(v128.load(square), d0));
      v128.store(square, f64x2.add(v128.load(square, 16), d1), 16);
      v128.store(square, f64x2.add(v128.load(square, 32), d2), 32);
      v128.store(square, f64x2.add(v128.load(square, 48), d3), 48);
    }
    v128.store(lanes, own0);
    v128.store(lanes, own1, 16);
    v128.store(lanes, own2, 32);
    v128.store(lanes, own3, 48);
    v128.store(lanes, along0, 64);
    v128.store(lanes, along1, 80);
    v128.store(lanes, along2, 96);
    v128.store(lanes, along3, 112);
    // The last columns belong to the first lanes.
    for (let lane = lanes, end = <usize>columns << 3; at < end; at += 8, lane += 8, x += sizeof<T>()) {
      let d = <f64>load<T>(x) * factor - load<f64>(shifts + at);
      store<f64>(lane, load<f64>(lane, 64) + d * load<f64>(means + at), 64);
      store<f64>(lane, load<f64>(lane) + d * d);
      store<f64>(squares + at, load<f64>(squares + at) + d * d);
    }
    let own = laneSum(lanes), along = laneSum(lanes + 64);
    store<f64>(totals, load<f64>(totals) + own);
    store<f64>(totals, load<f64>(totals, 8) + own * own, 8);
    store<f64>(totals, load<f64>(totals, 16) + along * along, 16);
  }
}

/** Widens the ranges of the columns, `lowest` and `highest` float32 [columns], by the rows of x [rows][columns] float32, and adds x `factor` to `sums` f64 [columns]. */
export function ranges32(x: usize, rows: i32, columns: i32, factor: f64, lowest: usize, highest: usize, sums: usize): void {
  ranges<f32>(x, rows, columns, factor, lowest, highest, sums);
}

/** The same of float64. */
export function ranges64(x: usize, rows: i32, columns: i32, factor: f64, lowest: usize, highest: usize, sums: usize): void {
  ranges<f64>(x, rows, columns, factor, lowest, highest, sums);
}

/**
 * With d = x `factor` - shifts for x [rows][columns] float32: adds d^2 to `squares`; and to `totals` f64 [3] every row's q = sum d^2, q^2, and (sum d means)^2. A row's sums are made in eight lanes, column c in lane
 * c mod 8. `shifts`, `means` and `squares` are f64 [columns].
 */
export function spreads32(x: usize, rows: i32, columns: i32, factor: f64, shifts: usize, means: usize, squares: usize, totals: usize): void {
  spreads<f32>(x, rows, columns, factor, shifts, means, squares, totals);
}

/** The same of float64. */
export function spreads64(x: usize, rows: i32, columns: i32, factor: f64, shifts: usize, means: usize, squares: usize, totals: usize): void {
  spreads<f64>(x, rows, columns, factor, shifts, means, squares, totals);
}
