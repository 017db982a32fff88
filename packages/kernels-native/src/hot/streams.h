/* Children of four streams, as `split` of assembly/ensemble/streams.ts. */
#ifdef __SSE2__
T q_v halves(q_v even, q_v odd, const int upper) {
  if (upper) return (q_v)(((q_vul)even >> 32) | ((q_vul)odd & 0xFFFFFFFF00000000u));
  return (q_v)(((q_vul)even & 0xFFFFFFFFu) | ((q_vul)odd << 32));
}
T void products(q_v x, u32 by, q_v *low, q_v *high) {
  __m128i factor = _mm_set1_epi32((int)by);
  q_v even = (q_v)_mm_mul_epu32((__m128i)x, factor), odd = (q_v)_mm_mul_epu32((__m128i)((q_vul)x >> 32), factor);
  *low = halves(even, odd, 0);
  *high = halves(even, odd, 1);
}
#else
T void products(q_v x, u32 by, q_v *low, q_v *high) {
  for (int k = 0; k < 4; k++) {
    u64 both = (u64)x[k] * by;
    (*low)[k] = (u32)both;
    (*high)[k] = (u32)(both >> 32);
  }
}
#endif

HOT(ensemble_streams_split)(M *m, u32 streams, f64 index, u32 out_at) {
  const u8 *in = range(m, streams, 64);
  u8 *out = range(m, out_at, 64);
  const u64 i = i64_trunc_sat_f64_u(index);
  q_v k0 = q_load(in), k1 = q_load(in + 16), x2 = q_load(in + 32), x3 = q_load(in + 48);
  q_v x0 = q_i32x4_splat((u32)i), x1 = q_i32x4_splat((u32)(i >> 32) | 0x80000000u);
  UNROLL for (int round = 0; round < 10; round++) {
    q_v b0, b1, a0, a1;
    products(x2, 0xCD9E8D57u, &b0, &b1);
    products(x0, 0xD2511F53u, &a0, &a1);
    x0 = b1 ^ x1 ^ k0;
    x1 = b0;
    x2 = a1 ^ x3 ^ k1;
    x3 = a0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  q_store(out, x0);
  q_store(out + 16, x1);
  q_store(out + 32, x2);
  q_store(out + 48, x3);
}
