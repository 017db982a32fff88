/* Dense layers of few units, as assembly/trainer/narrow.ts: the weights stay in registers while the points go by. */

T q_v plus_four(q_v sum, q_v a, q_v b) { return q_f32x4_add(sum, q_f32x4_mul(a, b)); }

/** y[p][u] = max(floor, b[u] + sum of x[p][i] w[i][u]) for I inputs and U units (constants after inlining) of rows of `units`. */
T void narrow_column(const u32 I, const u32 U, const u8 *x, u32 points, const u8 *w, const u8 *b, u32 units, u8 *y, q_v floor) {
  const size_t row = (size_t)units * 16;
  q_v weights[4][2], start[2];
  UNROLL for (u32 u = 0; u < U; u++) {
    start[u] = q_load(b + 16 * u);
    UNROLL for (u32 i = 0; i < I; i++) weights[i][u] = q_load(w + i * row + 16 * u);
  }
  for (u32 p = 0; p < points; p++, x += 16 * I, y += row) {
    q_v sums[2];
    UNROLL for (u32 u = 0; u < U; u++) sums[u] = start[u];
    UNROLL for (u32 i = 0; i < I; i++) UNROLL for (u32 u = 0; u < U; u++) sums[u] = plus_four(sums[u], q_load(x + 16 * i), weights[i][u]);
    UNROLL for (u32 u = 0; u < U; u++) q_store(y + 16 * u, q_f32x4_pmax(sums[u], floor));
  }
}

T void narrow_columns(const u32 I, const u8 *x, u32 points, const u8 *w, const u8 *b, u32 units, u8 *y, q_v floor) {
  u32 u = 0;
  for (; u + 2 <= units; u += 2, w += 32, b += 32, y += 32) narrow_column(I, 2, x, points, w, b, units, y, floor);
  if (u < units) narrow_column(I, 1, x, points, w, b, units, y, floor);
}

HOT(trainer_narrow_columns)(M *m, u32 x_at, u32 points, u32 inputs, u32 w_at, u32 b_at, u32 units, u32 y_at, u32 positive) {
  if ((i32)points <= 0 || (i32)units <= 0 || (i32)inputs <= 0) trap(&m->memory);
  const u32 I = inputs > 4 ? 4 : inputs;
  const u8 *x = range(m, x_at, (u64)points * I * 16), *w = range(m, w_at, (u64)I * units * 16), *b = range(m, b_at, (u64)units * 16);
  u8 *y = range(m, y_at, (u64)points * units * 16);
  q_v floor = q_f32x4_splat(positive ? 0.0f : -__builtin_inff());
  if (I == 1) narrow_columns(1, x, points, w, b, units, y, floor);
  else if (I == 2) narrow_columns(2, x, points, w, b, units, y, floor);
  else if (I == 3) narrow_columns(3, x, points, w, b, units, y, floor);
  else narrow_columns(4, x, points, w, b, units, y, floor);
}

/** dx[p][i] = sum of dy[p][u] w[i][u] for U units and I inputs of rows of `inputs`. */
T void narrow_back(const u32 U, const u32 I, const u8 *dy, u32 points, const u8 *w, u32 inputs, u8 *dx) {
  q_v weights[2][4];
  UNROLL for (u32 i = 0; i < I; i++) UNROLL for (u32 u = 0; u < U; u++) weights[i][u] = q_load(w + 16 * (i * U + u));
  for (u32 p = 0; p < points; p++, dy += 16 * U, dx += (size_t)inputs * 16) {
    q_v sums[2];
    UNROLL for (u32 i = 0; i < I; i++) sums[i] = q_f32x4_mul(q_load(dy), weights[i][0]);
    UNROLL for (u32 u = 1; u < U; u++) UNROLL for (u32 i = 0; i < I; i++) sums[i] = plus_four(sums[i], q_load(dy + 16 * u), weights[i][u]);
    UNROLL for (u32 i = 0; i < I; i++) q_store(dx + 16 * i, sums[i]);
  }
}

T void narrow_columns_back(const u32 U, const u8 *dy, u32 points, const u8 *w, u32 inputs, u8 *dx) {
  u32 i = 0;
  for (; i + 2 <= inputs; i += 2, w += 32 * U, dx += 32) narrow_back(U, 2, dy, points, w, inputs, dx);
  if (i < inputs) narrow_back(U, 1, dy, points, w, inputs, dx);
}

