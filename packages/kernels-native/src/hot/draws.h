/* Rows of draws, as `drawRows` of assembly/ensemble/draws.ts: what a stream's keys make is made once for all of them. */

HOT(ensemble_draws_drawRows)(M *m, u32 streams, u32 law, u64 first, u64 step, u32 rows, u32 count, u32 out, u32 stride, f32 scale) {
  if ((i32)rows <= 0) return;
  const u32 normal = law == 0, shift = normal ? 2 : 1, part = (1u << shift) - 1;
  const u64 from = first >> shift, last = (first + (rows - 1) * step + count - 1) >> shift;
  /* Whole blocks whose counters have the same second word, as nearly all have. */
  if (((first | step | count) & part) == 0 && (i32)count > 0 && last >= from && from >> 32 == last >> 32 && step >> 32 == 0) {
    const u8 *key = range(m, streams, 64);
    const Source source = {
      q_load(key), q_load(key + 16), q_load(key + 32), q_load(key + 48), q_i32x4_splat((u32)from), q_i32x4_splat((u32)(from >> 32)), 1, (u32)(step >> shift),
    };
    u8 *to = range_of(m, out, rows, stride, 1, 0, (u64)count * 16);
    if (normal) draw_blocks(NORMALS, m, &source, rows, count >> 2, to, stride, scale);
    else draw_blocks(UNIFORMS, m, &source, rows, count >> 1, to, stride, scale);
    return;
  }
  for (; rows > 0; rows--, first += step, out += stride) {
    const u32 at = ensemble_draws_drawLanes(m, streams, law, first, count, out, scale);
    if (at != out) memmove(range(m, out, (u64)count * 16), range(m, at, (u64)count * 16), (size_t)count * 16);
  }
}
