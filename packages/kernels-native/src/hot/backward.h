/* What layers with weights do on the way back, as assembly/ensemble/backward.ts: every sum in the same order. */

/** P points x I inputs: dx[p][i] = sum over the units of dy[p][u] w[i][u]. The lanes of a wide vector are inputs: their weights are gathered from as many rows. */
T void input_tile(const int P, const u32 some, const u8 *dy, size_t dy_row, u32 units, const u8 *w, size_t w_row, u8 *dx, size_t dx_row) {
  w_v sums[8] = {0};
  for (u32 u = 0; u < units; u++, dy += 16, w += 16) {
#if WIDE == 16
    __m512 weights = _mm512_castps128_ps512(_mm_loadu_ps((const f32 *)w));
    if (some > 1) weights = _mm512_insertf32x4(weights, _mm_loadu_ps((const f32 *)(w + w_row)), 1);
    if (some > 2) weights = _mm512_insertf32x4(weights, _mm_loadu_ps((const f32 *)(w + 2 * w_row)), 2);
    if (some > 3) weights = _mm512_insertf32x4(weights, _mm_loadu_ps((const f32 *)(w + 3 * w_row)), 3);
#elif WIDE == 8
    __m256 weights = _mm256_castps128_ps256(_mm_loadu_ps((const f32 *)w));
    if (some > 1) weights = _mm256_insertf128_ps(weights, _mm_loadu_ps((const f32 *)(w + w_row)), 1);
#else
    q_v weights = q_load(w);
#endif
    UNROLL for (int p = 0; p < P; p++) {
      w_v product = w_f32x4_mul(w_spread_at(dy + p * dy_row), (w_v)weights);
      sums[p] = w_f32x4_add(sums[p], product);
    }
  }
  UNROLL for (int p = 0; p < P; p++)
    if (some == UNITS) w_store(dx + p * dx_row, sums[p]);
    else w_store_some(dx + p * dx_row, sums[p], some);
}

HOT(ensemble_backward_inputGradient)(M *m, u32 dy_at, u32 points, u32 units, u32 weights, u32 inputs, u32 dx_at) {
  if ((i32)points <= 0 || (i32)units <= 0 || (i32)inputs <= 0) return;
  const size_t dy_row = (size_t)units * 16, dx_row = (size_t)inputs * 16;
  const u8 *dy = range(m, dy_at, points * (u64)dy_row), *w = range(m, weights, inputs * (u64)dy_row);
  u8 *dx = range(m, dx_at, points * (u64)dx_row);
  for (u32 i = 0; i < inputs; i += UNITS) {
    const u32 some = inputs - i < UNITS ? inputs - i : UNITS;
    u32 p = 0;
    for (; p < points;) {
      const u8 *from = dy + p * dy_row;
      u8 *to = dx + p * dx_row + i * (size_t)16;
      const u8 *row = w + i * dy_row;
#define ROWS(P) if (some == UNITS) input_tile(P, UNITS, from, dy_row, units, row, dy_row, to, dx_row); else input_tile(P, some, from, dy_row, units, row, dy_row, to, dx_row);
      if (points - p >= 8) { ROWS(8) p += 8; }
      else if (points - p >= 4) { ROWS(4) p += 4; }
      else { ROWS(1) p += 1; }
#undef ROWS
    }
  }
}

/** I inputs x N wide vectors of units: dw[i][u] = start + sum over the points of x[p][i] dy[p][u]. */
T void weight_tile(const int I, const int N, const u32 some, const u8 *x, size_t x_row, const u8 *dy, size_t dy_row, u32 points, u8 *dw, size_t dw_row, int adds) {
  w_v sums[8][4];
  UNROLL for (int i = 0; i < I; i++)
    UNROLL for (int n = 0; n < N; n++) {
      const u8 *at = dw + i * dw_row + (size_t)16 * UNITS * n;
      sums[i][n] = !adds ? (w_v){0} : some == UNITS || n + 1 < N ? w_load(at) : w_load_some(at, some);
    }
  for (u32 p = 0; p < points; p++, x += x_row, dy += dy_row) {
    w_v d[4];
    UNROLL for (int n = 0; n < N; n++) {
      const u8 *at = dy + (size_t)16 * UNITS * n;
      d[n] = some == UNITS || n + 1 < N ? w_load(at) : w_load_some(at, some);
    }
    UNROLL for (int i = 0; i < I; i++) {
      w_v v = w_spread_at(x + 16 * i);
      UNROLL for (int n = 0; n < N; n++) sums[i][n] = plus(sums[i][n], v, d[n]);
    }
  }
  UNROLL for (int i = 0; i < I; i++)
    UNROLL for (int n = 0; n < N; n++) {
      u8 *at = dw + i * dw_row + (size_t)16 * UNITS * n;
      if (some == UNITS || n + 1 < N) w_store(at, sums[i][n]);
      else w_store_some(at, sums[i][n], some);
    }
}

