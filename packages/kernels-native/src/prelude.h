/* WebAssembly's operations in C, beside those of vectors.h. */
#ifndef PRELUDE_H
#define PRELUDE_H
#include <string.h>
#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#endif
#include "module.h"

/* The lanes of the widest vectors that this is compiled for. */
#if defined(__AVX512F__)
#define WIDE 16
#elif defined(__AVX2__)
#define WIDE 8
#else
#define WIDE 4
#endif

#define LANES 4
#define P q_
#include "vectors.h"
#undef LANES
#undef P
#define LANES WIDE
#define P w_
#include "vectors.h"
#undef LANES
#undef P

#define T static inline __attribute__((always_inline, unused))

typedef f64 q_vd __attribute__((vector_size(16)));
typedef i64 q_vl __attribute__((vector_size(16)));
typedef u64 q_vul __attribute__((vector_size(16)));
typedef u8 q_vb __attribute__((vector_size(16)));

/** Leaves the call: an access lies beyond the memory. */
__attribute__((noreturn, cold, noinline, unused)) static void trap(Memory *memory) { __builtin_longjmp(memory->escape, 1); }

/** The address of `n` bytes of memory, all of which exist. */
#define ADDRESS(address, offset, n) (__builtin_expect((u64)(address) + (offset) + (n) > S, 0) ? (trap(&m->memory), B) : B + ((u64)(address) + (offset)))

T u32 i32_load(const u8 *p) { u32 x; memcpy(&x, p, 4); return x; }
T u64 i64_load(const u8 *p) { u64 x; memcpy(&x, p, 8); return x; }
T f32 f32_load(const u8 *p) { f32 x; memcpy(&x, p, 4); return x; }
T f64 f64_load(const u8 *p) { f64 x; memcpy(&x, p, 8); return x; }
T void i32_store(u8 *p, u32 x) { memcpy(p, &x, 4); }
T void i64_store(u8 *p, u64 x) { memcpy(p, &x, 8); }
T void f32_store(u8 *p, f32 x) { memcpy(p, &x, 4); }
T void f64_store(u8 *p, f64 x) { memcpy(p, &x, 8); }
T q_v v128_load(const u8 *p) { return q_load(p); }
T void v128_store(u8 *p, q_v x) { q_store(p, x); }
T q_v v128_load32_splat(const u8 *p) { return q_i32x4_splat(i32_load(p)); }
T q_v v128_load32_zero(const u8 *p) { return (q_v){i32_load(p), 0, 0, 0}; }
T q_v v128_load64_zero(const u8 *p) { return (q_v){i32_load(p), i32_load(p + 4), 0, 0}; }
T q_v v128_load64_splat(const u8 *p) { u64 x = i64_load(p); return (q_v)(q_vul){x, x}; }
#define memory_copy(m, B, S, to, from, n) memmove(ADDRESS(to, 0, (u64)(n)), ADDRESS(from, 0, (u64)(n)), n)
#define memory_fill(m, B, S, to, value, n) memset(ADDRESS(to, 0, (u64)(n)), (int)(value), n)

