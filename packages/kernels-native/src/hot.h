/* What C written by hand needs beside the operations: checked ranges of memory, and how four lanes become wide vectors. */
#define HOT(name) static void name
#define T static inline __attribute__((always_inline, unused))

/** Before a short loop whose count is a constant: its variables become registers. */
#define UNROLL _Pragma("GCC unroll 16")

/** Units of four lanes in a wide vector. */
#define UNITS (WIDE / 4)

/** Where `bytes` bytes of memory lie, all of which exist; asked before a loop, not in it. */
T u8 *range(M *m, u32 address, u64 bytes) {
  if (__builtin_expect(bytes > m->memory.size || address > m->memory.size - bytes, 0)) trap(&m->memory);
  return m->memory.base + address;
}

/** The same for `count` times `times` entries of `bytes` bytes, entries `row` bytes apart and their repetitions `step`. Products of such numbers do not fit into 64 bits. */
T u8 *range_of(M *m, u32 address, u64 count, u64 row, u64 times, u64 step, u64 bytes) {
  const unsigned __int128 all = (unsigned __int128)(count - 1) * row + (unsigned __int128)(times - 1) * step + bytes;
  return range(m, address, all > m->memory.size ? ~(u64)0 : (u64)all);
}

typedef u64 w_vl __attribute__((vector_size(4 * WIDE)));

/** Four lanes again and again; the fours of a wide vector, `step` bytes from each other; and single numbers that follow each other, each four times. */
#if WIDE == 16
T w_v w_spread(q_v x) { return (w_v)_mm512_broadcast_f32x4((__m128)x); }
T w_v w_load_quarters(const u8 *p, size_t step) {
  __m512 x = _mm512_castps128_ps512(_mm_loadu_ps((const f32 *)p));
  x = _mm512_insertf32x4(x, _mm_loadu_ps((const f32 *)(p + step)), 1);
  x = _mm512_insertf32x4(x, _mm_loadu_ps((const f32 *)(p + 2 * step)), 2);
  return (w_v)_mm512_insertf32x4(x, _mm_loadu_ps((const f32 *)(p + 3 * step)), 3);
}
T w_v w_each_four_times(const u8 *p) {
  return (w_v)_mm512_permutexvar_epi32(_mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3), _mm512_castsi128_si512((__m128i)q_load(p)));
}
T void w_store_quarters(u8 *p, size_t step, w_v x) {
  _mm_storeu_ps((f32 *)p, _mm512_castps512_ps128((__m512)x));
  _mm_storeu_ps((f32 *)(p + step), _mm512_extractf32x4_ps((__m512)x, 1));
  _mm_storeu_ps((f32 *)(p + 2 * step), _mm512_extractf32x4_ps((__m512)x, 2));
  _mm_storeu_ps((f32 *)(p + 3 * step), _mm512_extractf32x4_ps((__m512)x, 3));
}
#elif WIDE == 8
T w_v w_spread(q_v x) { return (w_v)_mm256_set_m128((__m128)x, (__m128)x); }
T w_v w_load_quarters(const u8 *p, size_t step) {
  return (w_v)_mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps((const f32 *)p)), _mm_loadu_ps((const f32 *)(p + step)), 1);
}
T w_v w_each_four_times(const u8 *p) { return (w_v)_mm256_set_m128((__m128)q_i32x4_splat(i32_load(p + 4)), (__m128)q_i32x4_splat(i32_load(p))); }
T void w_store_quarters(u8 *p, size_t step, w_v x) {
  _mm_storeu_ps((f32 *)p, _mm256_castps256_ps128((__m256)x));
  _mm_storeu_ps((f32 *)(p + step), _mm256_extractf128_ps((__m256)x, 1));
}
#else
T w_v w_spread(q_v x) { return x; }
T w_v w_load_quarters(const u8 *p, size_t step) { (void)step; return q_load(p); }
T w_v w_each_four_times(const u8 *p) { return q_i32x4_splat(i32_load(p)); }
T void w_store_quarters(u8 *p, size_t step, w_v x) { (void)step; q_store(p, (q_v)x); }
#endif

/** The four lanes at `p`, again and again. */
T w_v w_spread_at(const u8 *p) { return w_spread(q_load(p)); }

/** Wide vectors of which only `some` (1 to UNITS) units exist; the others are 0 and are not written. */
#if WIDE == 16
T w_v w_load_some(const u8 *p, u32 some) { return (w_v)_mm512_maskz_loadu_epi32((__mmask16)((1u << 4 * some) - 1), p); }
T void w_store_some(u8 *p, w_v x, u32 some) { _mm512_mask_storeu_epi32(p, (__mmask16)((1u << 4 * some) - 1), (__m512i)x); }
#elif WIDE == 8
T w_v w_load_some(const u8 *p, u32 some) { return some == 2 ? w_load(p) : (w_v)_mm256_zextps128_ps256((__m128)q_load(p)); }
T void w_store_some(u8 *p, w_v x, u32 some) {
  if (some == 2) w_store(p, x);
  else q_store(p, (q_v)_mm256_castps256_ps128((__m256)x));
}
#else
T w_v w_load_some(const u8 *p, u32 some) { (void)some; return w_load(p); }
T void w_store_some(u8 *p, w_v x, u32 some) { (void)some; w_store(p, x); }
#endif

