/* Products of vectors in panels, as assembly/gram/multiply32.ts and multiply64.ts: every entry adds its products in the same order. */

/** Where products go: those of vector i of A with panel j of B lie i `row` + j `panel` bytes from the first. */
typedef struct {
  u8 *at;
  size_t row, panel;
} Out;

T Out out_at(Out out, size_t vector, size_t panel) { return (Out){out.at + vector * out.row + panel * out.panel, out.row, out.panel}; }

/** Eight float64 += sums of float32. */
T void add_to(u8 *out, o_vf sums) { *(o_vdu *)out += widened(sums); }

/** The products of `rows` (8, or 4 where registers are few) of eight vectors at `a` with one panel at `b`. */
T void gram32_one(const int rows, const u8 *a, const u8 *b, u32 length, Out out) {
  o_vf sums[8] = {0};
  for (u32 k = 0; k < length; k++, a += 32, b += 32) {
    o_vf y = *(const o_vfu *)b;
    UNROLL for (int i = 0; i < rows; i++) sums[i] += f32_load(a + 4 * i) * y;
  }
  UNROLL for (int i = 0; i < rows; i++) add_to(out.at + i * out.row, sums[i]);
}

#if WIDE == 16
typedef f32 b_vf __attribute__((vector_size(64)));

/** Steps of four panels that lie side by side (64 KiB); longer products go panel by panel. */
#define MOST_STEPS 512

/** The products of eight vectors at `a` with four panels side by side: sixteen sums that do not wait for each other. */
T void gram32_four(const u8 *a, const b_vf *b, u32 length, Out out) {
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
  UNROLL for (int j = 0; j < 2; j++, out.at += 2 * out.panel) UNROLL for (int i = 0; i < 8; i++) {
    add_to(out.at + i * out.row, (o_vf)_mm512_castps512_ps256((__m512)sums[i][j]));
    add_to(out.at + i * out.row + out.panel, (o_vf)_mm512_extractf32x8_ps((__m512)sums[i][j], 1));
  }
}

/** Puts four panels side by side. */
T void side_by_side(const u8 *b, size_t bytes, u32 length, u8 *to) {
  for (u32 k = 0; k < length; k++, b += 32) UNROLL for (int j = 0; j < 4; j++, to += 32) memcpy(to, b + j * bytes, 32);
}
#endif

/** Eight vectors at `a` with the panels [j, end) of B, one by one. */
T void gram32_rest(const u8 *a, const u8 *b, u32 j, u32 end, u32 length, Out out) {
  const size_t bytes = (size_t)length * 32;
  for (; j < end; j++) {
    const Out to = out_at(out, 0, j);
#if WIDE >= 8
    gram32_one(8, a, b + j * bytes, length, to);
#else
    gram32_one(4, a, b + j * bytes, length, to);
    gram32_one(4, a + 16, b + j * bytes, length, out_at(to, 4, 0));
#endif
  }
}

HOT(gram_multiply32_multiply32)(M *m, u32 a_at, u32 panelsA, u32 b_at, u32 panelsB, u32 length, u32 at, u32 row, u32 panel, u32 triangle) {
  if ((i32)panelsA <= 0 || (i32)panelsB <= 0 || (i32)length < 0) return;
  const size_t bytes = (size_t)length * 32;
  const u8 *a = range(m, a_at, panelsA * (u64)bytes), *b = range(m, b_at, panelsB * (u64)bytes);
  const Out out = {range_of(m, at, 8 * (u64)panelsA, row, panelsB, panel, 64), row, panel};
  u32 j = 0;
#if WIDE == 16
  /* Four panels of B stay in the first cache while those of A go by. */
  b_vf four[2 * MOST_STEPS];
  for (; length <= MOST_STEPS && j + 4 <= panelsB; j += 4) {
    const u32 above = triangle && j + 1 < panelsA ? j + 1 : panelsA;
    side_by_side(b + j * bytes, bytes, length, (u8 *)four);
    for (u32 i = 0; i < above; i++) gram32_four(a + i * bytes, four, length, out_at(out, 8 * i, j));
    for (u32 i = above; i < panelsA && i < j + 4; i++) gram32_rest(a + i * bytes, b, i, j + 4, length, out_at(out, 8 * i, 0));
  }
#endif
  for (u32 i = 0; i < panelsA; i++) gram32_rest(a + i * bytes, b, triangle && i > j ? i : j, panelsB, length, out_at(out, 8 * i, 0));
}

