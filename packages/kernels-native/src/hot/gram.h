/* Products of vectors in panels, as assembly/gram/multiply32.ts and multiply64.ts: every entry adds its products in the same order. */

typedef f64 w_vd __attribute__((vector_size(4 * WIDE)));
typedef f64 w_vdu __attribute__((vector_size(4 * WIDE), aligned(1), may_alias));
typedef f64 o_vd __attribute__((vector_size(64)));
typedef f64 o_vdu __attribute__((vector_size(64), aligned(1), may_alias));
typedef f32 o_vf __attribute__((vector_size(32)));
typedef f32 o_vfu __attribute__((vector_size(32), aligned(1), may_alias));

/** out [8][8] float64 += sums of float32. */
T void add_to(u8 *out, o_vf sums) { *(o_vdu *)out += __builtin_convertvector(sums, o_vd); }

/** out [rows][8] += the products of `rows` (8, or 4 where registers are few) of eight vectors at `a` with one panel at `b`. */
T void gram32_one(const int rows, const u8 *a, const u8 *b, u32 length, u8 *out, size_t stride) {
  o_vf sums[8] = {0};
  for (u32 k = 0; k < length; k++, a += 32, b += 32) {
    o_vf y = *(const o_vfu *)b;
    UNROLL for (int i = 0; i < rows; i++) sums[i] += f32_load(a + 4 * i) * y;
  }
  UNROLL for (int i = 0; i < rows; i++) add_to(out + i * stride, sums[i]);
}

#if WIDE == 16
typedef f32 b_vf __attribute__((vector_size(64)));

/** Steps of four panels that lie side by side (64 KiB); longer products go panel by panel. */
#define MOST_STEPS 512

/** out [8][32] += the products of eight vectors at `a` with four panels side by side: sixteen sums that do not wait for each other. */
T void gram32_four(const u8 *a, const b_vf *b, u32 length, u8 *out, size_t stride) {
  b_vf sums[8][2] = {0};
  for (u32 k = 0; k < length; k++, a += 32, b += 2) {
    b_vf y = b[0], z = b[1];
    IN_REGISTER(y);
    IN_REGISTER(z);
    UNROLL for (int i = 0; i < 8; i++) {
      const f32 x = f32_load(a + 4 * i);
      sums[i][0] += x * y;
      sums[i][1] += x * z;
      IN_REGISTER(sums[i][0]);
      IN_REGISTER(sums[i][1]);
    }
  }
  UNROLL for (int i = 0; i < 8; i++) UNROLL for (int j = 0; j < 2; j++) {
    add_to(out + i * stride + 128 * j, (o_vf)_mm512_castps512_ps256((__m512)sums[i][j]));
    add_to(out + i * stride + 128 * j + 64, (o_vf)_mm512_extractf32x8_ps((__m512)sums[i][j], 1));
  }
}

/** Puts four panels side by side. */
T void side_by_side(const u8 *b, size_t bytes, u32 length, u8 *to) {
  for (u32 k = 0; k < length; k++, b += 32) UNROLL for (int j = 0; j < 4; j++, to += 32) memcpy(to, b + j * bytes, 32);
}
#endif

/** Eight vectors at `a` with the panels [j, end) of B, one by one. */
T void gram32_rest(const u8 *a, const u8 *b, u32 j, u32 end, u32 length, u8 *out, size_t stride) {
  const size_t bytes = (size_t)length * 32;
  for (; j < end; j++) {
    u8 *to = out + 64 * (size_t)j;
#if WIDE >= 8
    gram32_one(8, a, b + j * bytes, length, to, stride);
#else
    gram32_one(4, a, b + j * bytes, length, to, stride);
    gram32_one(4, a + 16, b + j * bytes, length, to + 4 * stride, stride);
#endif
  }
}

HOT(gram_multiply32_multiply32)(M *m, u32 a_at, u32 panelsA, u32 b_at, u32 panelsB, u32 length, u32 out_at, u32 triangle) {
  if ((i32)panelsA <= 0 || (i32)panelsB <= 0 || (i32)length < 0) return;
  const size_t bytes = (size_t)length * 32, stride = (size_t)panelsB * 64;
  const u8 *a = range(m, a_at, panelsA * (u64)bytes), *b = range(m, b_at, panelsB * (u64)bytes);
  u8 *out = range(m, out_at, 8 * (u64)panelsA * stride);
  u32 j = 0;
#if WIDE == 16
  /* Four panels of B stay in the first cache while those of A go by. */
  b_vf four[2 * MOST_STEPS];
  for (; length <= MOST_STEPS && j + 4 <= panelsB; j += 4) {
    const u32 above = triangle && j + 1 < panelsA ? j + 1 : panelsA;
    side_by_side(b + j * bytes, bytes, length, (u8 *)four);
    for (u32 i = 0; i < above; i++) gram32_four(a + i * bytes, four, length, out + 8 * i * stride + 64 * (size_t)j, stride);
    for (u32 i = above; i < panelsA && i < j + 4; i++) gram32_rest(a + i * bytes, b, i, j + 4, length, out + 8 * i * stride, stride);
  }
#endif
  for (u32 i = 0; i < panelsA; i++) gram32_rest(a + i * bytes, b, triangle && i > j ? i : j, panelsB, length, out + 8 * i * stride, stride);
}

