/* Convolutions: all windows against a panel of weights, as `windowPanel` of assembly/ensemble/conv.ts. */
#include "tile.h"

/** Taps, and windows, whose places are looked up together; a multiple of eight. */
#define MOST_TAPS 64
#define MOST_WINDOWS 32

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
  /* A strip of the weights of these taps stays in the nearest cache while the windows go by. */
  const u32 together = some >= 64 ? 1 : 64 / some > MOST_TAPS ? MOST_TAPS : 64 / some;
  for (u32 first = 0; first < total; first += MOST_WINDOWS) {
    const u32 count = total - first < MOST_WINDOWS ? total - first : MOST_WINDOWS;
    u8 *out = y + (size_t)first * outputs;
    for (u32 from = 0; from < taps; from += together) {
      const u8 *sources[MOST_WINDOWS / 4][MOST_TAPS][8];
      const u32 these = taps - from < together ? taps - from : together;
      for (u32 k = 0, point = first / windows, window = first % windows; k < count; k++) {
        const u8 *values = x + (u64)point * positions * row + channel * (size_t)16;
        const u8 *entry = table + 4 * ((u64)window * tableTaps + tap + from);
        for (u32 i = 0; i < these; i++) {
          const i32 position = (i32)i32_load(entry + 4 * i);
          if (position >= (i32)positions) trap(&m->memory);
          const u8 *at = position < 0 ? zeros : values + (u32)position * row;
          /* In groups of four, and all eight of two groups also in the first of them. */
          sources[k / 4][i][k % 4] = at;
          if (k / 4 % 2) sources[k / 4 - 1][i][4 + k % 4] = at;
        }
        if (++window == windows) window = 0, point++;
      }
      Tile t = {
        .taps = these, .steps = some, .w_row = stride, .out_row = outputs, .continues = continues || from > 0,
        .floor = w_f32x4_splat(from + these == taps && code == 1 ? 0.0f : -__builtin_inff()),
      };
      for (u32 u = 0; u < columns; u += STRIP) {
        const u32 units = columns - u < STRIP ? columns - u : STRIP;
        t.w = w + (size_t)from * some * stride + 16 * u;
        t.bias = bias ? bias + 16 * u : NULL;
        for (u32 k = 0, next; k < count; k += next) {
          next = tile_rows(count - k, units);
          const u8 *single[MOST_TAPS][8];
          t.sources = sources[k / 4];
          if (next == 1) {
            for (u32 i = 0; i < these; i++) single[i][0] = sources[k / 4][i][k % 4];
            t.sources = single;
          }
          t.out = out + (size_t)k * outputs + 16 * u;
          tile_next(WINDOWS, next, units, &t);
        }
      }
    }
    if (code > 1) for (u32 k = 0; k < count; k++) ensemble_activation_activate(m, y_at + (first + k) * outputs, columns, code, parameter);
  }
}
