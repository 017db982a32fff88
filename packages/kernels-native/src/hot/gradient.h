/* What layers with weights do on the way back, as assembly/ensemble/backward.ts: every sum in the same order. */
#include "product.h"
#include "tile.h"

/** Units, and weights, that are packed together: 32 KiB. */
#define PACKED_UNITS 128
#define PACKED 2048

/** Vectors of four lanes: out [rows][some] = those at `w` [some][...], rows `w_row` bytes apart. */
T void pack_across(u8 *out, const u8 *w, size_t w_row, u32 rows, u32 some) {
  for (; rows > 0; rows--, w += 16) {
    const u8 *from = w;
    u32 k = some;
    for (; k >= UNITS; k -= UNITS, from += UNITS * w_row, out += 4 * WIDE) w_store(out, w_load_quarters(from, w_row));
    for (; k > 0; k--, from += w_row, out += 16) q_store(out, q_load(from));
  }
}

/* dx[p][i] = sum over the units of dy[p][u] w[i][u]: a product as that of a dense layer, once the weights of some inputs lie side by side. */
HOT(ensemble_backward_inputGradientAbove)(M *m, u32 dy_at, u32 points, u32 units, u32 weights, u32 inputs, u32 dx_at, u32 x_at) {
  if ((i32)points <= 0 || (i32)units <= 0 || (i32)inputs <= 0) return;
  const size_t dy_row = (size_t)units * 16, dx_row = (size_t)inputs * 16;
  const u8 *dy = range(m, dy_at, points * (u64)dy_row), *w = range(m, weights, inputs * (u64)dy_row);
  const u8 *x = x_at ? range(m, x_at, points * (u64)dx_row) : NULL;
  u8 *dx = range(m, dx_at, points * (u64)dx_row);
  const u32 most = units < PACKED_UNITS ? units : PACKED_UNITS, side = PACKED / most / STRIP * STRIP;
  q_v packed[PACKED];
  for (u32 i = 0; i < inputs; i += side) {
    const u32 some = inputs - i < side ? inputs - i : side;
    const size_t at = i * (size_t)16;
    for (u32 u = 0; u < units; u += most) {
      const u32 rows = units - u < most ? units - u : most;
      pack_across((u8 *)packed, w + i * dy_row + u * (size_t)16, dy_row, rows, some);
      Tile t = {
        .x = dy + u * (size_t)16, .w = (const u8 *)packed, .out = dx + at,
        .x_row = dy_row, .w_row = some * (size_t)16, .out_row = dx_row,
        .steps = rows, .continues = u > 0, .floor = w_f32x4_splat(-__builtin_inff()),
      };
      u32 first = 0;
      if (rows == units && some % STRIP == 0) {
        first = points / TILE_ROWS * TILE_ROWS;
        product(&t, first, some, x ? x + at : NULL);
        t.x += first * dy_row;
        t.out += first * dx_row;
      }
      dense_rows(&t, points - first, some);
      if (x && u + rows == units)
        for (; first < points; first++)
          for (u32 k = 0; k < some; k += UNITS) {
            const size_t place = first * dx_row + at + k * (size_t)16;
            const u32 units_here = some - k < UNITS ? some - k : UNITS;
            w_store_some(dx + place, w_above(w_load_some(dx + place, units_here), w_load_some(x + place, units_here)), units_here);
          }
    }
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
    for (u32 u = 0; u < units; u += STRIP) {
      const u32 columns = units - u < STRIP ? units - u : STRIP;
      for (u32 i = 0, next; i < inputs; i += next) {
        next = tile_rows(inputs - i, columns);
        const Tile t = {
          .x = x + i * (size_t)16, .w = dy + u * (size_t)16, .out = dw + i * dy_row + u * (size_t)16,
          .x_row = x_row, .w_row = dy_row, .out_row = dy_row, .steps = some, .continues = continues,
        };
        tile_next(OUTER, next, columns, &t);
      }
    }
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
