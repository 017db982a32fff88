// @ts-ignore: decorator
@inline
function addTo(out: usize, sums: v128): void {
  v128.store(out, f64x2.add(v128.load(out), sums));
}

/** out [4][4], rows of `stride` bytes, += the products of the four vectors at `a` with the four at `b`, panels [length][4], all float64. */
function tile(a: usize, b: usize, length: i32, out: usize, stride: usize): void {
  let c00 = f64x2.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
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
  addTo(out, c00);
  addTo(out + 16, c01);
  out += stride;
  addTo(out, c10);
  addTo(out + 16, c11);
  out += stride;
  addTo(out, c20);
  addTo(out + 16, c21);
  out += stride;
  addTo(out, c30);
  addTo(out + 16, c31);
}

/** As `multiply32`, for panels [length][4] float64: out [4 panelsA][4 panelsB] += A B^T. */
export function multiply64(a: usize, panelsA: i32, b: usize, panelsB: i32, length: i32, out: usize, triangle: bool): void {
  let bytes = <usize>length << 5;
  let stride = <usize>panelsB << 5;
  for (let i = 0; i < panelsA; i++, a += bytes, out += stride << 2)
    for (let j = triangle ? i : 0; j < panelsB; j++) tile(a, b + <usize>j * bytes, length, out + (<usize>j << 5), stride);
}
