/* Sums over the samples of channels, as assembly/ensemble/channels.ts. */

/** Samples whose sum is made in float32 before it is added in float64. */
#define SAMPLES 16

/* The functions for both lengths of vectors: a block's sums of x, |x| and x - first; and what the centred values sum to. */
#define SUMS(v, P, parts) \
/** sum (f64, four for each channel) += x. */ \
T void P##flush(u8 *sum, v x) { UNROLL for (int k = 0; k < parts; k++) ((P##partu *)sum)[k] += P##part_of(x, k); } \
__attribute__((noinline, unused)) static void P##first_sums(const u8 *p, u32 rows, size_t step, v first, u8 *at, size_t part) { \
  v sum = {0}, size = {0}, shift = {0}; \
  for (u32 r = 0; r < rows; r++, p += step) { \
    v x = P##load(p); \
    sum = P##f32x4_add(sum, x); \
    size = P##f32x4_add(size, P##f32x4_abs(x)); \
    shift = P##f32x4_add(shift, P##f32x4_sub(x, first)); \
  } \
  P##flush(at, sum); \
  P##flush(at + part, size); \
  P##flush(at + 2 * part, shift); \
} \
__attribute__((noinline, unused)) static void P##second_sums(const u8 *p, u8 *to, u32 rows, size_t step, v mean, v rest, u8 *at, size_t part) { \
  v square = {0}, power = {0}; \
  P##part fourth[parts] = {{0}}; \
  for (u32 r = 0; r < rows; r++, p += step, to += step) { \
    v x = P##load(p), t = P##f32x4_sub(P##f32x4_sub(x, mean), rest), q = P##f32x4_mul(t, t); \
    P##store(to, t); \
    square = P##f32x4_add(square, q); \
    power = P##f32x4_add(power, P##f32x4_mul(x, x)); \
    UNROLL for (int k = 0; k < parts; k++) { \
      const P##part d = P##part_of(q, k); \
      fourth[k] += d * d; \
    } \
  } \
  P##flush(at, square); \
  UNROLL for (int k = 0; k < parts; k++) ((P##partu *)(at + part))[k] += fourth[k]; \
  P##flush(at + 2 * part, power); \
}
SUMS(q_v, q_, 1)
SUMS(w_v, w_, PARTS)
#undef SUMS

HOT(ensemble_channels_channelSums)(M *m, u32 x_at, u32 samples, u32 channels, u32 sums_at, u32 centred_at) {
  if ((i32)channels <= 0) return;
  const size_t step = (size_t)channels * 16, part = (size_t)channels * 32;
  const u32 count = (i32)samples > 0 ? samples : 0;
  const u8 *x = range(m, x_at, (u64)(count ? count : 1) * step);
  u8 *sums = range(m, sums_at, 6 * (u64)part), *centred = range(m, centred_at, (u64)count * step);
  memset(sums, 0, 6 * part);
  for (u32 row = 0; row < count; row += SAMPLES) {
    const u32 rows = count - row < SAMPLES ? count - row : SAMPLES;
    const u8 *block = x + row * step;
    u32 c = 0;
    for (; c + UNITS <= channels; c += UNITS) w_first_sums(block + 16 * c, rows, step, w_load(x + 16 * c), sums + 32 * c, part);
    for (; c < channels; c++) q_first_sums(block + 16 * c, rows, step, q_load(x + 16 * c), sums + 32 * c, part);
  }
  q_v n = q_f64x2_splat((f64)(i32)samples);
  for (u32 c = 0; c < channels; c++) {
    q_v first = q_load(x + 16 * c);
    q_v upper_lanes = q_i8x16_shuffle(first, first, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
    u8 *at = sums + 32 * c + 2 * part;
    q_v low = q_f64x2_add(q_f64x2_promote_low_f32x4(first), q_f64x2_div(q_load(at), n));
    q_v high = q_f64x2_add(q_f64x2_promote_low_f32x4(upper_lanes), q_f64x2_div(q_load(at + 16), n));
    q_v a = q_f32x4_demote_f64x2_zero(low), b = q_f32x4_demote_f64x2_zero(high);
    q_v c0 = q_f32x4_demote_f64x2_zero(q_f64x2_sub(low, q_f64x2_promote_low_f32x4(a)));
    q_v c1 = q_f32x4_demote_f64x2_zero(q_f64x2_sub(high, q_f64x2_promote_low_f32x4(b)));
    q_store(at, q_i8x16_shuffle(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
    q_store(at + 16, q_i8x16_shuffle(c0, c1, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
  }
  for (u32 row = 0; row < count; row += SAMPLES) {
    const u32 rows = count - row < SAMPLES ? count - row : SAMPLES;
    const size_t block = row * step;
    u32 c = 0;
    for (; c + UNITS <= channels; c += UNITS) {
      u8 *mean = sums + 32 * c + 2 * part;
      w_second_sums(x + block + 16 * c, centred + block + 16 * c, rows, step, w_load_quarters(mean, 32), w_load_quarters(mean + 16, 32), mean + part, part);
    }
    for (; c < channels; c++) {
      u8 *mean = sums + 32 * c + 2 * part;
      q_second_sums(x + block + 16 * c, centred + block + 16 * c, rows, step, q_load(mean), q_load(mean + 16), mean + part, part);
    }
  }
}

/** Samples whose products with v are made together. */
#define TOGETHER 8

/** Where the products of `some` samples with v go: every fourth channel has a sum of its own, and their fours of lanes are added at the end. */
T void along_v(const int some, const u8 *x, size_t step, u32 channels, const u8 *v, q_v *along) {
  w_v sums[TOGETHER][4 / UNITS] = {{{0}}};
  u32 c = 0;
  for (; c + 4 <= channels; c += 4, x += 64, v += 64)
    UNROLL for (int h = 0; h < 4 / UNITS; h++) {
      w_v by = w_load(v + 16 * UNITS * h);
      UNROLL for (int k = 0; k < some; k++) sums[k][h] = plus(sums[k][h], w_load(x + k * step + 16 * UNITS * h), by);
    }
  UNROLL for (int k = 0; k < some; k++) {
    q_v four[4];
    UNROLL for (int h = 0; h < 4 / UNITS; h++) w_store(four + UNITS * h, sums[k][h]);
    for (u32 i = 0; c + i < channels; i++) four[i] = q_f32x4_add(four[i], q_f32x4_mul(q_load(x + k * step + 16 * i), q_load(v + 16 * i)));
    along[k] = q_f32x4_add(q_f32x4_add(four[0], four[2]), q_f32x4_add(four[1], four[3]));
  }
}

HOT(ensemble_channels_covarianceProduct)(M *m, u32 x_at, u32 samples, u32 channels, u32 v_at, u32 out_at) {
  if ((i32)channels <= 0) return;
  const size_t step = (size_t)channels * 16;
  u32 count = (i32)samples > 0 ? samples : 0;
  const u8 *x = range(m, x_at, (u64)count * step), *v = range(m, v_at, step);
  u8 *out = range(m, out_at, step);
  memset(out, 0, step);
  while (count > 0) {
    q_v along[TOGETHER];
    const u32 some = count >= TOGETHER ? TOGETHER : 1;
    if (some == TOGETHER) along_v(TOGETHER, x, step, channels, v, along);
    else along_v(1, x, step, channels, v, along);
    u32 c = 0;
    for (; c + UNITS <= channels; c += UNITS) {
      w_v sum = w_load(out + 16 * c);
      for (u32 k = 0; k < some; k++) sum = plus(sum, w_spread(along[k]), w_load(x + k * step + 16 * c));
      w_store(out + 16 * c, sum);
    }
    for (; c < channels; c++) {
      q_v sum = q_load(out + 16 * c);
      for (u32 k = 0; k < some; k++) sum = q_f32x4_add(sum, q_f32x4_mul(along[k], q_load(x + k * step + 16 * c)));
      q_store(out + 16 * c, sum);
    }
    x += some * step;
    count -= some;
  }
}
