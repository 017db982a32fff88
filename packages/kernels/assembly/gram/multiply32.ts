/** Adds four sums in float32 to as many in float64. */
// @ts-ignore: decorator
@inline
function addTo(out: usize, sums: v128): void {
  v128.store(out, f64x2.add(v128.load(out), f64x2.promote_low_f32x4(sums)));
  v128.store(out, f64x2.add(v128.load(out, 16), f64x2.promote_low_f32x4(v128.shuffle<u64>(sums, sums, 1, 0))), 16);
}

/** out [4][8] float64, rows of `row` bytes, += the products of four of eight vectors at `a` with the eight at `b`, panels [length][8] float32. */
function tile(a: usize, b: usize, length: i32, out: usize, row: usize): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  for (let end = b + (<usize>length << 5); b < end; a += 32, b += 32) {
    let b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(x, b0));
    c31 = f32x4.add(c31, f32x4.mul(x, b1));
  }
  addTo(out, c00);
  addTo(out + 32, c01);
  out += row;
  addTo(out, c10);
  addTo(out + 32, c11);
  out += row;
  addTo(out, c20);
  addTo(out + 32, c21);
  out += row;
  addTo(out, c30);
  addTo(out + 32, c31);
}

/**
 * out float64 += A B^T for vectors in panels [length][8] float32, summed in float32 over the length of this call. The products of vector i of A with panel j of B begin at i `row` + j `panel` bytes. With
 * `triangle` (a = b) only panels of B from the one of A on.
 */
export function multiply32(a: usize, panelsA: i32, b: usize, panelsB: i32, length: i32, out: usize, row: usize, panel: usize, triangle: bool): void {
  let bytes = <usize>length << 5;
  for (let j = 0; j < panelsB; j++, b += bytes, out += panel) {
    let above = triangle ? min(panelsA, j + 1) : panelsA;
    for (let i = 0, left = a, to = out; i < above; i++, left += bytes, to += row << 3) {
      tile(left, b, length, to, row);
      tile(left + 16, b, length, to + (row << 2), row);
    }
  }
}