/** I inputs against all units. */
T void weight_rows(const int I, const u8 *x, size_t x_row, const u8 *dy, u32 units, u32 points, u8 *dw, int adds) {
  const size_t row = (size_t)units * 16;
  u32 u = 0;
  while (u < units) {
    const u32 left = units - u, rest = left & (UNITS - 1) ? left & (UNITS - 1) : UNITS;
    const u8 *from = dy + u * (size_t)16;
    u8 *to = dw + u * (size_t)16;
#define COLUMNS(N, some) weight_tile(I, N, some, x, x_row, from, row, points, to, row, adds)
    if (left >= UNITS * TILE_VECTORS) {
      COLUMNS(TILE_VECTORS, UNITS);
      u += UNITS * TILE_VECTORS;
    } else if (left >= 2 * UNITS && TILE_VECTORS > 2) {
      COLUMNS(2, UNITS);
      u += 2 * UNITS;
    } else if (rest == UNITS || left > UNITS) {
      COLUMNS(1, UNITS);
      u += UNITS;
    } else {
      COLUMNS(1, rest);
      u = units;
    }
#undef COLUMNS
  }
}

HOT(ensemble_backward_weightGradient)(M *m, u32 x_at, u32 points, u32 inputs, u32 dy_at, u32 units, u32 dw_at, u32 adds) {
  if ((i32)points <= 0 || (i32)units <= 0 || (i32)inputs <= 0) return;
  const size_t x_row = (size_t)inputs * 16, dy_row = (size_t)units * 16;
  const u8 *x = range(m, x_at, points * (u64)x_row), *dy = range(m, dy_at, points * (u64)dy_row);
  u8 *dw = range(m, dw_at, inputs * (u64)dy_row);
  /* What all tiles of a block read stays in the second cache. */
  u32 most = 16384 / (inputs + units);
  if (most < 16) most = 16;
  for (u32 first = 0; first < points; first += most, x += most * x_row, dy += most * dy_row) {
    const u32 some = points - first < most ? points - first : most;
    const int continues = adds || first > 0;
    u32 i = 0;
    for (; i + 4 <= inputs; i += 4) weight_rows(4, x + i * (size_t)16, x_row, dy, units, some, dw + i * dy_row, continues);
    for (; i < inputs; i++) weight_rows(1, x + i * (size_t)16, x_row, dy, units, some, dw + i * dy_row, continues);
  }
}

HOT(ensemble_backward_biasGradient)(M *m, u32 dy_at, u32 points, u32 units, u32 db_at, u32 adds) {
  if ((i32)units <= 0) return;
  const size_t row = (size_t)units * 16;
  const u64 count = (i32)points > 0 ? points : 0;
  const u8 *dy = range(m, dy_at, count * row);
  u8 *db = range(m, db_at, row);
  u32 u = 0;
  for (; u + 4 * UNITS <= units; u += 4 * UNITS) {
    w_v sums[4];
    UNROLL for (int n = 0; n < 4; n++) sums[n] = adds ? w_load(db + u * (size_t)16 + 4 * WIDE * n) : (w_v){0};
    for (u64 p = 0; p < count; p++) UNROLL for (int n = 0; n < 4; n++) sums[n] = w_f32x4_add(sums[n], w_load(dy + p * row + u * (size_t)16 + 4 * WIDE * n));
    UNROLL for (int n = 0; n < 4; n++) w_store(db + u * (size_t)16 + 4 * WIDE * n, sums[n]);
  }
  for (; u < units; u += UNITS) {
    const u32 some = units - u < UNITS ? units - u : UNITS;
    w_v sum = adds ? w_load_some(db + u * (size_t)16, some) : (w_v){0};
    for (u64 p = 0; p < count; p++) sum = w_f32x4_add(sum, w_load_some(dy + p * row + u * (size_t)16, some));
    w_store_some(db + u * (size_t)16, sum, some);
  }
}
