/*
 * WebAssembly's operations on vectors, for four lanes of 32 bits (P = q_) or for as many as the processor has (P = w_): included once for each with LANES and P
 * defined. Products and sums are rounded one after the other; NaN, infinities and signed zeros are what WebAssembly says.
 */
#define NAME_(p, name) p##name
#define NAME__(p, name) NAME_(p, name)
#define V(name) NAME__(P, name)

typedef u32 V(v) __attribute__((vector_size(4 * LANES)));
typedef i32 V(vi) __attribute__((vector_size(4 * LANES)));
typedef f32 V(vf) __attribute__((vector_size(4 * LANES)));
typedef u32 V(vu) __attribute__((vector_size(4 * LANES), aligned(1), may_alias));

#define T static inline __attribute__((always_inline, unused))
#define F(x) ((V(vf))(x))
#define I(x) ((V(vi))(x))
#define U(x) ((V(v))(x))

T V(v) V(load)(const void *p) { return *(const V(vu) *)p; }
T void V(store)(void *p, V(v) x) { *(V(vu) *)p = x; }

T V(v) V(i32x4_splat)(u32 x) { return x - (V(v)){0}; }
T V(v) V(f32x4_splat)(f32 x) { return U(x - (V(vf)){0}); }
T V(v) V(f32x4_add)(V(v) a, V(v) b) { return U(F(a) + F(b)); }
T V(v) V(f32x4_sub)(V(v) a, V(v) b) { return U(F(a) - F(b)); }
T V(v) V(f32x4_mul)(V(v) a, V(v) b) { return U(F(a) * F(b)); }
T V(v) V(f32x4_div)(V(v) a, V(v) b) { return U(F(a) / F(b)); }
T V(v) V(f32x4_neg)(V(v) a) { return a ^ 0x80000000u; }
T V(v) V(f32x4_abs)(V(v) a) { return a & 0x7FFFFFFFu; }
T V(v) V(f32x4_lt)(V(v) a, V(v) b) { return U(F(a) < F(b)); }
T V(v) V(f32x4_le)(V(v) a, V(v) b) { return U(F(a) <= F(b)); }
T V(v) V(f32x4_gt)(V(v) a, V(v) b) { return U(F(a) > F(b)); }
T V(v) V(f32x4_ge)(V(v) a, V(v) b) { return U(F(a) >= F(b)); }
T V(v) V(f32x4_eq)(V(v) a, V(v) b) { return U(F(a) == F(b)); }
T V(v) V(f32x4_ne)(V(v) a, V(v) b) { return U(F(a) != F(b)); }
T V(v) V(v128_and)(V(v) a, V(v) b) { return a & b; }
T V(v) V(v128_or)(V(v) a, V(v) b) { return a | b; }
T V(v) V(v128_xor)(V(v) a, V(v) b) { return a ^ b; }
T V(v) V(v128_not)(V(v) a) { return ~a; }
T V(v) V(v128_andnot)(V(v) a, V(v) b) { return a & ~b; }
T V(v) V(v128_bitselect)(V(v) a, V(v) b, V(v) mask) { return (a & mask) | (b & ~mask); }
/* x86's maximum is the second operand unless the first is larger: pmax with the two exchanged. */
#if defined(__AVX512F__) && LANES == 16
T V(v) V(f32x4_pmax)(V(v) a, V(v) b) { return U(_mm512_max_ps((__m512)b, (__m512)a)); }
#elif defined(__AVX__) && LANES == 8
T V(v) V(f32x4_pmax)(V(v) a, V(v) b) { return U(_mm256_max_ps((__m256)b, (__m256)a)); }
#elif defined(__SSE2__) && LANES == 4
T V(v) V(f32x4_pmax)(V(v) a, V(v) b) { return U(_mm_max_ps((__m128)b, (__m128)a)); }
#else
T V(v) V(f32x4_pmax)(V(v) a, V(v) b) { return V(v128_bitselect)(b, a, V(f32x4_lt)(a, b)); }
#endif
T V(v) V(f32x4_pmin)(V(v) a, V(v) b) { return V(v128_bitselect)(b, a, V(f32x4_lt)(b, a)); }
/* Of equal numbers zeros differ: -0 is the smaller one. */
T V(v) V(f32x4_min)(V(v) a, V(v) b) {
  V(v) rest = V(v128_bitselect)(a | b, V(f32x4_add)(a, b), V(f32x4_eq)(a, b));
  return V(v128_bitselect)(a, V(v128_bitselect)(b, rest, V(f32x4_lt)(b, a)), V(f32x4_lt)(a, b));
}
T V(v) V(f32x4_max)(V(v) a, V(v) b) {
  V(v) rest = V(v128_bitselect)(a & b, V(f32x4_add)(a, b), V(f32x4_eq)(a, b));
  return V(v128_bitselect)(a, V(v128_bitselect)(b, rest, V(f32x4_gt)(b, a)), V(f32x4_gt)(a, b));
}
T V(v) V(f32x4_convert_i32x4_s)(V(v) a) { return U(__builtin_convertvector(I(a), V(vf))); }
T V(v) V(i32x4_add)(V(v) a, V(v) b) { return a + b; }
T V(v) V(i32x4_sub)(V(v) a, V(v) b) { return a - b; }
T V(v) V(i32x4_shl)(V(v) a, u32 n) { return a << (n & 31); }
T V(v) V(i32x4_shr_s)(V(v) a, u32 n) { return U(I(a) >> (i32)(n & 31)); }
T V(v) V(i32x4_shr_u)(V(v) a, u32 n) { return a >> (n & 31); }
T V(v) V(i32x4_eq)(V(v) a, V(v) b) { return U(a == b); }
T V(v) V(i32x4_ne)(V(v) a, V(v) b) { return U(a != b); }
T V(v) V(i32x4_lt_u)(V(v) a, V(v) b) { return U(a < b); }
#if defined(__AVX512F__) && LANES == 16
T V(v) V(i32x4_max_u)(V(v) a, V(v) b) { return (V(v))_mm512_max_epu32((__m512i)a, (__m512i)b); }
#elif defined(__AVX2__) && LANES == 8
T V(v) V(i32x4_max_u)(V(v) a, V(v) b) { return (V(v))_mm256_max_epu32((__m256i)a, (__m256i)b); }
#elif defined(__SSE4_1__) && LANES == 4
T V(v) V(i32x4_max_u)(V(v) a, V(v) b) { return (V(v))_mm_max_epu32((__m128i)a, (__m128i)b); }
#else
T V(v) V(i32x4_max_u)(V(v) a, V(v) b) { return V(v128_bitselect)(a, b, U(a > b)); }
#endif
#if defined(__AVX512F__) && LANES == 16
T V(v) V(i32x4_max_s)(V(v) a, V(v) b) { return (V(v))_mm512_max_epi32((__m512i)a, (__m512i)b); }
#elif defined(__AVX2__) && LANES == 8
T V(v) V(i32x4_max_s)(V(v) a, V(v) b) { return (V(v))_mm256_max_epi32((__m256i)a, (__m256i)b); }
#elif defined(__SSE4_1__) && LANES == 4
T V(v) V(i32x4_max_s)(V(v) a, V(v) b) { return (V(v))_mm_max_epi32((__m128i)a, (__m128i)b); }
#else
T V(v) V(i32x4_max_s)(V(v) a, V(v) b) { return V(v128_bitselect)(a, b, U(I(a) > I(b))); }
#endif
#if defined(__AVX512F__) && LANES == 16
T V(v) V(i32x4_min_s)(V(v) a, V(v) b) { return (V(v))_mm512_min_epi32((__m512i)a, (__m512i)b); }
#elif defined(__AVX2__) && LANES == 8
T V(v) V(i32x4_min_s)(V(v) a, V(v) b) { return (V(v))_mm256_min_epi32((__m256i)a, (__m256i)b); }
#elif defined(__SSE4_1__) && LANES == 4
T V(v) V(i32x4_min_s)(V(v) a, V(v) b) { return (V(v))_mm_min_epi32((__m128i)a, (__m128i)b); }
#else
T V(v) V(i32x4_min_s)(V(v) a, V(v) b) { return V(v128_bitselect)(a, b, U(I(a) < I(b))); }
#endif
/* A NaN becomes 0, and what is beyond the whole numbers the last of them. */
T V(v) V(i32x4_trunc_sat_f32x4_s)(V(v) a) {
  V(v) low = V(f32x4_lt)(a, V(f32x4_splat)(-2147483648.0f)), high = V(f32x4_ge)(a, V(f32x4_splat)(2147483648.0f));
  V(v) inside = a & V(f32x4_eq)(a, a) & ~low & ~high;
  return (U(__builtin_convertvector(F(inside), V(vi))) & ~low & ~high) | (low & 0x80000000u) | (high & 0x7FFFFFFFu);
}
/* Below 2^23 adding 2^23 rounds to whole numbers, ties to even; above there are no others. */
T V(v) V(f32x4_nearest)(V(v) a) {
  V(v) size = V(f32x4_abs)(a), big = V(f32x4_splat)(8388608.0f);
  V(v) whole = V(f32x4_sub)(V(f32x4_add)(size, big), big) | (a & 0x80000000u);
  return V(v128_bitselect)(whole, a, V(f32x4_lt)(size, big));
}
#if defined(__AVX512F__) && LANES == 16
T V(v) V(f32x4_sqrt)(V(v) a) { return U(_mm512_sqrt_ps((__m512)a)); }
#elif defined(__AVX__) && LANES == 8
T V(v) V(f32x4_sqrt)(V(v) a) { return U(_mm256_sqrt_ps((__m256)a)); }
#elif defined(__SSE2__) && LANES == 4
T V(v) V(f32x4_sqrt)(V(v) a) { return U(_mm_sqrt_ps((__m128)a)); }
#else
T V(v) V(f32x4_sqrt)(V(v) a) {
  V(vf) out = F(a);
  for (int k = 0; k < LANES; k++) out[k] = __builtin_sqrtf(out[k]);
  return U(out);
}
#endif

#undef T
#undef F
#undef I
#undef U
#undef V
#undef NAME_
#undef NAME__
