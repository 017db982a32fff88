/* What is known of float32 columns before their products are made, as assembly/gram/statistics.ts. */

/** Eight numbers as float64. */
T o_vd eight(const u8 *x) { return widened(*(const o_vfu *)x); }

HOT(gram_statistics_ranges32)(M *m, u32 x_at, u32 rows, u32 columns, f64 factor, u32 lowest_at, u32 highest_at, u32 sums_at) {
  if ((i32)rows <= 0 || (i32)columns <= 0) return;
  const u8 *x = range(m, x_at, (u64)rows * columns * 4);
  u8 *lowest = range(m, lowest_at, (u64)columns * 4), *highest = range(m, highest_at, (u64)columns * 4), *sums = range(m, sums_at, (u64)columns * 8);
  const o_vd by = (o_vd){0} + factor;
  for (u32 r = 0; r < rows; r++) {
    u32 c = 0;
    for (; c + 16 <= columns; c += 16, x += 64) {
      UNROLL for (int k = 0; k < 64; k += 4 * WIDE) {
        u8 *least = lowest + 4 * c + k, *most = highest + 4 * c + k;
        w_store(least, w_f32x4_pmin(w_load(least), w_load(x + k)));
        w_store(most, w_f32x4_pmax(w_load(most), w_load(x + k)));
      }
      o_vdu *sum = (o_vdu *)(sums + 8 * (size_t)c);
      sum[0] += eight(x) * by;
      sum[1] += eight(x + 32) * by;
    }
    for (; c < columns; c++, x += 4) {
      const f32 v = f32_load(x);
      u8 *least = lowest + 4 * (size_t)c, *most = highest + 4 * (size_t)c, *sum = sums + 8 * (size_t)c;
      if (v < f32_load(least)) f32_store(least, v);
      if (v > f32_load(most)) f32_store(most, v);
      f64_store(sum, f64_load(sum) + v * factor);
    }
  }
}

/** The lanes' sum: halves are added again and again. */
T f64 lane_sum(const f64 *lanes) {
  return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
}

HOT(gram_statistics_spreads32)(M *m, u32 x_at, u32 rows, u32 columns, f64 factor, u32 shifts_at, u32 means_at, u32 squares_at, u32 totals_at) {
  if ((i32)rows <= 0 || (i32)columns <= 0) return;
  const u64 bytes = (u64)columns * 8;
  const u8 *x = range(m, x_at, (u64)rows * columns * 4), *shifts = range(m, shifts_at, bytes), *means = range(m, means_at, bytes);
  u8 *squares = range(m, squares_at, bytes), *totals = range(m, totals_at, 24);
  const o_vd by = (o_vd){0} + factor;
  for (u32 r = 0; r < rows; r++) {
    union { o_vd wide; f64 lanes[8]; } own = {{0}}, along = {{0}};
    u64 at = 0;
    for (; at + 64 <= bytes; at += 64, x += 32) {
      o_vd d = eight(x) * by - *(const o_vdu *)(shifts + at);
      along.wide += d * *(const o_vdu *)(means + at);
      d *= d;
      own.wide += d;
      *(o_vdu *)(squares + at) += d;
    }
    for (u32 lane = 0; at < bytes; at += 8, lane++, x += 4) {
      const f64 d = f32_load(x) * factor - f64_load(shifts + at);
      along.lanes[lane] += d * f64_load(means + at);
      own.lanes[lane] += d * d;
      f64_store(squares + at, f64_load(squares + at) + d * d);
    }
    const f64 q = lane_sum(own.lanes), p = lane_sum(along.lanes);
    f64_store(totals, f64_load(totals) + q);
    f64_store(totals + 8, f64_load(totals + 8) + q * q);
    f64_store(totals + 16, f64_load(totals + 16) + p * p);
  }
}