/** [4][4] products += those of four vectors at `a` with each of P panels of four at `b`, `bytes` apart, in order. */
T void gram64_tile(const int P, const u8 *a, const u8 *b, size_t bytes, u32 length, Out out) {
#define PRODUCTS(i, j) *(q_vf64u *)(out.at + (i) * out.row + (j) * out.panel)
  q_vf64 sums[4][4];
  UNROLL for (int i = 0; i < 4; i++) UNROLL for (int j = 0; j < P; j++) sums[i][j] = PRODUCTS(i, j);
  for (u32 k = 0; k < length; k++, a += 32, b += 32) {
    q_vf64 y[4];
    UNROLL for (int j = 0; j < P; j++) y[j] = *(const q_vf64u *)(b + j * bytes);
    UNROLL for (int i = 0; i < 4; i++) {
      f64 x = f64_load(a + 8 * i);
      UNROLL for (int j = 0; j < P; j++) sums[i][j] += x * y[j];
    }
  }
  UNROLL for (int i = 0; i < 4; i++) UNROLL for (int j = 0; j < P; j++) PRODUCTS(i, j) = sums[i][j];
}

#if WIDE == 16
T o_vd two_of(const u8 *p, size_t apart) { return (o_vd)_mm512_insertf64x4(_mm512_castpd256_pd512(_mm256_loadu_pd((const f64 *)p)), _mm256_loadu_pd((const f64 *)(p + apart)), 1); }

/** The same with P pairs of panels side by side in vectors of 512 bits. */
T void gram64_wide(const int P, const u8 *a, const u8 *b, size_t bytes, u32 length, Out out) {
  o_vd sums[4][4];
  UNROLL for (int i = 0; i < 4; i++) UNROLL for (int j = 0; j < P; j++) sums[i][j] = two_of(out.at + i * out.row + 2 * j * out.panel, out.panel);
  for (u32 k = 0; k < length; k++, a += 32, b += 32) {
    o_vd y[4];
    UNROLL for (int j = 0; j < P; j++) y[j] = two_of(b + 2 * j * bytes, bytes);
    UNROLL for (int i = 0; i < 4; i++) {
      f64 x = f64_load(a + 8 * i);
      UNROLL for (int j = 0; j < P; j++) {
        sums[i][j] += x * y[j];
        IN_REGISTER(sums[i][j]);
      }
    }
  }
  UNROLL for (int i = 0; i < 4; i++) UNROLL for (int j = 0; j < P; j++) {
    PRODUCTS(i, 2 * j) = (q_vf64)_mm512_castpd512_pd256((__m512d)sums[i][j]);
    PRODUCTS(i, 2 * j + 1) = (q_vf64)_mm512_extractf64x4_pd((__m512d)sums[i][j], 1);
  }
}
#endif
#undef PRODUCTS

HOT(gram_multiply64_multiply64)(M *m, u32 a_at, u32 panelsA, u32 b_at, u32 panelsB, u32 length, u32 at, u32 row, u32 panel, u32 triangle) {
  if ((i32)panelsA <= 0 || (i32)panelsB <= 0 || (i32)length < 0) return;
  const size_t bytes = (size_t)length * 32;
  const u8 *a = range(m, a_at, panelsA * (u64)bytes), *b = range(m, b_at, panelsB * (u64)bytes);
  const Out out = {range_of(m, at, 4 * (u64)panelsA, row, panelsB, panel, 32), row, panel};
  for (u32 i = 0; i < panelsA; i++, a += bytes) {
    u32 j = triangle ? i : 0;
#define AT b + j * bytes, bytes, length, out_at(out, 4 * i, j)
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
