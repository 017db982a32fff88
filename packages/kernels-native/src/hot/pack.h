/* Columns of float32 in panels, as assembly/gram/pack.ts. */

/** P panels of eight columns, whole lines of `x` at a time. */
T void pack_panels(const int P, const u8 *x, size_t stride, u32 length, const u8 *shifts, const u8 *scales, u8 *out) {
  o_vf shift[4], scale[4];
  UNROLL for (int p = 0; p < P; p++) {
    shift[p] = *(const o_vfu *)(shifts + 32 * p);
    scale[p] = *(const o_vfu *)(scales + 32 * p);
  }
  for (u32 k = 0; k < length; k++, x += stride, out += 32)
    UNROLL for (int p = 0; p < P; p++) *(o_vfu *)(out + p * (size_t)length * 32) = (*(const o_vfu *)(x + 32 * p) - shift[p]) * scale[p];
}

HOT(gram_pack_packColumns32)(M *m, u32 x_at, u32 stride, u32 length, u32 vectors, u32 shifts_at, u32 scales_at, u32 out_at) {
  if ((i32)length <= 0 || (i32)vectors <= 0) return;
  const u32 panels = (vectors + 7) / 8, rest = vectors % 8;
  const u8 *x = range_of(m, x_at, length, stride, 1, 0, (u64)vectors * 4);
  const u8 *shifts = range(m, shifts_at, (u64)panels * 32), *scales = range(m, scales_at, (u64)panels * 32);
  u8 *out = range_of(m, out_at, panels, (u64)length * 32, 1, 0, (u64)length * 32);
  u32 p = 0;
#define AT x + 32 * (size_t)p, stride, length, shifts + 32 * (size_t)p, scales + 32 * (size_t)p, out + p * (size_t)length * 32
  for (; p + 4 <= vectors / 8; p += 4) pack_panels(4, AT);
  for (; p < vectors / 8; p++) pack_panels(1, AT);
#undef AT
  if (!rest) return;
  x += 32 * (size_t)p;
  out += p * (size_t)length * 32;
  for (u32 k = 0; k < length; k++, x += stride, out += 32) {
    memset(out, 0, 32);
    for (u32 i = 0; i < rest; i++) f32_store(out + 4 * i, (f32_load(x + 4 * i) - f32_load(shifts + 32 * (size_t)p + 4 * i)) * f32_load(scales + 32 * (size_t)p + 4 * i));
  }
}
