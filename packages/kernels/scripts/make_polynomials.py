"""Fits the polynomials of the kernels: Chebyshev interpolation at 60 digits, written as powers.

    python3 scripts/make_polynomials.py math > assembly/math/polynomials.ts
    python3 scripts/make_polynomials.py ensemble > assembly/ensemble/polynomials.ts
"""

import sys

from mpmath import mp, mpf
import mpmath

mp.dps = 60


def chebyshev(n):
    """The zeros of the n-th Chebyshev polynomial."""
    return [mpmath.cos(mp.pi * (2 * k + 1) / (2 * n)) for k in range(n)]


def fit(f, low, high, degree):
    """Coefficients in powers of t in [-1, 1], x = (low + high) / 2 + t (high - low) / 2, and the largest error on a dense grid."""
    n = degree + 1
    x = lambda t: (mpf(low) + high) / 2 + t * (mpf(high) - low) / 2
    at = chebyshev(n)
    powers = mpmath.lu_solve(mpmath.matrix([[t**j for j in range(n)] for t in at]), mpmath.matrix([f(x(t)) for t in at]))
    powers = [powers[j] for j in range(n)]
    grid = [mpf(k) / 500 - 1 for k in range(1001)]
    error = max(abs(mpmath.polyval(powers[::-1], t) - f(x(t))) for t in grid)
    return powers, error


def scaled_erfc(t):
    """(1 + 2 x) exp(x^2) erfc(x) at t = (x - K) / (x + K)."""
    K = mpf(15) / 4
    if t == 1:
        return 2 / mpmath.sqrt(mp.pi)
    x = K * (1 + t) / (1 - t)
    erfcx = mpmath.exp(x * x) * mpmath.erfc(x) if x < mpf(10) ** 8 else (1 - 1 / (2 * x * x)) / (x * mpmath.sqrt(mp.pi))
    return (1 + 2 * x) * erfcx


ROOT = mpmath.findroot(mpmath.digamma, mpf("1.46"))
erf_tail = lambda z: mpmath.erf(mpmath.sqrt(z)) / mpmath.sqrt(z) - 1 if z else 2 / mpmath.sqrt(mp.pi) - 1
lgamma_core = lambda x: mpmath.loggamma(x) / ((x - 1) * (x - 2)) if x not in (1, 2) else (mp.euler if x == 1 else 1 - mp.euler)
digamma_core = lambda x: mpmath.digamma(x) / (x - ROOT)

fits = [
    ("erfCore", "erf(sqrt z) / sqrt z - 1 for z in [0, 1], t = 2 z - 1", erf_tail, 0, 1, 11),
    ("erfcxCore", "(1 + 2 x) exp(x^2) erfc(x) for x >= 0, t = (x - 3.75) / (x + 3.75)", scaled_erfc, -1, 1, 24),
    ("lgammaCore", "log Gamma(x) / ((x - 1) (x - 2)) for x in [1, 2], t = 2 x - 3", lgamma_core, 1, 2, 22),
    ("digammaCore", "digamma(x) / (x - root) for x in [1, 2], t = 2 x - 3", digamma_core, 1, 2, 22),
]


def in_x(powers, low, high):
    """The same polynomial in powers of x instead of t."""
    scale, shift = 2 / (mpf(high) - low), -(mpf(low) + high) / (mpf(high) - low)
    result = [mpf(0)]
    for c in powers[::-1]:
        longer = [mpf(0)] * (len(result) + 1)
        for i, a in enumerate(result):
            longer[i] += a * shift
            longer[i + 1] += a * scale
        result = longer
        result[0] += c
    return result[: len(powers)]


def print_scalar(name, powers):
    print(f"export function {name}(t: f64): f64 {{")
    print(f"  let p: f64 = {float(powers[-1])!r};")
    for c in powers[-2::-1]:
        print(f"  p = p * t + {float(c)!r};".replace("+ -", "- "))
    print("  return p;\n}")