/* Scalars. Whole numbers are unsigned, so that they wrap. */
T u32 i32_add(u32 a, u32 b) { return a + b; }
T u32 i32_sub(u32 a, u32 b) { return a - b; }
T u32 i32_mul(u32 a, u32 b) { return a * b; }
T u32 i32_and(u32 a, u32 b) { return a & b; }
T u32 i32_or(u32 a, u32 b) { return a | b; }
T u32 i32_xor(u32 a, u32 b) { return a ^ b; }
T u32 i32_shl(u32 a, u32 b) { return a << (b & 31); }
T u32 i32_shr_u(u32 a, u32 b) { return a >> (b & 31); }
T u32 i32_shr_s(u32 a, u32 b) { return (u32)((i32)a >> (b & 31)); }
#define i32_div_s(a, b) ((b) == 0 || ((a) == 0x80000000u && (b) == 0xFFFFFFFFu) ? (trap(&m->memory), 0u) : (u32)((i32)(a) / (i32)(b)))
#define i32_rem_s(a, b) ((b) == 0 ? (trap(&m->memory), 0u) : (b) == 0xFFFFFFFFu ? 0u : (u32)((i32)(a) % (i32)(b)))
T u32 i32_clz(u32 a) { return a ? (u32)__builtin_clz(a) : 32; }
T u32 i32_eqz(u32 a) { return a == 0; }
T u32 i32_eq(u32 a, u32 b) { return a == b; }
T u32 i32_ne(u32 a, u32 b) { return a != b; }
T u32 i32_lt_s(u32 a, u32 b) { return (i32)a < (i32)b; }
T u32 i32_le_s(u32 a, u32 b) { return (i32)a <= (i32)b; }
T u32 i32_gt_s(u32 a, u32 b) { return (i32)a > (i32)b; }
T u32 i32_ge_s(u32 a, u32 b) { return (i32)a >= (i32)b; }
T u32 i32_lt_u(u32 a, u32 b) { return a < b; }
T u32 i32_le_u(u32 a, u32 b) { return a <= b; }
T u32 i32_gt_u(u32 a, u32 b) { return a > b; }
T u32 i32_ge_u(u32 a, u32 b) { return a >= b; }
T u32 i32_wrap_i64(u64 a) { return (u32)a; }
T u32 i32_reinterpret_f32(f32 a) { u32 x; memcpy(&x, &a, 4); return x; }
T u64 i64_add(u64 a, u64 b) { return a + b; }
T u64 i64_sub(u64 a, u64 b) { return a - b; }
T u64 i64_mul(u64 a, u64 b) { return a * b; }
T u64 i64_and(u64 a, u64 b) { return a & b; }
T u64 i64_or(u64 a, u64 b) { return a | b; }
T u64 i64_xor(u64 a, u64 b) { return a ^ b; }
T u64 i64_shl(u64 a, u64 b) { return a << (b & 63); }
T u64 i64_shr_u(u64 a, u64 b) { return a >> (b & 63); }
T u64 i64_shr_s(u64 a, u64 b) { return (u64)((i64)a >> (b & 63)); }
T u64 i64_clz(u64 a) { return a ? (u64)__builtin_clzll(a) : 64; }
T u32 i64_eqz(u64 a) { return a == 0; }
T u32 i64_eq(u64 a, u64 b) { return a == b; }
T u32 i64_ne(u64 a, u64 b) { return a != b; }
T u32 i64_lt_s(u64 a, u64 b) { return (i64)a < (i64)b; }
T u32 i64_lt_u(u64 a, u64 b) { return a < b; }
T u32 i64_gt_u(u64 a, u64 b) { return a > b; }
T u64 i64_extend_i32_s(u32 a) { return (u64)(i64)(i32)a; }
T u64 i64_extend_i32_u(u32 a) { return a; }
T u64 i64_reinterpret_f64(f64 a) { u64 x; memcpy(&x, &a, 8); return x; }
T u64 i64_trunc_sat_f64_u(f64 a) { return !(a > 0) ? 0 : a >= 18446744073709551616.0 ? ~(u64)0 : (u64)a; }
T u32 i32_trunc_sat_f64_s(f64 a) { return a != a ? 0 : a <= -2147483648.0 ? 0x80000000u : a >= 2147483647.0 ? 0x7FFFFFFFu : (u32)(i32)a; }
T f32 f32_add(f32 a, f32 b) { return a + b; }
T f32 f32_sub(f32 a, f32 b) { return a - b; }
T f32 f32_mul(f32 a, f32 b) { return a * b; }
T f32 f32_div(f32 a, f32 b) { return a / b; }
T f32 f32_neg(f32 a) { return -a; }
T u32 f32_lt(f32 a, f32 b) { return a < b; }
T u32 f32_gt(f32 a, f32 b) { return a > b; }
T u32 f32_ne(f32 a, f32 b) { return a != b; }
T f32 f32_demote_f64(f64 a) { return (f32)a; }
T f32 f32_convert_i32_s(u32 a) { return (f32)(i32)a; }
T f32 f32_reinterpret_i32(u32 a) { f32 x; memcpy(&x, &a, 4); return x; }
T f64 f64_add(f64 a, f64 b) { return a + b; }
T f64 f64_sub(f64 a, f64 b) { return a - b; }
T f64 f64_mul(f64 a, f64 b) { return a * b; }
T f64 f64_div(f64 a, f64 b) { return a / b; }
T f64 f64_neg(f64 a) { return -a; }
T f64 f64_abs(f64 a) { return __builtin_fabs(a); }
T f64 f64_copysign(f64 a, f64 b) { return __builtin_copysign(a, b); }
T f64 f64_max(f64 a, f64 b) { return a != a || b != b ? a + b : a > b ? a : b > a ? b : __builtin_signbit(a) ? b : a; }
/* Below 2^52 adding 2^52 rounds to whole numbers, ties to even; above there are no others. */
T f64 f64_nearest(f64 a) {
  f64 size = f64_abs(a), big = 4503599627370496.0;
  return size < big ? f64_copysign((size + big) - big, a) : a;
}
T u32 f64_eq(f64 a, f64 b) { return a == b; }
T u32 f64_ne(f64 a, f64 b) { return a != b; }
T u32 f64_lt(f64 a, f64 b) { return a < b; }
T u32 f64_le(f64 a, f64 b) { return a <= b; }
T u32 f64_gt(f64 a, f64 b) { return a > b; }
T u32 f64_ge(f64 a, f64 b) { return a >= b; }
T f64 f64_promote_f32(f32 a) { return a; }
T f64 f64_convert_i32_s(u32 a) { return (i32)a; }
T f64 f64_convert_i64_u(u64 a) { return (f64)a; }
T f64 f64_convert_i64_s(u64 a) { return (f64)(i64)a; }
T f64 f64_reinterpret_i64(u64 a) { f64 x; memcpy(&x, &a, 8); return x; }
/** A number of JavaScript as a whole number of 32 bits. */
T u32 to_u32(f64 a) { return a > -9e15 && a < 9e15 ? (u32)(i64)a : 0; }