/** out [4][4] += the products of four vectors at `a` with P panels of four at `b`, `bytes` apart, in order. */
T void gram64_tile(const int P, const u8 *a, const u8 *b, size_t bytes, u32 length, u8 *out, size_t stride) {
  q_vf64 sums[4][4];
  UNROLL for (int i = 0; i < 4; i++) UNROLL for (int j = 0; j < P; j++) sums[i][j] = *(const q_vf64u *)(out + i * stride + 32 * j);
  for (u32 k = 0; k < length; k++, a += 32, b += 32) {
    q_vf64 y[4];
    UNROLL for (int j = 0; j < P; j++) y[j] = *(const q_vf64u *)(b + j * bytes);
    UNROLL for (int i = 0; i < 4; i++) {
      f64 x = f64_load(a + 8 * i);
      UNROLL for (int j = 0; j < P; j++) sums[i][j] += x * y[j];
    }
  }
  UNROLL for (int i = 0; i < 4; i++) UNROLL for (int j = 0; j < P; j++) *(q_vf64u *)(out + i * stride + 32 * j) = sums[i][j];
}

#if WIDE == 16
T o_vd two_panels(const u8 *b, size_t bytes) { return (o_vd)_mm512_insertf64x4(_mm512_castpd256_pd512(_mm256_loadu_pd((const f64 *)b)), _mm256_loadu_pd((const f64 *)(b + bytes)), 1); }

/** The same with pairs of panels side by side in vectors of 512 bits. */
T void gram64_wide(const int P, const u8 *a, const u8 *b, size_t bytes, u32 length, u8 *out, size_t stride) {
  o_vd sums[4][4];
  UNROLL for (int i = 0; i < 4; i++) UNROLL for (int j = 0; j < P; j++) sums[i][j] = *(const o_vdu *)(out + i * stride + 64 * j);
  for (u32 k = 0; k < length; k++, a += 32, b += 32) {
    o_vd y[4];
    UNROLL for (int j = 0; j < P; j++) y[j] = two_panels(b + 2 * j * bytes, bytes);
    UNROLL for (int i = 0; i < 4; i++) {
      f64 x = f64_load(a + 8 * i);
      UNROLL for (int j = 0; j < P; j++) {
        sums[i][j] += x * y[j];
        IN_REGISTER(sums[i][j]);
      }
    }
  }
  UNROLL for (int i = 0; i < 4; i++) UNROLL for (int j = 0; j < P; j++) *(o_vdu *)(out + i * stride + 64 * j) = sums[i][j];
}
#endif

HOT(gram_multiply64_multiply64)(M *m, u32 a_at, u32 panelsA, u32 b_at, u32 panelsB, u32 length, u32 out_at, u32 triangle) {
  if ((i32)panelsA <= 0 || (i32)panelsB <= 0 || (i32)length < 0) return;
  const size_t bytes = (size_t)length * 32, stride = (size_t)panelsB * 32;
  const u8 *a = range(m, a_at, panelsA * (u64)bytes), *b = range(m, b_at, panelsB * (u64)bytes);
  u8 *out = range(m, out_at, 4 * (u64)panelsA * stride);
  for (u32 i = 0; i < panelsA; i++, a += bytes, out += 4 * stride) {
    u32 j = triangle ? i : 0;
#define AT b + j * bytes, bytes, length, out + 32 * (size_t)j, stride
#if WIDE == 16
    for (; j + 8 <= panelsB; j += 8) gram64_wide(4, a, AT);
    for (; j + 2 <= panelsB; j += 2) gram64_wide(1, a, AT);
#else
    for (; j + 2 <= panelsB; j += 2) gram64_tile(2, a, AT);
#endif
    for (; j < panelsB; j++) gram64_tile(1, a, AT);
#undef AT
  }
}