def print_vector(name, powers):
    print(f"export function {name}(x: v128): v128 {{")
    print(f"  let p = f32x4.splat({float(powers[-1])!r});")
    for c in powers[-2::-1]:
        print(f"  p = f32x4.add(f32x4.mul(p, x), f32x4.splat({float(c)!r}));")
    print("  return p;\n}")


ROOT_HALF = mpmath.sqrt(mpf(1) / 2)


def without(f, terms, power):
    """(f(x) - sum terms[k] x^k) / x^power, by its Taylor series near 0 where the difference cancels."""
    series = mpmath.taylor(f, 0, 30)[power:]
    return lambda x: mpmath.polyval(series[::-1], x) if abs(x) < mpf("0.05") else (f(x) - sum(c * x**k for k, c in terms.items())) / x**power


vectors = [
    ("logCore", "(log(1 + f) - f + f^2 / 2) / f^3 for f in [sqrt(1/2) - 1, sqrt 2 - 1]", without(mpmath.log1p, {1: 1, 2: mpf(-1) / 2}, 3), ROOT_HALF - 1, 2 * ROOT_HALF - 1, 7),
    ("artanhCore", "-4 artanh(s) / s for z = s^2, 1 + f in [sqrt(1/2), sqrt 2] and s = f / (2 + f)", lambda z: -4 * mpmath.atanh(mpmath.sqrt(z)) / mpmath.sqrt(z) if z else mpf(-4), 0, ((1 - ROOT_HALF) / (1 + ROOT_HALF)) ** 2, 2),
    ("sinCore", "sqrt(2) sin(x pi / 4) / x for z = x^2 in [0, 1]", lambda z: mpmath.sqrt(2) * mpmath.sin(mp.pi / 4 * mpmath.sqrt(z)) / mpmath.sqrt(z) if z else mp.pi / 4 * mpmath.sqrt(2), 0, 1, 3),
    ("expCore", "(exp(r) - 1 - r) / r^2 for |r| <= log(2) / 2", without(mpmath.exp, {0: 1, 1: 1}, 2), -mp.ln2 / 2, mp.ln2 / 2, 5),
    ("tanhCore", "(tanh(x) / x - 1) / z for z = x^2 in [0, 0.36]", lambda z: (mpmath.tanh(mpmath.sqrt(z)) / mpmath.sqrt(z) - 1) / z if z > mpf(10) ** -12 else mpf(-1) / 3, 0, mpf("0.36"), 5),
    ("erfCore", "erf(x) / x - 1 for z = x^2 in [0, 1]", erf_tail, 0, 1, 7),
    ("erfcxCore", "(1 + 2 x) exp(x^2) erfc(x) for x >= 0, t = (x - 3.75) / (x + 3.75)", scaled_erfc, -1, 1, 11),
]

print("// Made by scripts/make_polynomials.py.")
for name, what, f, low, high, degree in fits if sys.argv[1] == "math" else vectors:
    powers, error = fit(f, low, high, degree)
    print(f"\n/** {what}; error {mpmath.nstr(error, 2)}. */")
    print("// @ts-ignore: decorator\n@inline")
    if sys.argv[1] == "math":
        print_scalar(name, powers)
    else:
        print_vector(name, in_x(powers, low, high))

if sys.argv[1] == "math":
    hi = float(ROOT)
    print(f"\n/** The positive root of digamma, in two parts. */\nexport const DIGAMMA_ROOT: f64 = {hi!r};\nexport const DIGAMMA_ROOT_LOW: f64 = {float(ROOT - hi)!r};")
    mp.dps = 420
    bits = int(mpmath.floor(2 / mp.pi * mpf(2) ** (64 * 20)))
    print("\n/** The first 1280 binary digits of 2 / pi, preceded by a zero word. */")
    print("export const TWO_OVER_PI: usize = memory.data<u64>([\n  0,")
    for k in range(20):
        print(f"  0x{(bits >> (64 * (19 - k))) & (2**64 - 1):016X},")
    print("]);")
