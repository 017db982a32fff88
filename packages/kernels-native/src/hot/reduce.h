/* As assembly/ensemble/reduce.ts. */

HOT(ensemble_reduce_broadcastLanes)(M *m, u32 values, u32 count, u32 out_at) {
  if ((i32)count <= 0) return;
  const u8 *from = range(m, values, (u64)count * 4);
  u8 *out = range(m, out_at, (u64)count * 16);
  for (; count >= UNITS; count -= UNITS, from += 4 * UNITS, out += 4 * WIDE) w_store(out, w_each_four_times(from));
  for (; count > 0; count--, from += 4, out += 16) q_store(out, q_i32x4_splat(i32_load(from)));
}
