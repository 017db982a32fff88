// Gram and Schmidt's orthogonalisation of rows [units][4] float64, four lanes at a time; a row's `length` is in bytes, two vectors a value.

/** The sums of the last `dot`: lanes 0 and 1, lanes 2 and 3. */
export let dot01: v128 = f64x2(0, 0);
export let dot23: v128 = f64x2(0, 0);

/** Adds a product to a sum. */
// @ts-ignore: decorator
@inline
function plus(sum: v128, a: v128, b: v128): v128 {
  return f64x2.add(sum, f64x2.mul(a, b));
}

/** dot01, dot23 = the sum of a b over the units, in four interleaved parts (which also hide the latency of the additions). */
export function dot(a: usize, b: usize, length: usize): void {
  let zero = f64x2.splat(0);
  let s0 = zero, s1 = zero, s2 = zero, s3 = zero, t0 = zero, t1 = zero, t2 = zero, t3 = zero;
  let whole = a + (length & ~127);
  for (; a < whole; a += 128, b += 128) {
    s0 = plus(s0, v128.load(a), v128.load(b));
    t0 = plus(t0, v128.load(a, 16), v128.load(b, 16));
    s1 = plus(s1, v128.load(a, 32), v128.load(b, 32));
    t1 = plus(t1, v128.load(a, 48), v128.load(b, 48));
    s2 = plus(s2, v128.load(a, 64), v128.load(b, 64));
    t2 = plus(t2, v128.load(a, 80), v128.load(b, 80));
    s3 = plus(s3, v128.load(a, 96), v128.load(b, 96));
    t3 = plus(t3, v128.load(a, 112), v128.load(b, 112));
  }
  for (let end = a + (length & 127); a < end; a += 32, b += 32) {
    s0 = plus(s0, v128.load(a), v128.load(b));
    t0 = plus(t0, v128.load(a, 16), v128.load(b, 16));
  }
  dot01 = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
  dot23 = f64x2.add(f64x2.add(t0, t1), f64x2.add(t2, t3));
}

/** Adds a component to an entry of the coordinates. */
// @ts-ignore: decorator
@inline
function record(entry: usize, c01: v128, c23: v128): void {
  v128.store(entry, f64x2.add(v128.load(entry), c01));
  v128.store(entry, f64x2.add(v128.load(entry, 16), c23), 16);
}

/** Takes the component along the direction q out of `rest` and adds it to `entry`. */
function projectOne(q: usize, rest: usize, length: usize, entry: usize): void {
  dot(q, rest, length);
  let c01 = dot01, c23 = dot23;
  record(entry, c01, c23);
  for (let end = q + length; q < end; q += 32, rest += 32) {
    v128.store(rest, f64x2.sub(v128.load(rest), f64x2.mul(c01, v128.load(q))));
    v128.store(rest, f64x2.sub(v128.load(rest, 16), f64x2.mul(c23, v128.load(q, 16))), 16);
  }
}

/**
 * The same along K directions (1 to 4, a constant after inlining) at once, rows one after the other from q, with entries at the offsets `columns` of `own`: `rest`
 * is read and written once for all.
 */
// @ts-ignore: decorator
@inline
function project(K: i32, q: usize, rest: usize, length: usize, own: usize, columns: usize): void {
  let zero = f64x2.splat(0);
  let a01 = zero, a23 = zero, b01 = zero, b23 = zero, c01 = zero, c23 = zero, d01 = zero, d23 = zero;
  let qa = q, qb = qa + length, qc = qb + length, qd = qc + length;
  let end = rest + length;
  for (let r = rest; r < end; r += 32, qa += 32, qb += 32, qc += 32, qd += 32) {
    let r01 = v128.load(r), r23 = v128.load(r, 16);
    a01 = plus(a01, r01, v128.load(qa));
    a23 = plus(a23, r23, v128.load(qa, 16));
    if (K > 1) {
      b01 = plus(b01, r01, v128.load(qb));
      b23 = plus(b23, r23, v128.load(qb, 16));
    }
    if (K > 2) {
      c01 = plus(c01, r01, v128.load(qc));
      c23 = plus(c23, r23, v128.load(qc, 16));
    }
    if (K > 3) {
      d01 = plus(d01, r01, v128.load(qd));
      d23 = plus(d23, r23, v128.load(qd, 16));
    }
  }
  record(own + load<u32>(columns), a01, a23);
  if (K > 1) record(own + load<u32>(columns, 4), b01, b23);
  if (K > 2) record(own + load<u32>(columns, 8), c01, c23);
  if (K > 3) record(own + load<u32>(columns, 12), d01, d23);
  qa = q;
  qb = qa + length;
  qc = qb + length;
  qd = qc + length;
  for (let r = rest; r < end; r += 32, qa += 32, qb += 32, qc += 32, qd += 32) {
    let t01 = f64x2.mul(a01, v128.load(qa)), t23 = f64x2.mul(a23, v128.load(qa, 16));
    if (K > 1) {
      t01 = plus(t01, b01, v128.load(qb));
      t23 = plus(t23, b23, v128.load(qb, 16));
    }
    if (K > 2) {
      t01 = plus(t01, c01, v128.load(qc));
      t23 = plus(t23, c23, v128.load(qc, 16));
    }
    if (K > 3) {
      t01 = plus(t01, d01, v128.load(qd));
      t23 = plus(t23, d23, v128.load(qd, 16));
    }
    v128.store(r, f64x2.sub(v128.load(r), t01));
    v128.store(r, f64x2.sub(v128.load(r, 16), t23), 16);
  }
}

/**
 * Takes the components along the `count` orthonormal directions that came before the p-th, the rows of `basis`, out of `rest` and adds them to the entries of `own`
 * at the byte offsets `columns` (u32, ascending). Twice over: what the first pass leaves by rounding the second takes, which is as accurate as Householder's
 * reflections. Directions are taken four columns at a time, by their numbers and not by which of them exist, so that no lane's sums depend on the other lanes.
 */
export function takeOut(p: i32, basis: usize, count: i32, rest: usize, length: usize, own: usize, columns: usize): void {
  let whole = <u32>(p & ~3) << 5;
  let last = columns + (count << 2);
  for (let pass = 0; pass < 2; pass++) {
    let q = basis;
    for (let at = columns; at < last; ) {
      let column = load<u32>(at);
      let next = at + 4;
      if (column >= whole) projectOne(q, rest, length, own + column);
      else {
        while (next < last && load<u32>(next) >> 7 == column >> 7) next += 4;
        let some = <i32>(next - at) >> 2;
        if (some == 4) project(4, q, rest, length, own, at);
        else if (some == 3) project(3, q, rest, length, own, at);
        else if (some == 2) project(2, q, rest, length, own, at);
        else project(1, q, rest, length, own, at);
      }
      q += (next - at >> 2) * length;
      at = next;
    }
  }
}

/** Multiplies a row by f where `mask` is set; elsewhere it becomes 0, whatever it was. */
export function scaleWhere(row: usize, length: usize, f01: v128, f23: v128, mask01: v128, mask23: v128): void {
  for (let end = row + length; row < end; row += 32) {
    v128.store(row, v128.and(f64x2.mul(v128.load(row), f01), mask01));
    v128.store(row, v128.and(f64x2.mul(v128.load(row, 16), f23), mask23), 16);
  }
}
