/*
 * Dense layers of many units, as assembly/trainer/dense.ts. What takes a tile's products apart from each other is hidden behind them: Adam's roots and divisions take long but few of the processor's units, so those of a
 * tile of weights are taken while the gradients of the next one are summed.
 */
#include "product.h"

/** Vectors of a tile: TILE_ROWS inputs x STRIP units. */
#define TILE (TILE_ROWS * TILE_VECTORS)

/** Weights that `product` is good for. */
#define FEW_WEIGHTS 2048

HOT(trainer_dense_denseForward)(M *m, u32 t, u32 op, u32 points, u32 parameters) {
  const u32 x = trainer_records_Operation_get_x(m, op), y = trainer_records_Operation_get_y(m, op), kept = trainer_records_Operation_get_kept(m, op);
  const u32 inputs = trainer_records_Operation_get_inputs(m, op), units = trainer_records_Operation_get_units(m, op), code = trainer_records_Operation_get_code(m, op);
  const u32 w = parameters + (trainer_records_Operation_get_weights(m, op) << 4), b = w + ((inputs * units) << 4);
  u32 first = 0;
  if ((i32)inputs <= 4) trainer_narrow_columns(m, x, points, inputs, w, b, units, y, code == 1);
  else {
    if ((i32)points >= TILE_ROWS && (i32)units > 0 && units % STRIP == 0 && (u64)inputs * units <= FEW_WEIGHTS) {
      first = points / TILE_ROWS * TILE_ROWS;
      const size_t in = inputs * (size_t)16, out = units * (size_t)16;
      const Tile tile = {
        .x = range(m, x, points * (u64)in), .w = range(m, w, (inputs + 1) * (u64)out), .bias = range(m, b, out), .out = range(m, y, points * (u64)out),
        .x_row = in, .w_row = out, .out_row = out, .steps = inputs, .floor = w_f32x4_splat(code == 1 ? 0.0f : -__builtin_inff()),
      };
      product(&tile, first, units, NULL);
    }
    if (first < points)
      ensemble_dense_denseWith(m, x + first * inputs * 16, inputs, points - first, w, units, b, y + first * units * 16, code == 1, 0, trainer_records_Trainer_get_scratch(m, t));
  }
  if (kept) trainer_activate_activateWithSlopes(m, y, kept, points * units, code, trainer_records_Operation_get_parameter(m, op));
}

/** A tile of weights, with its gradients, that waits to be changed; none if `p` is NULL. Rows are as far apart as those of dy. */
typedef struct {
  u8 *p;
  const u8 *g;
} Waiting;

typedef struct {
  const u8 *x, *dy;
  size_t x_row, dy_row, slot;
  u32 points;
  /** Whether the second cache does not hold a group's parameters and means. */
  int far;
  Rule rule;
} Learning;

/** Where a vector of a tile lies from its first. */
T size_t place_in_tile(const Learning *l, u32 vector) { return vector / TILE_VECTORS * l->dy_row + vector % TILE_VECTORS * (4 * WIDE); }

/** The gradients by a tile of weights, to `dw`, and with `sums_biases` those by their biases, to `db`: sums over the points in their order. Every four points half of a vector that waits is changed, and half of another; and the parameters of this tile, at `p`, are asked for if they are far. */
T void learn_tile(const int sums_biases, const int decays, const Learning *l, const u8 *x, const u8 *dy, u8 *dw, u8 *db, const u8 *p, Waiting waiting) {
  w_v sums[TILE] = {0}, totals[TILE_VECTORS] = {0}, step = {0}, size = {0};
  const size_t x_row = l->x_row, dy_row = l->dy_row;
  u32 waits = waiting.p ? TILE : 0, points = l->points;
#define ADD_POINT { \
  w_v d[TILE_VECTORS], value; \
  UNROLL for (int n = 0; n < TILE_VECTORS; n++) { \
    d[n] = w_load(dy + 4 * WIDE * n); \
    IN_REGISTER(d[n]); \
    if (sums_biases) totals[n] = w_f32x4_add(totals[n], d[n]); \
  } \
  UNROLL for (int s = 0, i = 0, n = 0; s < TILE; s++, i = s / TILE_VECTORS, n = s % TILE_VECTORS) { \
    if (n == 0) value = w_spread_at(x + 16 * i); \
    sums[s] = plus(sums[s], value, d[n]); \
    IN_REGISTER(sums[s]); \
  } \
  x += x_row; \
  dy += dy_row; \
}
#define TAKE_MEANS { \
  const size_t here = place_in_tile(l, --waits); \
  if (l->far) for (int k = 0; k < 3; k++) __builtin_prefetch(p + here + k * l->slot, 1); \
  w_adam_means(waiting.p + here, w_load(waiting.g + here), l->slot, decays, &l->rule, &step, &size); \
}
#define TAKE_STEP w_adam_step(waiting.p + place_in_tile(l, waits), step, size, decays, &l->rule);
  for (; points >= 4; points -= 4) {
    _Pragma("GCC unroll 1") for (int k = 0; k < 2; k++) ADD_POINT
    if (waits > 0 && waits < TILE) TAKE_STEP
    _Pragma("GCC unroll 1") for (int k = 0; k < 2; k++) ADD_POINT
    if (waits > 0) TAKE_MEANS
  }
  for (; points > 0; points--) ADD_POINT
  if (waiting.p && waits < TILE) TAKE_STEP
  while (waits > 0) {
    TAKE_MEANS
    TAKE_STEP
  }
