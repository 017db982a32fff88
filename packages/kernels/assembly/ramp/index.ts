// The dual activation of ramps (slope 1 above 0, another below) over a row of kernels, two float64 at a time: Cho and Saul 2009.

/** Numbers in a row, at most. */
const CAPACITY: i32 = 4096;
const BYTES: i32 = 32768;

const nngpRow: usize = memory.data(BYTES, 16);
const ntkRow: usize = memory.data(BYTES, 16);
const sdRow: usize = memory.data(BYTES, 16);
const inverseRow: usize = memory.data(BYTES, 16);

export function capacity(): i32 { return CAPACITY; }
export function nngp(): usize { return nngpRow; }
export function ntk(): usize { return ntkRow; }
export function sd(): usize { return sdRow; }
export function inverse(): usize { return inverseRow; }

// @ts-ignore: decorator
@inline
function splat(x: f64): v128 { return f64x2.splat(x); }

/** The rational part of the arc sine, z R(z), |z| <= 1/4 (FreeBSD's e_asin.c, error below 2^-58). */
// @ts-ignore: decorator
@inline
function rational(z: v128): v128 {
  let p = f64x2.add(splat(7.91534994289814532176e-04), f64x2.mul(z, splat(3.47933107596021167570e-05)));
  p = f64x2.add(splat(-4.00555345006794114027e-02), f64x2.mul(z, p));
  p = f64x2.add(splat(2.01212532134862925881e-01), f64x2.mul(z, p));
  p = f64x2.add(splat(-3.25565818622400915405e-01), f64x2.mul(z, p));
  p = f64x2.add(splat(1.66666666666666657415e-01), f64x2.mul(z, p));
  let q = f64x2.add(splat(-6.88283971605453293030e-01), f64x2.mul(z, splat(7.70381505559019352791e-02)));
  q = f64x2.add(splat(2.02094576023350569471), f64x2.mul(z, q));
  q = f64x2.add(splat(-2.40339491173441421878), f64x2.mul(z, q));
  q = f64x2.add(splat(1.0), f64x2.mul(z, q));
  return f64x2.div(f64x2.mul(z, p), q);
}

/**
 * Replaces `count` entries: after k = weight nngp + bias (and t = k + weight ntk; with `weighted` 0 as they are), with c = k / (ownSd sd), and rest = pi - arccos c,
 * nngp <- ownSd sd (bend (sqrt(1 - c^2) + rest c) + slope c) and, where wanted, ntk <- ntk (bend rest + slope).
 */
export function apply(
  count: i32, ownSd: f64, ownInverse: f64, bend: f64, slope: f64, weighted: i32, weight: f64, bias: f64, withNtk: i32
): void {
  let one = splat(1.0);
  let half = splat(0.5);
  let sds = splat(ownSd);
  let inverses = splat(ownInverse);
  let bends = splat(bend);
  let slopes = splat(slope);
  let factors = splat(weight);
  let biases = splat(bias);
  let signBit = i64x2.splat(0x8000000000000000);
  // Correlations within a few roundings of 1 are 1: the arc cosine would make angles of 1e-8 of them.
  let same = splat(1.0 - 8.881784197001252e-16);
  for (let at: usize = 0, end = <usize>count << 3; at < end; at += 16) {
    let k = v128.load(nngpRow + at);
    if (weighted) k = f64x2.add(f64x2.mul(factors, k), biases);
    let c = f64x2.mul(k, f64x2.mul(inverses, v128.load(inverseRow + at)));
    let sign = v128.and(c, signBit);
    let size = f64x2.abs(c);
    size = v128.bitselect(one, size, f64x2.gt(size, same));
    c = v128.or(size, sign);
    let small = f64x2.lt(size, half);
    let left = f64x2.mul(f64x2.sub(one, size), half);
    let z = v128.bitselect(f64x2.mul(size, size), left, small);
    let w = v128.bitselect(size, f64x2.sqrt(left), small);
    let arcsine = f64x2.add(w, f64x2.mul(w, rational(z)));
    // pi - arccos c: pi/2 + arcsin c near 0, pi - 2 arcsin w near 1, 2 arcsin w near -1.
    let base = v128.bitselect(splat(1.5707963267948966), v128.andnot(splat(3.141592653589793), i64x2.shr_s(sign, 63)), small);
    let rest = f64x2.add(base, v128.xor(v128.bitselect(arcsine, f64x2.mul(splat(-2.0), arcsine), small), sign));
    let sine = f64x2.sqrt(f64x2.mul(f64x2.sub(one, c), f64x2.add(one, c)));
    let both = f64x2.add(f64x2.mul(bends, f64x2.add(sine, f64x2.mul(rest, c))), f64x2.mul(slopes, c));
    v128.store(nngpRow + at, f64x2.mul(f64x2.mul(sds, v128.load(sdRow + at)), both));
    if (withNtk) {
      let t = v128.load(ntkRow + at);
      if (weighted) t = f64x2.add(k, f64x2.mul(factors, t));
      v128.store(ntkRow + at, f64x2.mul(t, f64x2.add(f64x2.mul(bends, rest), slopes)));
    }
  }
}
