// Made by scripts/make_polynomials.py.

/** (log(1 + f) - f + f^2 / 2) / f^3 for f in [sqrt(1/2) - 1, sqrt 2 - 1]; error 1.9e-7. */
// @ts-ignore: decorator
@inline
export function logCore(x: v128): v128 {
  let p = f32x4.splat(-0.0790274377239344);
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(0.12622319849228378));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(-0.1299818376365153));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(0.14214495923947962));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(-0.16641281463106394));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(0.2000104509416068));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(-0.25000306422569796));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(0.33333330728190674));
  return p;
}

/** -4 artanh(s) / s for z = s^2, 1 + f in [sqrt(1/2), sqrt 2] and s = f / (2 + f); error 4.8e-7. */
// @ts-ignore: decorator
@inline
export function artanhCore(x: v128): v128 {
  let p = f32x4.splat(-0.8258981836289883);
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(-1.3330453345172155));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(-4.000000471595031));
  return p;
}

/** sqrt(2) sin(x pi / 4) / x for z = x^2 in [0, 1]; error 3.4e-9. */
// @ts-ignore: decorator
@inline
export function sinCore(x: v128): v128 {
  let p = f32x4.splat(-5.08470455689568e-05);
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(0.003521401389071742));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(-0.11419128886390834));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(1.110720731116021));
  return p;
}

/** (exp(r) - 1 - r) / r^2 for |r| <= log(2) / 2; error 1.4e-9. */
// @ts-ignore: decorator
@inline
export function expCore(x: v128): v128 {
  let p = f32x4.splat(0.00019890980869750327);
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(0.0013933641031986701));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(0.008333310934448869));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(0.04166646500604005));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(0.16666666681614256));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(0.5000000013457727));
  return p;
}

/** (tanh(x) / x - 1) / z for z = x^2 in [0, 0.36]; error 1.0e-9. */
// @ts-ignore: decorator
@inline
export function tanhCore(x: v128): v128 {
  let p = f32x4.splat(0.002370765640497788);
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(-0.008410070801530736));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(0.02178832199710852));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(-0.05396155178134269));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(0.133333128668618));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(-0.33333333231207923));
  return p;
}

/** erf(x) / x - 1 for z = x^2 in [0, 1]; error 3.4e-11. */
// @ts-ignore: decorator
@inline
export function erfCore(x: v128): v128 {
  let p = f32x4.splat(-9.667044571486996e-06);
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(0.00011265959025606609));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(-0.0008484080405535107));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(0.005221031807858023));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(-0.026865430727670243));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(0.11283782495236845));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(-0.3761263846802871));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(0.12837916706154343));
  return p;
}

/** (1 + 2 x) exp(x^2) erfc(x) for x >= 0, t = (x - 3.75) / (x + 3.75); error 1.8e-8. */
// @ts-ignore: decorator
@inline
export function erfcxCore(x: v128): v128 {
  let p = f32x4.splat(-0.00022874723359084774);
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(0.0003967046382800549));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(0.0016886622311156746));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(-0.009845491094959295));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(0.02839648212065827));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(-0.0586459828677125));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(0.092296367961203));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(-0.10881458496174144));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(0.08227741756036867));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(0.003586310101688852));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(-0.14024060801000693));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(1.2375126184625718));
  return p;
}
