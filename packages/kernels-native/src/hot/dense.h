/* Products of points with a panel of weights, as `panel` of assembly/ensemble/dense.ts: every sum in the same order, with the same roundings. */
#include "tile.h"

/** All points of a product. */
__attribute__((noinline, unused)) static void dense_rows(Tile *t, u32 points, u32 columns) {
  while (points > 0) {
    const u32 some = tile_rows(points, columns);
    tile_next(DENSE, some, columns, t);
    points -= some;
    t->x += some * t->x_row;
    t->out += some * t->out_row;
  }
}

/** Points, and steps, that go through all strips of a panel before the next ones do: a strip of weights (32 KiB) and the vectors of x (32 KiB) stay in the nearest caches. */
#define POINTS 16
#define STEPS 512

/** At most POINTS points, strip after strip. */
__attribute__((noinline, unused)) static void dense_strips(const Tile *t, u32 points, u32 columns) {
  const u32 steps = t->steps <= STEPS * 3 / 2 ? t->steps : STEPS;
  for (u32 first = 0; first < t->steps; first += steps) {
    Tile part = *t;
    part.steps = t->steps - first < steps ? t->steps - first : steps;
    part.continues = t->continues || first > 0;
    if (first + part.steps < t->steps) part.floor = w_f32x4_splat(-__builtin_inff());
    part.x += 16 * first;
    part.w += first * t->w_row;
    for (u32 u = 0; u < columns; u += STRIP) {
      Tile strip = part;
      strip.w += 16 * u;
      strip.out += 16 * u;
      if (strip.bias) strip.bias += 16 * u;
      dense_rows(&strip, points, columns - u < STRIP ? columns - u : STRIP);
    }
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
    .steps = rows,
    .continues = row > 0,
    .floor = w_f32x4_splat(last && code == 1 ? 0.0f : -__builtin_inff()),
  };
  const int activates = last && code > 1;
  /* One strip, whose weights all points share, needs no cutting. */
  const u32 most = columns <= STRIP && rows <= STEPS && !activates ? points : POINTS;
  for (u32 p = 0; p < points; p += most) {
    const u32 some = points - p < most ? points - p : most;
    dense_strips(&t, some, columns);
    if (activates) for (u32 k = 0; k < some; k++) ensemble_activation_activate(m, out + (p + k) * (u32)os, columns, code, parameter);
    t.x += some * xs;
    t.out += some * os;
  }
}
