/* A product of whole tiles, TILE_ROWS rows x STRIP units, whose weights (32 KiB at most) stay in the nearest cache while each row is read once. */
#ifndef PRODUCT_H
#define PRODUCT_H
#include "tile.h"

#define TILE_ROWS 4

/**
 * out = x w + bias for `points` rows, a multiple of TILE_ROWS, and `columns` units, a multiple of STRIP: at least `t->floor`, or where `above` is not NULL 0 where the values there, in rows as those of `out`, are not above 0. No sum
 * goes on from what is in `out`.
 */
__attribute__((noinline, unused)) static void product(const Tile *t, u32 points, u32 columns, const u8 *above) {
#define EACH_SUM UNROLL for (int k = 0, p = 0, n = 0; k < TILE_ROWS * TILE_VECTORS; k++, p = k / TILE_VECTORS, n = k % TILE_VECTORS)
  const u8 *rows = t->x, *const bias = t->bias;
  u8 *out = t->out;
  const size_t x_row = t->x_row, w_row = t->w_row, out_row = t->out_row, end = columns * (size_t)16;
  for (; points > 0; points -= TILE_ROWS, rows += TILE_ROWS * x_row, out += TILE_ROWS * out_row) {
    for (size_t u = 0; u < end; u += 16 * STRIP) {
      w_v sums[TILE_ROWS * TILE_VECTORS];
      EACH_SUM sums[k] = bias ? w_load(bias + u + 4 * WIDE * n) : (w_v){0};
      const u8 *x = rows, *w = t->w + u;
      for (u32 step = t->steps; step > 0; step--, x += 16, w += w_row) {
        w_v weights[TILE_VECTORS], value;
        UNROLL for (int n = 0; n < TILE_VECTORS; n++) {
          weights[n] = w_load(w + 4 * WIDE * n);
          IN_REGISTER(weights[n]);
        }
        EACH_SUM {
          if (n == 0) value = w_spread_at(x + p * x_row);
          sums[k] = plus(sums[k], value, weights[n]);
          IN_REGISTER(sums[k]);
        }
      }
      if (above) EACH_SUM sums[k] = w_above(sums[k], w_load(above + u + p * out_row + 4 * WIDE * n));
      else EACH_SUM sums[k] = w_f32x4_pmax(sums[k], t->floor);
      EACH_SUM w_store(out + u + p * out_row + 4 * WIDE * n, sums[k]);
    }
    if (above) above += TILE_ROWS * out_row;
  }
#undef EACH_SUM
}

#endif
