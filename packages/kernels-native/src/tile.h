/*
 * The one tile that all products are made of: P rows of sums x N wide vectors of units, which stay in registers while the steps go by. A step multiplies a vector of four lanes of each row, broadcast, with
 * a row of weights; every sum adds its products in the order of the steps, each rounded twice.
 */
#ifndef TILE_H
#define TILE_H

/** Where the rows of a tile read: dense, from points `x_row` bytes apart; windows, wherever `sources` says for every tap; outer, from neighbours, a step being a point. */
enum { DENSE, WINDOWS, OUTER };

typedef struct {
  const u8 *x;
  /** DENSE: bytes from a row to the next; OUTER: from a step to the next. */
  size_t x_row;
  /** WINDOWS: for every tap where each of the rows reads. */
  const u8 *(*sources)[8];
  u32 taps;
  /** Steps, of each tap if there are taps. */
  u32 steps;
  const u8 *w, *bias;
  u8 *out;
  size_t w_row, out_row;
  /** Whether the sums go on from what is in `out`. */
  int continues;
  w_v floor;
} Tile;

/** A tile whose last vector holds `some` units. P, N and the kind are constants after inlining, and so is `some` where it is UNITS. */
T void tile(const int P, const int N, const u32 some, const int kind, const Tile *t) {
#define WHOLE(n) (some == UNITS || (n) + 1 < N)
/* Loops over the sums go over all rows and vectors at once: of loops within each other the compiler may keep the outer ones, and then the sums are in memory. */
#define EACH_SUM UNROLL for (int k = 0, p = 0, n = 0; k < P * N; k++, p = k / N, n = k % N)
  w_v sums[16];
  EACH_SUM {
    sums[k] = (w_v){0};
    const u8 *start = t->continues ? t->out + p * t->out_row : t->bias;
    if (start) sums[k] = WHOLE(n) ? w_load(start + 16 * UNITS * n) : w_load_some(start + 16 * UNITS * n, some);
  }
/* One step of all sums; `source` says where row p reads. */
#define STEP(source) { \
  w_v weights[4], value; \
  UNROLL for (int n = 0; n < N; n++) { \
    weights[n] = WHOLE(n) ? w_load(w + 16 * UNITS * n) : w_load_some(w + 16 * UNITS * n, some); \
    IN_REGISTER(weights[n]); \
  } \
  EACH_SUM { \
    if (n == 0) value = w_spread_at(source); \
    sums[k] = plus(sums[k], value, weights[n]); \
    IN_REGISTER(sums[k]); \
  } \
}
  const u8 *w = t->w;
  const size_t step = kind == OUTER ? t->x_row : 16, end = t->steps * step, w_row = t->w_row;
  const u32 taps = kind == WINDOWS ? t->taps : 1;
  for (u32 tap = 0; tap < taps; tap++) {
    if (kind == WINDOWS) {
      const u8 *x[8];
      UNROLL for (int p = 0; p < P; p++) x[p] = t->sources[tap][p];
      for (size_t at = 0; at < end; at += step, w += w_row) STEP(x[p] + at)
    } else {
      const u8 *x = t->x, *x4 = x + 4 * t->x_row;
      size_t row = t->x_row, row3 = 3 * row;
      IN_POINTER(row3);
      for (const u8 *last = x + end; x != last; x += step, x4 += step, w += w_row) {
        IN_POINTER(x);
        IN_POINTER(x4);
        STEP(kind == OUTER ? x + 16 * p : (p & 4 ? x4 : x) + (p % 4 == 3 ? row3 : p % 4 * row))
      }
    }
  }
  EACH_SUM {
    u8 *out = t->out + p * t->out_row + 16 * UNITS * n;
    w_v sum = kind == OUTER ? sums[k] : w_f32x4_pmax(sums[k], t->floor);
    if (WHOLE(n)) w_store(out, sum);
    else w_store_some(out, sum, some);
  }
#undef EACH_SUM
#undef STEP
#undef WHOLE
}

/** Units that a tile of four rows has in all its vectors. */
#define STRIP (UNITS * TILE_VECTORS)

/** Units of which eight rows go at a time: more sums that do not wait for each other. */
#define FEW (UNITS * TILE_VECTORS / 2)

/** `columns` units of P rows. */
T void tile_columns(const int P, const int kind, u32 columns, Tile t) {
  for (; P < 8 && columns > STRIP; columns -= STRIP) {
    tile(P, TILE_VECTORS, UNITS, kind, &t);
    t.w += 16 * STRIP;
    t.out += 16 * STRIP;
    if (t.bias) t.bias += 16 * STRIP;
  }
  const u32 vectors = (columns + UNITS - 1) / UNITS, rest = columns - (vectors - 1) * UNITS;
#define LAST(N) if (rest == UNITS) tile(P, N, UNITS, kind, &t); else tile(P, N, rest, kind, &t);
  if (vectors == 1) { LAST(1) }
#if TILE_VECTORS > 2
  else if (vectors == 2) { LAST(2) }
  else if (P < 8 && vectors == 3) { LAST(3) }
  else if (P < 8) { LAST(4) }
#else
  else if (P < 8) { LAST(2) }
#endif
#undef LAST
}

/** How many of so many rows go next: eight, four or one. */
T u32 tile_rows(u32 rows, u32 columns) { return rows >= 8 && columns <= FEW ? 8 : rows >= 4 ? 4 : 1; }

/** `columns` units of the next `some` rows. */
T void tile_next(const int kind, u32 some, u32 columns, const Tile *t) {
  if (some == 8) tile_columns(8, kind, columns, *t);
  else if (some == 4) tile_columns(4, kind, columns, *t);
  else tile_columns(1, kind, columns, *t);
}

#endif
