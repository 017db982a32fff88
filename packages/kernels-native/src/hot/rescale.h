/* Lanes brought into range by powers of two, as `rescale` of assembly/ensemble/reduce.ts; which power is decided there. */

HOT(ensemble_reduce_rescale)(M *m, u32 values, u32 count, u32 exponents, u32 flags, u32 slack) {
  w_v many = {0};
  q_v few = {0};
  if ((i32)count > 0) {
    const u8 *p = range(m, values, (u64)count * 16);
    u32 left = count;
    for (; left >= UNITS; left -= UNITS, p += 4 * WIDE) many = w_larger(many, w_load(p) & 0x7FFFFFFFu);
    for (; left > 0; left--, p += 16) few = q_larger(few, q_load(p) & 0x7FFFFFFFu);
  }
  ensemble_reduce_rescaleFrom(m, q_larger(few, FOLD(q_larger, many)), values, count, exponents, flags, slack);
}