#undef ADD_POINT
#undef TAKE_MEANS
#undef TAKE_STEP
  UNROLL for (int s = 0; s < TILE; s++) w_store(dw + s / TILE_VECTORS * dy_row + 4 * WIDE * (s % TILE_VECTORS), sums[s]);
  if (sums_biases) UNROLL for (int n = 0; n < TILE_VECTORS; n++) w_store(db + 4 * WIDE * n, totals[n]);
}

/** All tiles of a layer: gradients go to `dw`, parameters are at `p`, and the biases' follow the weights'. */
T void learn_all(const int decays, const Learning *l, u32 inputs, u32 units, u32 biases, u8 *dw, u8 *p) {
  Waiting waiting = {NULL, NULL};
  for (u32 u = 0; u < units; u += STRIP)
    for (u32 i = 0; i < inputs; i += TILE_ROWS) {
      const size_t at = i * l->dy_row + u * (size_t)16;
      const u8 *x = l->x + i * (size_t)16, *dy = l->dy + u * (size_t)16;
      u8 *db = dw + inputs * l->dy_row + u * (size_t)16;
      if (i == 0 && biases) learn_tile(1, decays, l, x, dy, dw + at, db, p + at, waiting);
      else learn_tile(0, decays, l, x, dy, dw + at, db, p + at, waiting);
      waiting = (Waiting){p + at, dw + at};
    }
  for (u32 vector = 0; vector < TILE; vector++) {
    const size_t here = place_in_tile(l, vector);
    w_change(4, waiting.p + here, w_load(waiting.g + here), l->slot, decays, &l->rule);
  }
}

HOT(trainer_dense_learn)(M *m, u32 t, u32 op, u32 step, u32 points, u32 state, u32 gradients, u32 continues) {
  const u32 x = trainer_records_Operation_get_x(m, op), dy = trainer_records_Operation_get_dy(m, op);
  const u32 inputs = trainer_records_Operation_get_inputs(m, op), units = trainer_records_Operation_get_units(m, op);
  const u32 biases = trainer_records_Operation_get_trainsBiases(m, op), count = trainer_records_Operation_get_weightCount(m, op);
  const int adam = step && trainer_records_Trainer_get_optimizer(m, t) > 3;
  /* What all tiles read stays in the second cache. */
  if (!adam || continues || (i32)points <= 0 || !units || !inputs || units % STRIP || inputs % TILE_ROWS || count != inputs * units || (u64)points * ((u64)inputs + units) > 16384) {
    ensemble_backward_weightGradient(m, x, points, inputs, dy, units, gradients, continues);
    if (biases) ensemble_backward_biasGradient(m, dy, points, units, gradients + ((inputs * units) << 4), continues);
    if (step) trainer_update_updateLayer(m, t, step, op, state, gradients, q_f32x4_splat(1.0f));
    return;
  }
  const size_t row = (size_t)units * 16;
  const u32 slot = trainer_records_Trainer_get_parameters(m, t) << 4, parameters = state + (trainer_records_Operation_get_weights(m, op) << 4);
  Learning l = {.x_row = (size_t)inputs * 16, .dy_row = row, .slot = slot, .points = points, .far = slot > 1 << 18, .rule = rule_of(m, t, step, 1)};
  l.x = range(m, x, points * (u64)l.x_row);
  l.dy = range(m, dy, points * (u64)row);
  u8 *dw = range(m, gradients, (inputs + (u64)1) * row), *p = range(m, parameters, inputs * (u64)row + 2 * (u64)slot);
  if (l.rule.decays) learn_all(1, &l, inputs, units, biases, dw, p);
  else learn_all(0, &l, inputs, units, biases, dw, p);
  if (biases) trainer_update_change(m, t, step, parameters + (count << 4), gradients + (count << 4), slot, units, q_f32x4_splat(1.0f), trainer_records_Trainer_get_decayBiases(m, t));
}
