/* Convolutions: all windows against a panel of weights, as `windowPanel` of assembly/ensemble/conv.ts. */

/** Taps whose places are looked up together. */
#define MOST_TAPS 64

/** Where a tile reads and writes; `sources` holds for every tap where each of eight windows reads. */
typedef struct {
  const u8 *(*sources)[8];
  const u8 *w, *bias;
  u8 *out;
  size_t w_row, out_row;
  u32 taps, channels;
  int continues;
  w_v floor;
} WindowTile;

/** P windows x N wide vectors of units, the last of which holds `some`. */
T void window_tile(const int P, const int N, const u32 some, const WindowTile *t) {
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
  const u8 *w = t->w;
  for (u32 tap = 0; tap < t->taps; tap++) {
    const u8 *x[8];
    UNROLL for (int p = 0; p < P; p++) x[p] = t->sources[tap][p];
    for (u32 c = 0; c < t->channels; c++, w += t->w_row) {
      w_v weights[4];
      UNROLL for (int n = 0; n < N; n++) {
        const size_t at = (size_t)16 * UNITS * n;
        weights[n] = some == UNITS || n + 1 < N ? w_load(w + at) : w_load_some(w + at, some);
      }
      UNROLL for (int p = 0; p < P; p++) {
        w_v value = w_spread_at(x[p] + 16 * c);
        UNROLL for (int n = 0; n < N; n++) sums[p][n] = plus(sums[p][n], value, weights[n]);
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

/** `columns` units of P windows. */
T void window_block(const int P, u32 columns, WindowTile t) {
  while (columns > 0) {
    const u32 step = columns >= UNITS * TILE_VECTORS ? TILE_VECTORS : columns >= 2 * UNITS ? 2 : 1;
    const u32 some = columns < UNITS ? columns : UNITS;
    if (step == TILE_VECTORS) window_tile(P, TILE_VECTORS, UNITS, &t);
    else if (step == 2) window_tile(P, 2, UNITS, &t);
    else if (some == UNITS) window_tile(P, 1, UNITS, &t);
    else window_tile(P, 1, some, &t);
    const u32 done = step * some;
    columns -= done;
    t.w += 16 * done;
    t.out += 16 * done;
    if (t.bias) t.bias += 16 * done;
  }
}

HOT(ensemble_conv_windowPanel)(M *m, u32 x_at, u32 positions, u32 channels, u32 channel, u32 windows, u32 total, u32 table_at, u32 tableTaps, u32 tap, u32 taps, u32 some, u32 w_at, u32 stride, u32 columns, u32 y_at, u32 outputs, u32 bias_at, u32 continues, u32 code, f32 parameter, u32 zeros_at, u32 sources_at) {
  (void)sources_at;
  if ((i32)total <= 0 || (i32)columns <= 0 || (i32)taps <= 0 || (i32)some <= 0 || (i32)windows <= 0) return;
  const size_t row = (size_t)channels * 16;
  const u64 points = ((u64)total + windows - 1) / windows;
  if ((u64)channel + some > channels || (u64)tap + taps > tableTaps) trap(&m->memory);
  const u8 *x = range(m, x_at, points * positions * row), *zeros = range(m, zeros_at, row);
  const u8 *table = range(m, table_at, (u64)windows * tableTaps * 4);
  const u8 *w = range(m, w_at, ((u64)taps * some - 1) * stride + (u64)columns * 16);
  const u8 *bias = bias_at ? range(m, bias_at, (u64)columns * 16) : NULL;
  u8 *y = range(m, y_at, (u64)(total - 1) * outputs + (u64)columns * 16);
  const int few = columns <= 2 * UNITS && TILE_VECTORS > 2;
  for (u32 first = 0; first < total;) {
    const u32 left = total - first, count = few && left >= 8 ? 8 : left >= 4 ? 4 : 1;
    u8 *out = y + (size_t)first * outputs;
    for (u32 from = 0; from < taps; from += MOST_TAPS) {
      const u8 *sources[MOST_TAPS][8];
      const u32 these = taps - from < MOST_TAPS ? taps - from : MOST_TAPS;
      for (u32 k = 0; k < count; k++) {
        const u8 *values = x + (u64)((first + k) / windows) * positions * row + channel * (size_t)16;
        const u8 *entry = table + 4 * ((u64)((first + k) % windows) * tableTaps + tap + from);
        for (u32 i = 0; i < these; i++) {
          const i32 position = (i32)i32_load(entry + 4 * i);
          if (position >= (i32)positions) trap(&m->memory);
          sources[i][k] = position < 0 ? zeros : values + (u32)position * row;
        }
      }
      const int last = from + these == taps;
      const WindowTile t = {
        .sources = sources, .w = w + (size_t)from * some * stride, .bias = bias, .out = out, .w_row = stride, .out_row = outputs,
        .taps = these, .channels = some, .continues = continues || from > 0,
        .floor = w_f32x4_splat(last && code == 1 ? 0.0f : -__builtin_inff()),
      };
      if (count == 8) {
        if (columns <= 2 * UNITS) window_block(8, columns, t);
      } else if (count == 4) window_block(4, columns, t);
      else window_block(1, columns, t);
    }
    if (code > 1) for (u32 k = 0; k < count; k++) ensemble_activation_activate(m, y_at + (first + k) * outputs, columns, code, parameter);
    first += count;
  }
}
