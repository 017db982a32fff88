/**
 * out [4][4], rows of `row` bytes, += the products of the four vectors at `a` with the four at `b`, panels [length][4], all float64: every entry adds its products one after the other, as the
 * plainest loop would.
 */
function tile(a: usize, b: usize, length: i32, out: usize, row: usize): void {
  let out1 = out + row, out2 = out1 + row, out3 = out2 + row;
  let c00 = v128.load(out), c01 = v128.load(out, 16), c10 = v128.load(out1), c11 = v128.load(out1, 16);
  let c20 = v128.load(out2), c21 = v128.load(out2, 16), c30 = v128.load(out3), c31 = v128.load(out3, 16);
  for (let end = b + (<usize>length << 5); b < end; a += 32, b += 32) {
    let b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load64_splat(a);
    c00 = f64x2.add(c00, f64x2.mul(x, b0));
    c01 = f64x2.add(c01, f64x2.mul(x, b1));
    x = v128.load64_splat(a, 8);
    c10 = f64x2.add(c10, f64x2.mul(x, b0));
    c11 = f64x2.add(c11, f64x2.mul(x, b1));
    x = v128.load64_splat(a, 16);
    c20 = f64x2.add(c20, f64x2.mul(x, b0));
    c21 = f64x2.add(c21, f64x2.mul(x, b1));
    x = v128.load64_splat(a, 24);
    c30 = f64x2.add(c30, f64x2.mul(x, b0));
    c31 = f64x2.add(c31, f64x2.mul(x, b1));
  }
  v128.store(out, c00);
  v128.store(out, c01, 16);
  v128.store(out1, c10);
  v128.store(out1, c11, 16);
  v128.store(out2, c20);
  v128.store(out2, c21, 16);
  v128.store(out3, c30);
  v128.store(out3, c31, 16);
}

/** As `multiply32`, for panels [length][4] float64. */
export function multiply64(a: usize, panelsA: i32, b: usize, panelsB: i32, length: i32, out: usize, row: usize, panel: usize, triangle: bool): void {
  let bytes = <usize>length << 5;
  for (let i = 0; i < panelsA; i++, a += bytes, out += row << 2)
    for (let j = triangle ? i : 0; j < panelsB; j++) tile(a, b + <usize>j * bytes, length, out + <usize>j * panel, row);
}
