/* Products in law, as assembly/law: values of four float64, so that a vector of 512 bits holds two units. Every sum is made in the same order. */

typedef f64 o_vd __attribute__((vector_size(64)));
typedef f64 o_vdu __attribute__((vector_size(64), aligned(1), may_alias));

T q_vf64 load4(const u8 *p) { return *(const q_vf64u *)p; }
T void store4(u8 *p, q_vf64 x) { *(q_vf64u *)p = x; }

/* ---- gram-schmidt.ts ---- */

T q_vf64 dot4(const u8 *a, const u8 *b, u32 length) {
  q_vf64 s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
  u32 at = 0;
  for (; at < (length & ~127u); at += 128) {
    s0 += load4(a + at) * load4(b + at);
    s1 += load4(a + at + 32) * load4(b + at + 32);
    s2 += load4(a + at + 64) * load4(b + at + 64);
    s3 += load4(a + at + 96) * load4(b + at + 96);
  }
  for (; at < length; at += 32) s0 += load4(a + at) * load4(b + at);
  return (s0 + s1) + (s2 + s3);
}

HOT(law_gram_schmidt_dot)(M *m, u32 a, u32 b, u32 length) {
  q_vf64 sums = dot4(range(m, a, length), range(m, b, length), length);
  memcpy(&m->globals.law_gram_schmidt_dot01, &sums, 16);
  memcpy(&m->globals.law_gram_schmidt_dot23, (const u8 *)&sums + 16, 16);
}

T void project_one(const u8 *q, u8 *rest, u32 length, u8 *entry) {
  q_vf64 c = dot4(q, rest, length);
  store4(entry, load4(entry) + c);
  for (u32 at = 0; at < length; at += 32) store4(rest + at, load4(rest + at) - c * load4(q + at));
}

/** Takes the components along K directions out of `rest` at once. */
T void project_some(const int K, const u8 *q, u8 *rest, u32 length, u8 **entries) {
  q_vf64 sums[4] = {0};
  for (u32 at = 0; at < length; at += 32) {
    q_vf64 r = load4(rest + at);
    UNROLL for (int k = 0; k < K; k++) sums[k] += r * load4(q + (size_t)k * length + at);
  }
  UNROLL for (int k = 0; k < K; k++) store4(entries[k], load4(entries[k]) + sums[k]);
  for (u32 at = 0; at < length; at += 32) {
    q_vf64 t = sums[0] * load4(q + at);
    UNROLL for (int k = 1; k < K; k++) t += sums[k] * load4(q + (size_t)k * length + at);
    store4(rest + at, load4(rest + at) - t);
  }
}

HOT(law_gram_schmidt_takeOut)(M *m, u32 p, u32 basis, u32 count, u32 rest_at, u32 length, u32 own, u32 columns_at) {
  const u8 *directions = range(m, basis, (u64)count * length), *columns = range(m, columns_at, (u64)count * 4);
  u8 *rest = range(m, rest_at, length);
  const u32 whole = (p & ~3u) << 5;
  for (int pass = 0; pass < 2; pass++)
    for (u32 s = 0; s < count;) {
      const u8 *q = directions + (size_t)s * length;
      const u32 column = i32_load(columns + 4 * s);
      if (column >= whole) {
        project_one(q, rest, length, range(m, own + column, 32));
        s++;
        continue;
      }
      u8 *entries[4] = {range(m, own + column, 32)};
      u32 some = 1;
      while (s + some < count && some < 4 && i32_load(columns + 4 * (s + some)) >> 7 == column >> 7) {
        entries[some] = range(m, own + i32_load(columns + 4 * (s + some)), 32);
        some++;
      }
      if (some == 4) project_some(4, q, rest, length, entries);
      else if (some == 3) project_some(3, q, rest, length, entries);
      else if (some == 2) project_some(2, q, rest, length, entries);
      else project_some(1, q, rest, length, entries);
      s += some;
    }
}

/* ---- multiply.ts ---- */

#if WIDE == 16
#define LAW_UNITS 2
typedef o_vd l_vd;
typedef o_vdu l_vdu;
T l_vd law_spread(const u8 *p) { return (l_vd)_mm512_broadcast_f64x4(_mm256_loadu_pd((const f64 *)p)); }
#else
#define LAW_UNITS 1
typedef q_vf64 l_vd;
typedef q_vf64u l_vdu;
T l_vd law_spread(const u8 *p) { return load4(p); }
#endif

/** scale sum + bias, rectified where asked for; a NaN stays. */
T l_vd law_finish(l_vd sum, f64 scale, const u8 *bias, int rectify) {
  sum *= scale;
  if (bias) sum += *(const l_vdu *)bias;
  if (rectify) {
    typedef i64 mask __attribute__((vector_size(sizeof(l_vd))));
    sum = (l_vd)((mask)sum & ~(mask)(sum < 0.0));
  }
  return sum;
}

