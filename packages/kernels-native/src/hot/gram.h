/* Products of vectors in panels, as assembly/gram/multiply32.ts and multiply64.ts: every entry adds its products in the same order. */

typedef f64 w_vd __attribute__((vector_size(4 * WIDE)));
typedef f64 w_vdu __attribute__((vector_size(4 * WIDE), aligned(1), may_alias));
typedef f64 o_vd __attribute__((vector_size(64)));
typedef f64 o_vdu __attribute__((vector_size(64), aligned(1), may_alias));
typedef f32 o_vf __attribute__((vector_size(32)));
typedef f32 o_vfu __attribute__((vector_size(32), aligned(1), may_alias));

/* Two panels of B side by side fill a vector of 512 bits; narrower ones take a panel in one or two. */
#if WIDE == 16
#define B_PANELS 2
typedef f32 b_vf __attribute__((vector_size(64)));
T b_vf side_by_side(const u8 *b, size_t bytes) { return (b_vf)_mm512_insertf32x8(_mm512_castps256_ps512(_mm256_loadu_ps((const f32 *)b)), _mm256_loadu_ps((const f32 *)(b + bytes)), 1); }
#else
#define B_PANELS 1
typedef f32 b_vf __attribute__((vector_size(32)));
typedef f32 b_vfu __attribute__((vector_size(32), aligned(1), may_alias));
T b_vf side_by_side(const u8 *b, size_t bytes) { (void)bytes; return *(const b_vfu *)b; }
#endif

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
/** The same with two panels of B, `bytes` apart, at once. */
T void gram32_two(const u8 *a, const u8 *b, size_t bytes, u32 length, u8 *out, size_t stride) {
  b_vf sums[8] = {0};
  for (u32 k = 0; k < length; k++, a += 32, b += 32) {
    b_vf y = side_by_side(b, bytes);
    UNROLL for (int i = 0; i < 8; i++) sums[i] += f32_load(a + 4 * i) * y;
  }
  UNROLL for (int i = 0; i < 8; i++) {
    add_to(out + i * stride, (o_vf)_mm512_castps512_ps256((__m512)sums[i]));
    add_to(out + i * stride + 64, (o_vf)_mm512_extractf32x8_ps((__m512)sums[i], 1));
  }
}

/** The same with four: sixteen sums that do not wait for each other. */
T void gram32_four(const u8 *a, const u8 *b, size_t bytes, u32 length, u8 *out, size_t stride) {
  b_vf sums[8][2] = {0};
  for (u32 k = 0; k < length; k++, a += 32, b += 32) {
    b_vf y = side_by_side(b, bytes), z = side_by_side(b + 2 * bytes, bytes);
    UNROLL for (int i = 0; i < 8; i++) {
      f32 x = f32_load(a + 4 * i);
      sums[i][0] += x * y;
      sums[i][1] += x * z;
    }
  }
  UNROLL for (int i = 0; i < 8; i++) UNROLL for (int j = 0; j < 2; j++) {
    add_to(out + i * stride + 128 * j, (o_vf)_mm512_castps512_ps256((__m512)sums[i][j]));
    add_to(out + i * stride + 128 * j + 64, (o_vf)_mm512_extractf32x8_ps((__m512)sums[i][j], 1));
  }
}
#endif

HOT(gram_multiply32_multiply32)(M *m, u32 a_at, u32 panelsA, u32 b_at, u32 panelsB, u32 length, u32 out_at, u32 triangle) {
  if ((i32)panelsA <= 0 || (i32)panelsB <= 0 || (i32)length < 0) return;
  const size_t bytes = (size_t)length * 32, stride = (size_t)panelsB * 64;
  const u8 *a = range(m, a_at, panelsA * (u64)bytes), *b = range(m, b_at, panelsB * (u64)bytes);
  u8 *out = range(m, out_at, 8 * (u64)panelsA * stride);
  for (u32 i = 0; i < panelsA; i++, a += bytes, out += 8 * stride) {
    u32 j = triangle ? i : 0;
#if WIDE == 16
    for (; j + 4 <= panelsB; j += 4) gram32_four(a, b + j * bytes, bytes, length, out + 64 * (size_t)j, stride);
    for (; j + 2 <= panelsB; j += 2) gram32_two(a, b + j * bytes, bytes, length, out + 64 * (size_t)j, stride);
#endif
    for (; j < panelsB; j++) {
#if WIDE >= 8
      gram32_one(8, a, b + j * bytes, length, out + 64 * (size_t)j, stride);
#else
      gram32_one(4, a, b + j * bytes, length, out + 64 * (size_t)j, stride);
      gram32_one(4, a + 16, b + j * bytes, length, out + 64 * (size_t)j + 4 * stride, stride);
#endif
    }
  }
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
/** The same with pairs of panels side by side in vectors of 512 bits. */
T void gram64_wide(const int P, const u8 *a, const u8 *b, size_t bytes, u32 length, u8 *out, size_t stride) {
  o_vd sums[4][4];
  UNROLL for (int i = 0; i < 4; i++) UNROLL for (int j = 0; j < P; j++) sums[i][j] = *(const o_vdu *)(out + i * stride + 64 * j);
  for (u32 k = 0; k < length; k++, a += 32, b += 32) {
    o_vd y[4];
    UNROLL for (int j = 0; j < P; j++) y[j] = (o_vd)side_by_side(b + 2 * j * bytes, bytes);
    UNROLL for (int i = 0; i < 4; i++) {
      f64 x = f64_load(a + 8 * i);
      UNROLL for (int j = 0; j < P; j++) sums[i][j] += x * y[j];
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
