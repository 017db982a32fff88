/* Which points live, as assembly/ensemble/living.ts. */

/** Four bytes of ones where a bit is set. */
static const u32 bytes_of[16] = {
  0x00000000, 0x000000FF, 0x0000FF00, 0x0000FFFF, 0x00FF0000, 0x00FF00FF, 0x00FFFF00, 0x00FFFFFF,
  0xFF000000, 0xFF0000FF, 0xFF00FF00, 0xFF00FFFF, 0xFFFF0000, 0xFFFF00FF, 0xFFFFFF00, 0xFFFFFFFF,
};

/** The largest magnitudes of `units` values at `p`, for as many lanes as there are in a wide vector; or, where only zero and not zero matter, their bits together. */
T w_v magnitudes(const u8 *p, u32 units, const int measures) {
  w_v all = {0};
  for (; units >= UNITS; units -= UNITS, p += 4 * WIDE) {
    w_v x = w_load(p) & 0x7FFFFFFFu;
    all = measures ? w_larger(all, x) : all | x;
  }
  if (units) {
    w_v x = w_load_some(p, units) & 0x7FFFFFFFu;
    all = measures ? w_larger(all, x) : all | x;
  }
  return all;
}

/** Where sums of shares are made, point after point. */
T void add_share(q_vf64 *sum, const u8 *share, u32 both) {
  q_vi each = {both & 255, both >> 8 & 255, both >> 16 & 255, both >> 24};
  *sum += f64_load(share) * __builtin_convertvector(each, q_vf64);
}

T q_v living_points(M *m, u32 values, u32 points, u32 units, u32 through_at, u32 shares_at, u32 ratios, u32 flags, const int measures) {
  const u64 row = (u64)units * 16, count = (i32)points > 0 ? points : 0;
  const u8 *p = range(m, values, count * row);
  u8 *through = range(m, through_at, count * 4);
  const u8 *shares = shares_at ? range(m, shares_at, count * 8) : NULL;
  w_v tops = {0};
  q_v any = {0}, alive = {0};
  q_vf64 sum = {0};
  u64 k = 0;
#if WIDE == 16
  /* Four points at once: their fours of lanes go into one vector. */
  __m512i counts = _mm512_setzero_si512(), anywhere = counts;
  for (; k + 4 <= count; k += 4, p += 4 * row) {
    w_v a = magnitudes(p, units, measures), b = magnitudes(p + row, units, measures);
    w_v c = magnitudes(p + 2 * row, units, measures), d = magnitudes(p + 3 * row, units, measures);
#define PICK(x, y, which) ((w_v)_mm512_shuffle_f32x4((__m512)(x), (__m512)(y), which))
#define BOTH(x, y) (measures ? w_larger(x, y) : (x) | (y))
    w_v ab = BOTH(PICK(a, b, 0x44), PICK(a, b, 0xEE)), cd = BOTH(PICK(c, d, 0x44), PICK(c, d, 0xEE));
    w_v size = BOTH(PICK(ab, cd, 0x88), PICK(ab, cd, 0xDD));
#undef PICK
#undef BOTH
    if (measures) tops = w_larger(tops, size);
    anywhere = _mm512_or_si512(anywhere, (__m512i)size);
    __mmask16 here = _mm512_test_epi32_mask((__m512i)size, (__m512i)size);
    __m128i both = _mm_maskz_loadu_epi8(here, through + 4 * k);
    _mm_storeu_si128((__m128i *)(through + 4 * k), both);
    counts = _mm512_add_epi32(counts, _mm512_cvtepu8_epi32(both));
    if (shares) for (u64 i = k; i < k + 4; i++) add_share(&sum, shares + 8 * i, i32_load(through + 4 * i));
  }
  alive = FOLD(q_i32x4_add, counts);
  any = FOLD(q_any, anywhere);
#endif
  for (; k < count; k++, p += row) {
    w_v size = magnitudes(p, units, measures);
    if (measures) tops = w_larger(tops, size);
    q_v here = FOLD(q_any, size);
    any |= here;
    u32 both = i32_load(through + 4 * k) & bytes_of[q_i32x4_bitmask((q_v)(here != 0))];
    i32_store(through + 4 * k, both);
    alive += (q_v){both & 255, both >> 8 & 255, both >> 16 & 255, both >> 24};
    if (shares) add_share(&sum, shares + 8 * k, both);
  }
  if (!shares) sum = __builtin_convertvector((q_vi)alive, q_vf64) / (f64)(i32)points;
  *(q_vf64u *)range(m, ratios, 32) = sum;
  q_store(range(m, flags, 16), ((q_v)(any != 0) & 1) | ((q_v)(alive != 0) & 2));
  return FOLD(q_larger, tops);
}

HOT(ensemble_living_living)(M *m, u32 values, u32 points, u32 units, u32 through, u32 shares, u32 ratios, u32 flags) {
  living_points(m, values, points, units, through, shares, ratios, flags, 0);
}

HOT(ensemble_living_livingAndLargest)(M *m, u32 values, u32 points, u32 units, u32 through, u32 shares, u32 ratios, u32 flags) {
  m->globals.ensemble_living_largest = living_points(m, values, points, units, through, shares, ratios, flags, 1);
}
