/* Products of points with a panel of weights, as `panel` of assembly/ensemble/dense.ts: every sum in the same order, with the same roundings. */

/** Where a tile reads and writes. Rows are bytes apart. */
typedef struct {
  const u8 *x, *w, *bias;
  u8 *out;
  size_t x_row, w_row, out_row;
  u32 rows;
  int continues;
  w_v floor;
} Tile;

/** P points x N wide vectors of units, the last of which holds `some` units. P, N and whether it is whole are constants after inlining. */
T void dense_tile(const int P, const int N, const u32 some, const Tile *t) {
  w_v sums[8][4];
  UNROLL for (int n = 0; n < N; n++) {
    const int whole = some == UNITS || n + 1 < N;
    const size_t at = (size_t)16 * UNITS * n;
    w_v start = t->bias && !t->continues ? (whole ? w_load(t->bias + at) : w_load_some(t->bias + at, some)) : (w_v){0};
    UNROLL for (int p = 0; p < P; p++) {
      const u8 *out = t->out + p * t->out_row + at;
      sums[p][n] = !t->continues ? start : whole ? w_load(out) : w_load_some(out, some);
    }
  }
  const u8 *x[8], *w = t->w;
  const size_t bytes = (size_t)t->rows * 16, w_row = t->w_row;
  UNROLL for (int p = 0; p < P; p++) x[p] = t->x + p * t->x_row;
  for (size_t at = 0; at < bytes; at += 16, w += w_row) {
    w_v weights[4];
    UNROLL for (int n = 0; n < N; n++) {
      weights[n] = some == UNITS || n + 1 < N ? w_load(w + 16 * UNITS * n) : w_load_some(w + 16 * UNITS * n, some);
      IN_REGISTER(weights[n]);
    }
    UNROLL for (int p = 0; p < P; p++) {
      w_v value = w_spread_at(x[p] + at);
      UNROLL for (int n = 0; n < N; n++) {
        sums[p][n] = plus(sums[p][n], value, weights[n]);
        IN_REGISTER(sums[p][n]);
      }
    }
  }
  UNROLL for (int p = 0; p < P; p++)
    UNROLL for (int n = 0; n < N; n++) {
      u8 *out = t->out + p * t->out_row + (size_t)16 * UNITS * n;
      w_v sum = w_f32x4_pmax(sums[p][n], t->floor);
      if (some == UNITS || n + 1 < N) w_store(out, sum);
      else w_store_some(out, sum, some);
    }
}

/** The next N vectors of a block of P points; `rest` units in the last of them. */
T void dense_columns(const int P, const int N, u32 rest, Tile *t) {
  if (rest == UNITS) dense_tile(P, N, UNITS, t);
  else dense_tile(P, N, rest, t);
  const size_t step = (size_t)16 * UNITS * N;
  t->w += step;
  t->out += step;
  if (t->bias) t->bias += step;
}

/** `columns` units of P points. Narrow panels take more points at a time. */
T void dense_points(const int P, u32 columns, Tile t) {
  for (; columns > UNITS * TILE_VECTORS; columns -= UNITS * TILE_VECTORS) dense_columns(P, TILE_VECTORS, UNITS, &t);
  u32 vectors = (columns + UNITS - 1) / UNITS, rest = columns - (vectors - 1) * UNITS;
  if (vectors == 1) dense_columns(P, 1, rest, &t);
  else if (vectors == 2) dense_columns(P, 2, rest, &t);
#if TILE_VECTORS > 2
  else if (vectors == 3) dense_columns(P, 3, rest, &t);
  else dense_columns(P, 4, rest, &t);
#endif
}

/* Of few vectors eight points go at a time: more sums that do not wait for each other. */
T void dense_eight(u32 columns, Tile t) {
  u32 vectors = (columns + UNITS - 1) / UNITS, rest = columns - (vectors - 1) * UNITS;
  if (vectors == 1) dense_columns(8, 1, rest, &t);
#if WIDE == 16
  else dense_columns(8, 2, rest, &t);
#endif
}

