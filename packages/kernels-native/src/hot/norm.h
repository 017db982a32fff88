/* Batch norm, as `batch` of assembly/ensemble/norm.ts: every channel's sums are made in the same order. Channels go in groups, and their rows one after the other, as they lie in memory. */

/** Rows whose sum is made in float32 before it is added in float64. */
#define ROWS 8

/** Lanes of a group: 128 channels. */
#define GROUP 512

/** What is summed at each value: v = x - centre, v^2, or z v. */
enum { PLAIN, SQUARE, PRODUCT };

/** For every lane of a group: a centre in two parts, and a sum in float64. */
typedef struct {
  f32 high[GROUP], low[GROUP];
  f64 sum[GROUP];
} Centres;

#define NORM(v, P, parts) \
T v P##from(const u8 *x, const Centres *c, u32 at) { return P##f32x4_sub(P##f32x4_sub(P##load(x), P##load(c->high + at)), P##load(c->low + at)); } \
/** Adds the terms of `some` rows to the sums of as many lanes as a vector has. */ \
T void P##add_rows(const int kind, const u8 *x, const u8 *z, size_t step, u32 some, Centres *c, u32 at) { \
  v sum = {0}; \
  for (u32 r = 0; r < some; r++, x += step, z += step) { \
    v t = P##from(x, c, at); \
    sum = P##f32x4_add(sum, kind == SQUARE ? P##f32x4_mul(t, t) : kind == PRODUCT ? P##f32x4_mul(P##load(z), t) : t); \
  } \
  UNROLL for (int k = 0; k < parts; k++) ((P##partu *)(c->sum + at))[k] += P##part_of(sum, k); \
}
NORM(q_v, q_, 1)
NORM(w_v, w_, PARTS)
#undef NORM

/** Every lane's mean of the terms, in place of its sum. */
T void means_of(const int kind, const u8 *x, const u8 *z, size_t step, u32 rows, u32 lanes, Centres *c) {
  memset(c->sum, 0, sizeof c->sum);
  for (u32 left = rows; left > 0;) {
    const u32 some = left < ROWS ? left : ROWS;
    u32 at = 0;
    for (; at + WIDE <= lanes; at += WIDE) w_add_rows(kind, x + 4 * at, z + 4 * at, step, some, c, at);
    for (; at < lanes; at += 4) q_add_rows(kind, x + 4 * at, z + 4 * at, step, some, c, at);
    x += some * step;
    z += some * step;
    left -= some;
  }
  for (u32 at = 0; at < lanes; at += 8) *(o_vdu *)(c->sum + at) /= (f64)(i32)rows;
}

T o_vf narrowed(o_vd x) { return __builtin_convertvector(x, o_vf); }

/** Sets the centres to the means. */
__attribute__((noinline, unused)) static void find_means(const u8 *x, size_t step, u32 rows, u32 lanes, Centres *c) {
  memcpy(c->high, x, 4 * lanes);
  memset(c->low, 0, 4 * lanes);
  means_of(PLAIN, x, x, step, rows, lanes, c);
  for (u32 at = 0; at < lanes; at += 8) {
    o_vd mean = widened(*(const o_vfu *)(c->high + at)) + *(const o_vdu *)(c->sum + at);
    o_vf high = narrowed(mean);
    *(o_vfu *)(c->high + at) = high;
    *(o_vfu *)(c->low + at) = narrowed(mean - widened(high));
  }
}

/** 1 / sqrt(x), or 0 where x is. */
T o_vd inverse_root(o_vd x) {
  typedef i64 o_vl __attribute__((vector_size(64)));
#if WIDE == 16
  o_vd root = (o_vd)_mm512_sqrt_pd((__m512d)x);
#else
  o_vd root;
  for (int k = 0; k < 8; k++) root[k] = __builtin_sqrt(x[k]);
#endif
  return (o_vd)((o_vl)(1.0 / root) & (x != 0.0));
}

/** Normalises so many lanes, and their tangents if `dx` is anywhere. */
__attribute__((noinline, unused)) static void norm_group(const u8 *x, u8 *out, size_t step, u32 rows, u32 lanes, f64 epsilon, const u8 *dx, u8 *dz, u32 frozen) {
  Centres c, shifts;
  f32 scale[GROUP], slope[GROUP];
  /* Lanes behind the last of a group of whole eights are worked on too. */
  memset(&c, 0, sizeof c);
  find_means(x, step, rows, lanes, &c);
  means_of(SQUARE, x, x, step, rows, lanes, &c);
  for (u32 at = 0; at < lanes; at += 8) *(o_vfu *)(scale + at) = narrowed(inverse_root(*(const o_vdu *)(c.sum + at) + epsilon));
  for (u32 r = 0; r < rows; r++) {
    const size_t row = r * step;
    u32 at = 0;
    for (; at + WIDE <= lanes; at += WIDE) w_store(out + row + 4 * at, w_f32x4_mul(w_from(x + row + 4 * at, &c, at), w_load(scale + at)));
    for (; at < lanes; at += 4) q_store(out + row + 4 * at, q_f32x4_mul(q_from(x + row + 4 * at, &c, at), q_load(scale + at)));
  }
  if (!dx) return;
  memset(&shifts, 0, sizeof shifts);
  memset(slope, 0, sizeof slope);
  if (!frozen) {
    find_means(dx, step, rows, lanes, &shifts);
    means_of(PRODUCT, dx, out, step, rows, lanes, &shifts);
    for (u32 at = 0; at < lanes; at += 8) *(o_vfu *)(slope + at) = narrowed(*(const o_vdu *)(shifts.sum + at));
  }
#define TANGENT(v, P) { \
  v along = P##f32x4_mul(P##load(out + row + 4 * at), P##load(slope + at)); \
  P##store(dz + row + 4 * at, P##f32x4_mul(P##f32x4_sub(P##from(dx + row + 4 * at, &shifts, at), along), P##load(scale + at))); \
}
  for (u32 r = 0; r < rows; r++) {
    const size_t row = r * step;
    u32 at = 0;
    for (; at + WIDE <= lanes; at += WIDE) TANGENT(w_v, w_)
    for (; at < lanes; at += 4) TANGENT(q_v, q_)
  }
#undef TANGENT
}

HOT(ensemble_norm_batch)(M *m, u32 x_at, u32 rows, u32 channels, f64 epsilon, u32 out_at, u32 dx_at, u32 dz_at, u32 frozen) {
  if ((i32)rows <= 0 || (i32)channels <= 0) return;
  const size_t step = (size_t)channels * 16;
  const u64 bytes = (u64)rows * step;
  const u8 *x = range(m, x_at, bytes), *dx = dx_at ? range(m, dx_at, bytes) : NULL;
  u8 *out = range(m, out_at, bytes), *dz = dx_at ? range(m, dz_at, bytes) : out;
  for (size_t at = 0; at < step; at += 4 * GROUP) {
    const u32 lanes = step - at < 4 * GROUP ? (step - at) / 4 : GROUP;
    norm_group(x + at, out + at, step, rows, lanes, epsilon, dx ? dx + at : NULL, dz + at, frozen);
  }
}