HOT(trainer_narrow_columnsBack)(M *m, u32 dy_at, u32 points, u32 units, u32 w_at, u32 inputs, u32 dx_at) {
  if ((i32)points <= 0 || (i32)units <= 0 || (i32)inputs <= 0) trap(&m->memory);
  const u32 U = units > 4 ? 4 : units;
  const u8 *dy = range(m, dy_at, (u64)points * U * 16), *w = range(m, w_at, (u64)inputs * U * 16);
  u8 *dx = range(m, dx_at, (u64)points * inputs * 16);
  if (U == 1) narrow_columns_back(1, dy, points, w, inputs, dx);
  else if (U == 2) narrow_columns_back(2, dy, points, w, inputs, dx);
  else if (U == 3) narrow_columns_back(3, dy, points, w, inputs, dx);
  else narrow_columns_back(4, dy, points, w, inputs, dx);
}

/** All of a layer's way back at once: dx (if D), dw [I][U] and behind it db [U]. */
T void narrow_layer_back(const u32 I, const u32 U, const int D, const u8 *x, const u8 *y, const u8 *dy, u32 points, const u8 *w, u8 *dw, int continues, u8 *dx, q_v threshold) {
  q_v weights[2][2], sums[2][2], totals[2];
  u8 *db = dw + 16 * I * U;
  UNROLL for (u32 u = 0; u < U; u++) {
    totals[u] = continues ? q_load(db + 16 * u) : (q_v){0};
    UNROLL for (u32 i = 0; i < I; i++) {
      weights[i][u] = q_load(w + 16 * (i * U + u));
      sums[i][u] = continues ? q_load(dw + 16 * (i * U + u)) : (q_v){0};
    }
  }
  for (u32 p = 0; p < points; p++, x += 16 * I, y += 16 * U, dy += 16 * U, dx += 16 * I) {
    q_v d[2];
    UNROLL for (u32 u = 0; u < U; u++) {
      d[u] = q_load(dy + 16 * u) & ~q_f32x4_le(q_load(y + 16 * u), threshold);
      totals[u] = q_f32x4_add(totals[u], d[u]);
    }
    UNROLL for (u32 i = 0; i < I; i++) {
      q_v v = q_load(x + 16 * i);
      UNROLL for (u32 u = 0; u < U; u++) sums[i][u] = plus_four(sums[i][u], v, d[u]);
    }
    if (D)
      UNROLL for (u32 i = 0; i < I; i++) {
        q_v e = q_f32x4_mul(d[0], weights[i][0]);
        if (U > 1) e = plus_four(e, d[1], weights[i][1]);
        q_store(dx + 16 * i, e);
      }
  }
  UNROLL for (u32 u = 0; u < U; u++) {
    q_store(db + 16 * u, totals[u]);
    UNROLL for (u32 i = 0; i < I; i++) q_store(dw + 16 * (i * U + u), sums[i][u]);
  }
}

HOT(trainer_narrow_fused)(M *m, u32 x_at, u32 y_at, u32 dy_at, u32 points, u32 inputs, u32 w_at, u32 units, u32 dw_at, u32 continues, u32 dx_at, u32 positive) {
  if ((i32)points <= 0 || inputs < 1 || inputs > 2 || units < 1 || units > 2) trap(&m->memory);
  const u64 in = (u64)points * inputs * 16, out = (u64)points * units * 16;
  const u8 *x = range(m, x_at, in), *y = range(m, y_at, out), *dy = range(m, dy_at, out), *w = range(m, w_at, inputs * units * 16);
  u8 *dw = range(m, dw_at, (inputs + 1) * units * 16), *dx = dx_at ? range(m, dx_at, in) : m->memory.base;
  q_v threshold = q_f32x4_splat(positive ? 0.0f : __builtin_nanf(""));
#define BACK(I, U) if (dx_at) narrow_layer_back(I, U, 1, x, y, dy, points, w, dw, continues, dx, threshold); else narrow_layer_back(I, U, 0, x, y, dy, points, w, dw, continues, dx, threshold);
  if (inputs == 2 && units == 2) { BACK(2, 2) }
  else if (inputs == 2) { BACK(2, 1) }
  else if (units == 2) { BACK(1, 2) }
  else { BACK(1, 1) }
#undef BACK
}