/** The next points of a product, eight, four or one of them; returns how many. */
T u32 dense_some(const Tile *t, u32 points, u32 columns) {
  if (points >= 8 && columns <= UNITS * (WIDE == 16 ? 2 : 1)) {
    dense_eight(columns, *t);
    return 8;
  }
  if (points >= 4) {
    dense_points(4, columns, *t);
    return 4;
  }
  dense_points(1, columns, *t);
  return 1;
}

/** All points of a product. */
__attribute__((noinline, unused)) static void dense_rows(Tile *t, u32 points, u32 columns) {
  while (points > 0) {
    const u32 some = dense_some(t, points, columns);
    points -= some;
    t->x += some * t->x_row;
    t->out += some * t->out_row;
  }
}

/** Vectors of x that lie side by side while all strips of a panel are multiplied with them: 32 KiB. */
#define SIDE_BY_SIDE 2048

/** Points that go through all strips of a panel before the next ones do. */
T u32 dense_together(u32 rows) { return rows * 8 > SIDE_BY_SIDE ? 8 : SIDE_BY_SIDE / rows & ~7u; }

/** Asks for `bytes` bytes that are wanted soon. */
T void prefetch(const u8 *p, size_t bytes, const int writes) {
  for (size_t at = 0; at < bytes; at += 64) __builtin_prefetch(p + at, writes, 3);
}

/** Some points, strip after strip: a strip of weights stays in the first cache while the points go by. Rows that are far from each other share few sets of the caches, so they are put side by side first. */
__attribute__((noinline, unused)) static void dense_strips(Tile t, u32 points, u32 columns, const int far) {
  const u32 strip = UNITS * TILE_VECTORS;
  q_v x[SIDE_BY_SIDE];
  if (far && points * t.rows <= SIDE_BY_SIDE) {
    for (u32 k = 0; k < points; k++) {
      memcpy(x + k * t.rows, t.x + k * t.x_row, t.rows * 16);
      prefetch(t.out + k * t.out_row, columns * 16, 1);
    }
    t.x = (const u8 *)x;
    t.x_row = t.rows * 16;
  }
  for (u32 u = 0; u < columns; u += strip) {
    Tile one = t;
    one.w += 16 * u;
    one.out += 16 * u;
    if (one.bias) one.bias += 16 * u;
    dense_rows(&one, points, columns - u < strip ? columns - u : strip);
  }
}

HOT(ensemble_dense_panel)(M *m, u32 x, u32 inputs, u32 points, u32 w, u32 stride, u32 row, u32 rows, u32 columns, u32 units, u32 out, u32 bias, u32 code, f32 parameter) {
  const int last = row + rows == inputs;
  const size_t xs = (size_t)inputs * 16, os = (size_t)units * 16;
  if ((i32)points <= 0 || (i32)columns <= 0 || (i32)rows <= 0) return;
  Tile t = {
    .x = range(m, x + row * 16, (points - 1) * xs + (u64)rows * 16),
    .w = range(m, w, (u64)(rows - 1) * stride + (u64)columns * 16),
    .bias = bias ? range(m, bias, (u64)columns * 16) : NULL,
    .out = range(m, out, (points - 1) * os + (u64)columns * 16),
    .x_row = xs, .w_row = stride, .out_row = os,
    .rows = rows,
    .continues = row > 0,
    .floor = w_f32x4_splat(last && code == 1 ? 0.0f : -__builtin_inff()),
  };
  const int activates = last && code > 1;
  /* Rows of many points are seldom in the cache. */
  const int far = (u64)points * (xs + os) > 1 << 18;
  const u32 together = dense_together(rows);
  for (u32 p = 0; p < points; p += together) {
    const u32 some = points - p < together ? points - p : together;
    dense_strips(t, some, columns, far);
    if (activates) for (u32 k = 0; k < some; k++) ensemble_activation_activate(m, out + (p + k) * (u32)os, columns, code, parameter);
    t.x += some * xs;
    t.out += some * os;
  }
}