/** Keeps a vector where it is: the compiler would rather copy sums around a loop and load what several products share once for each of them. */
#if defined(__AVX512F__)
#define IN_REGISTER(x) __asm__("" : "+v"(x))
#elif defined(__SSE2__)
#define IN_REGISTER(x) __asm__("" : "+x"(x))
#elif defined(__aarch64__)
#define IN_REGISTER(x) __asm__("" : "+w"(x))
#else
#define IN_REGISTER(x) (void)0
#endif

/** Keeps an address, or a distance, in a register of its own: the compiler would rather have one for each row of a tile and run out of them. */
#define IN_POINTER(x) __asm__("" : "+r"(x))

/** sum + a b, rounded twice. */
T w_v plus(w_v sum, w_v a, w_v b) { return w_f32x4_add(sum, w_f32x4_mul(a, b)); }

/** x, or 0 where `value` is not above 0; where it is NaN, x. */
T w_v w_above(w_v x, w_v value) {
#if WIDE == 16
  return (w_v)_mm512_maskz_mov_ps(_mm512_cmp_ps_mask((__m512)value, _mm512_setzero_ps(), _CMP_NLE_UQ), (__m512)x);
#else
  return x & ~w_f32x4_le(value, (w_v){0});
#endif
}

/** Registers of wide vectors in which a tile keeps its sums: of the sixteen or thirty-two that there are. */
#if WIDE == 16
#define TILE_VECTORS 4
#else
#define TILE_VECTORS 2
#endif

/** What four lanes are in a wide vector's fours together, by a function of two vectors of four lanes. */
#if WIDE == 16
#define FOLD(function, x) function( \
  function((q_v)_mm512_castps512_ps128((__m512)(x)), (q_v)_mm512_extractf32x4_ps((__m512)(x), 1)), \
  function((q_v)_mm512_extractf32x4_ps((__m512)(x), 2), (q_v)_mm512_extractf32x4_ps((__m512)(x), 3)))
#elif WIDE == 8
#define FOLD(function, x) function((q_v)_mm256_castps256_ps128((__m256)(x)), (q_v)_mm256_extractf128_ps((__m256)(x), 1))
#else
#define FOLD(function, x) (x)
#endif

/** The larger of magnitudes, as bits without the sign: they compare like whole numbers. */
T w_v w_larger(w_v a, w_v b) { return w_i32x4_max_s(a, b); }
T q_v q_larger(q_v a, q_v b) { return q_i32x4_max_s(a, b); }
T q_v q_any(q_v a, q_v b) { return a | b; }

/** Eight float64, and eight float32, however the processor holds them. */
typedef f64 o_vd __attribute__((vector_size(64)));
typedef f64 o_vdu __attribute__((vector_size(64), aligned(1), may_alias));
typedef f32 o_vf __attribute__((vector_size(32)));
typedef f32 o_vfu __attribute__((vector_size(32), aligned(1), may_alias));

/* The compiler would rather convert halves and join them. */
#if WIDE == 16
T o_vd widened(o_vf x) { return (o_vd)_mm512_cvtps_pd((__m256)x); }
#else
T o_vd widened(o_vf x) { return __builtin_convertvector(x, o_vd); }
#endif

/** Four float64 in one vector, however the processor holds it. */
typedef f64 q_vf64 __attribute__((vector_size(32)));
typedef f64 q_vf64u __attribute__((vector_size(32), aligned(1), may_alias));
T q_vf64 promote(q_v x) { return __builtin_convertvector((q_vf)x, q_vf64); }

/* Sums in float64 of a wide vector, as vectors that the compiler keeps in registers. */
#if WIDE >= 8
#define PARTS (WIDE / 8)
typedef o_vd w_part;
typedef o_vdu w_partu;
T w_part w_part_of(w_v x, int k) {
#if WIDE == 16
  return widened((o_vf)(k ? _mm512_extractf32x8_ps((__m512)x, 1) : _mm512_castps512_ps256((__m512)x)));
#else
  (void)k;
  return widened((o_vf)x);
#endif
}
#else
#define PARTS 1
typedef q_vf64 w_part;
typedef q_vf64u w_partu;
T w_part w_part_of(w_v x, int k) { (void)k; return promote(x); }
#endif
T q_vf64 q_part_of(q_v x, int k) { (void)k; return promote(x); }
typedef q_vf64 q_part;
typedef q_vf64u q_partu;