/* Vectors whose lanes see each other, or have 64 bits. */
#define D(x) ((q_vd)(x))
#define L(x) ((q_vl)(x))
#define U(x) ((q_v)(x))
T q_v q_words(u32 a, u32 b, u32 c, u32 d) { return (q_v){a, b, c, d}; }
#define w_words no_constant_of_four_words_in_wide_functions
#define q_i8x16_shuffle(a, b, ...) U(__builtin_shuffle((q_vb)(a), (q_vb)(b), (q_vb){SHUFFLE(__VA_ARGS__)}))
#define SHUFFLE(...) __VA_ARGS__
T q_v q_i8x16_swizzle(q_v a, q_v b) {
  q_vb index = (q_vb)b, inside = (q_vb)(index < 16);
  return U(__builtin_shuffle((q_vb)a, index & 15) & inside);
}
T u32 q_i32x4_all_true(q_v a) { return a[0] != 0 && a[1] != 0 && a[2] != 0 && a[3] != 0; }
T u32 q_i64x2_all_true(q_v a) { return ((q_vul)a)[0] != 0 && ((q_vul)a)[1] != 0; }
T u32 q_v128_any_true(q_v a) { q_vul b = (q_vul)a; return (b[0] | b[1]) != 0; }
T u32 q_i32x4_bitmask(q_v a) { return a[0] >> 31 | a[1] >> 31 << 1 | a[2] >> 31 << 2 | a[3] >> 31 << 3; }
#define q_i32x4_extract_lane(a, k) ((a)[k])
#define q_f32x4_extract_lane(a, k) (((q_vf)(a))[k])
#define q_f64x2_extract_lane(a, k) (((q_vd)(a))[k])
T q_v q_replace(q_v a, int k, f32 x) { q_vf b = (q_vf)a; b[k] = x; return U(b); }
#define q_f32x4_replace_lane(a, x, k) q_replace(a, k, x)
T q_v q_i16x8_extend_low_i8x16_u(q_v a) { q_vb b = (q_vb)a, zero = {0}; return U(__builtin_shuffle(b, zero, (q_vb){0, 16, 1, 16, 2, 16, 3, 16, 4, 16, 5, 16, 6, 16, 7, 16})); }
T q_v q_i32x4_extend_low_i16x8_u(q_v a) { q_vb b = (q_vb)a, zero = {0}; return U(__builtin_shuffle(b, zero, (q_vb){0, 1, 16, 16, 2, 3, 16, 16, 4, 5, 16, 16, 6, 7, 16, 16})); }
T q_v q_i64x2_extmul_low_i32x4_u(q_v a, q_v b) { return U(((q_vul){a[0], a[1]}) * ((q_vul){b[0], b[1]})); }
T q_v q_i64x2_extmul_high_i32x4_u(q_v a, q_v b) { return U(((q_vul){a[2], a[3]}) * ((q_vul){b[2], b[3]})); }
T q_v q_i64x2_shl(q_v a, u32 n) { return U((q_vul)a << (u64)(n & 63)); }
T q_v q_i64x2_shr_s(q_v a, u32 n) { return U(L(a) >> (i64)(n & 63)); }
T q_v q_i64x2_eq(q_v a, q_v b) { return U(L(a) == L(b)); }
T q_v q_f64x2_splat(f64 x) { return U(x - (q_vd){0}); }
T q_v q_f64x2_add(q_v a, q_v b) { return U(D(a) + D(b)); }
T q_v q_f64x2_sub(q_v a, q_v b) { return U(D(a) - D(b)); }
T q_v q_f64x2_mul(q_v a, q_v b) { return U(D(a) * D(b)); }
T q_v q_f64x2_div(q_v a, q_v b) { return U(D(a) / D(b)); }
T q_v q_f64x2_abs(q_v a) { return U((q_vul)a & 0x7FFFFFFFFFFFFFFFull); }
T q_v q_f64x2_eq(q_v a, q_v b) { return U(D(a) == D(b)); }
T q_v q_f64x2_ne(q_v a, q_v b) { return U(D(a) != D(b)); }
T q_v q_f64x2_lt(q_v a, q_v b) { return U(D(a) < D(b)); }
T q_v q_f64x2_le(q_v a, q_v b) { return U(D(a) <= D(b)); }
T q_v q_f64x2_gt(q_v a, q_v b) { return U(D(a) > D(b)); }
T q_v q_f64x2_ge(q_v a, q_v b) { return U(D(a) >= D(b)); }
T q_v q_f64x2_pmin(q_v a, q_v b) { return q_v128_bitselect(b, a, q_f64x2_lt(b, a)); }
T q_v q_f64x2_pmax(q_v a, q_v b) { return q_v128_bitselect(b, a, q_f64x2_lt(a, b)); }
T q_v q_f64x2_max(q_v a, q_v b) {
  q_v rest = q_v128_bitselect(a & b, q_f64x2_add(a, b), q_f64x2_eq(a, b));
  return q_v128_bitselect(a, q_v128_bitselect(b, rest, q_f64x2_gt(b, a)), q_f64x2_gt(a, b));
}
T q_v q_f64x2_sqrt(q_v a) {
#if defined(__SSE2__)
  return U(_mm_sqrt_pd((__m128d)a));
#else
  q_vd b = D(a);
  return U(((q_vd){__builtin_sqrt(b[0]), __builtin_sqrt(b[1])}));
#endif
}
/* By whole vectors: GCC 12 forgets the rounding in between where numbers go lane by lane to float32 and back. */
#if defined(__SSE2__)
T q_v q_f64x2_promote_low_f32x4(q_v a) { return U(_mm_cvtps_pd((__m128)a)); }
T q_v q_f32x4_demote_f64x2_zero(q_v a) { return U(_mm_cvtpd_ps((__m128d)a)); }
#else
typedef f32 q_vf2 __attribute__((vector_size(8)));
T q_v q_f64x2_promote_low_f32x4(q_v a) {
  q_vf2 half;
  memcpy(&half, &a, 8);
  return U(__builtin_convertvector(half, q_vd));
}
T q_v q_f32x4_demote_f64x2_zero(q_v a) {
  q_vf2 half = __builtin_convertvector(D(a), q_vf2);
  q_v whole = {0};
  memcpy(&whole, &half, 8);
  return whole;
}
#endif
T q_v q_f64x2_convert_low_i32x4_u(q_v a) { return U(((q_vd){a[0], a[1]})); }
#undef D
#undef L
#undef T

#endif