/** P points x N vectors of units: scale sum_k r[p][k] g[k][u] + bias. */
T void law_tile(const int P, const int N, const u8 *r, size_t r_row, const u8 *columns, u32 count, const u8 *g, size_t stride, f64 scale, const u8 *bias, u8 *out, size_t out_row, int rectify) {
  l_vd sums[2][4] = {0};
  for (u32 k = 0; k < count; k++, g += stride) {
    const u32 column = i32_load(columns + 4 * k);
    l_vd values[4];
    UNROLL for (int n = 0; n < N; n++) values[n] = *(const l_vdu *)(g + 32 * LAW_UNITS * n);
    UNROLL for (int p = 0; p < P; p++) {
      l_vd by = law_spread(r + p * r_row + column);
      UNROLL for (int n = 0; n < N; n++) sums[p][n] += by * values[n];
    }
  }
  UNROLL for (int p = 0; p < P; p++)
    UNROLL for (int n = 0; n < N; n++) {
      const size_t at = 32 * LAW_UNITS * n;
      *(l_vdu *)(out + p * out_row + at) = law_finish(sums[p][n], scale, bias ? bias + at : NULL, rectify);
    }
}

/** The last unit where units are odd in number. */
T void law_last(const int P, const u8 *r, size_t r_row, const u8 *columns, u32 count, const u8 *g, size_t stride, f64 scale, const u8 *bias, u8 *out, size_t out_row, int rectify) {
  for (int p = 0; p < P; p++) {
    q_vf64 sum = {0};
    for (u32 k = 0; k < count; k++) sum += load4(r + p * r_row + i32_load(columns + 4 * k)) * load4(g + k * stride);
    sum *= scale;
    if (bias) sum += load4(bias);
    typedef i64 mask __attribute__((vector_size(32)));
    if (rectify) sum = (q_vf64)((mask)sum & ~(mask)(sum < 0.0));
    store4(out + p * out_row, sum);
  }
}

T void law_points(const int P, const u8 *r, size_t r_row, const u8 *columns, u32 count, const u8 *g, size_t stride, u32 some, f64 scale, const u8 *bias, u8 *out, size_t out_row, int rectify) {
  u32 u = 0;
#define AT(u) r, r_row, columns, count, g + 32 * (size_t)(u), stride, scale, bias ? bias + 32 * (size_t)(u) : NULL, out + 32 * (size_t)(u), out_row, rectify
  for (; u + 4 * LAW_UNITS <= some; u += 4 * LAW_UNITS) law_tile(P, 4, AT(u));
  for (; u + LAW_UNITS <= some; u += LAW_UNITS) law_tile(P, 1, AT(u));
  if (u < some) law_last(P, AT(u));
#undef AT
}

HOT(law_multiply_multiply)(M *m, u32 r_at, u32 points, u32 columns_at, u32 directions, u32 g_at, u32 stride, u32 some, f64 scale, u32 bias_at, u32 out_at, u32 units, u32 code, f64 parameter) {
  if ((i32)points <= 0 || (i32)some <= 0) return;
  const size_t row = (size_t)points * 32, out_row = (size_t)units * 32;
  const u8 *r = range(m, r_at, (u64)points * row), *columns = range(m, columns_at, (u64)directions * 4);
  const u8 *g = range(m, g_at, directions ? (u64)(directions - 1) * stride + (u64)some * 32 : 0);
  const u8 *bias = bias_at ? range(m, bias_at, (u64)some * 32) : NULL;
  const u64 bytes = (u64)(points - 1) * out_row + (u64)some * 32;
  u8 *out = range(m, out_at, bytes);
  /* What is written over the columns would be read as columns that nothing has checked. */
  if (out < columns + (size_t)directions * 4 && columns < out + bytes) trap(&m->memory);
  for (u32 k = 0; k < directions; k++) if (i32_load(columns + 4 * k) > row - 32) trap(&m->memory);
  const int rectify = code == 1, activates = code > 1;
  u32 count = 0, p = 0;
  for (; p + 1 < points; p += 2) {
    while (count < directions && i32_load(columns + 4 * count) <= (p + 1) << 5) count++;
    law_points(2, r + p * row, row, columns, count, g, stride, some, scale, bias, out + p * out_row, out_row, rectify);
    if (activates)
      for (u32 k = p; k < p + 2; k++) law_activation_activate(m, out_at + k * (u32)out_row, some, code, parameter);
  }
  if (p < points) {
    law_points(1, r + p * row, row, columns, directions, g, stride, some, scale, bias, out + p * out_row, out_row, rectify);
    if (activates) law_activation_activate(m, out_at + p * (u32)out_row, some, code, parameter);
  }
}
