/* Blocks of random words and what is made of them, as assembly/ensemble/blocks.ts: several blocks go side by side in a wide vector. */

/* The products of the lower halves of lanes of 64 bits. */
#if WIDE == 16
#define MULTIPLY(x, m) ((w_vl)_mm512_mul_epu32((__m512i)(x), (__m512i)(m)))
#elif WIDE == 8
#define MULTIPLY(x, m) ((w_vl)_mm256_mul_epu32((__m256i)(x), (__m256i)(m)))
#elif defined(__SSE2__)
#define MULTIPLY(x, m) ((w_vl)_mm_mul_epu32((__m128i)(x), (__m128i)(m)))
#else
#define MULTIPLY(x, m) (((x) & 0xFFFFFFFFu) * ((m) & 0xFFFFFFFFu))
#endif

/** Blocks in a wide vector. */
#define SIDE (WIDE / 4)

/** A wide vector as lanes of 64 bits: the words of even and of odd lanes in their lower halves, the upper ones arbitrary. */
typedef struct { w_vl even, odd; } Words;

T Words words_of(w_v x) { return (Words){(w_vl)x, (w_vl)x >> 32}; }
T w_v lanes_of(Words x) { return (w_v)((x.even & 0xFFFFFFFFu) | x.odd << 32); }
T Words times(Words x, u32 m) {
  w_vl by = (w_vl){0} + m;
  return (Words){MULTIPLY(x.even, by), MULTIPLY(x.odd, by)};
}
T Words upper(Words x) { return (Words){x.even >> 32, x.odd >> 32}; }
T Words mix(Words x, Words y) { return (Words){x.even ^ y.even, x.odd ^ y.odd}; }

#define PHILOX_A 0xD2511F53u
#define PHILOX_B 0xCD9E8D57u

/** A round with all words: the products of two make the next four. */
#define ROUND(key) { \
  Words b = times(x2, PHILOX_B), a = times(x0, PHILOX_A); \
  x0 = mix(mix(upper(b), x1), keys[key][0]); x1 = b; \
  x2 = mix(mix(upper(a), x3), keys[key][1]); x3 = a; }

/** Stores vector j of `some` blocks, which lie side by side in v[j], block by block. */
T void store_blocks(u8 *out, const w_v *v, int vectors, u32 some) {
  if (some == SIDE)
    for (int j = 0; j < vectors; j++) w_store_quarters(out + 16 * j, 16 * vectors, v[j]);
  else
    for (u32 k = 0; k < some; k++)
      for (int j = 0; j < vectors; j++) memcpy(out + 16 * (k * vectors + j), (const u8 *)&v[j] + 16 * k, 16);
}

T void two_normals(M *m, w_v w, w_v angle, w_v sd, w_v *out) {
  w_v radius = w_f32x4_mul(sd, w_f32x4_sqrt(w_minusTwoLogOfWord(m, w))) ^ w_signOfWord(m, angle);
  w_v h = w_halfSineOfWord(m, angle), q = w_f32x4_mul(h, h);
  out[0] = w_f32x4_mul(radius, w_cosOfHalf(m, q));
  out[1] = w_f32x4_mul(radius, w_sinOfHalf(m, h, q));
}

T w_v centred_draws(w_v w, w_v factor) {
  return w_f32x4_mul(w_f32x4_add(w_f32x4_convert_i32x4_s(w ^ 0x80000000u), w_f32x4_splat(0.5f)), factor);
}

T void draw_blocks(int normal, M *m, q_v k0, q_v k1, q_v s0, q_v s1, q_v c0, u32 step, q_v c1, u32 blocks, u32 address, f32 scale) {
  const u32 bytes = normal ? 64 : 32;
  u8 *out = range(m, address, (u64)blocks * bytes);
  Words keys[10][2];
  Words key0 = words_of(w_spread(k0)), key1 = words_of(w_spread(k1));
  for (int r = 0; r < 10; r++) {
    keys[r][0] = key0;
    keys[r][1] = key1;
    key0 = (Words){key0.even + 0x9E3779B9u, key0.odd + 0x9E3779B9u};
    key1 = (Words){key1.even + 0xBB67AE85u, key1.odd + 0xBB67AE85u};
  }
  /* What the words that all blocks share decide of the first three rounds. */
  Words second = times(words_of(w_spread(s0)), PHILOX_B);
  Words constant0 = mix(mix(upper(second), words_of(w_spread(c1))), keys[0][0]);
  Words mask1 = mix(words_of(w_spread(s1)), keys[0][1]);
  Words mask2x = mix(second, keys[1][0]);
  Words third = times(constant0, PHILOX_A);
  Words mask2y = mix(upper(third), keys[1][1]), mask3 = mix(third, keys[2][1]);
  w_v counter = w_spread(c0);
  for (int k = 0; k < WIDE; k++) counter[k] += step * (u32)(k / 4);
  w_v factor = w_f32x4_splat(normal ? scale : scale * (f32)(1.0 / 2147483648.0));
  for (;; blocks -= SIDE, out += SIDE * bytes, counter += step * SIDE) {
    Words a = times(words_of(counter), PHILOX_A);
    Words x0, x1, x2 = mix(upper(a), mask1), x3 = a, b = times(x2, PHILOX_B);
    x0 = mix(upper(b), mask2x);
    x1 = b;
    x2 = mix(x3, mask2y);
    b = times(x2, PHILOX_B);
    a = times(x0, PHILOX_A);
    x0 = mix(mix(upper(b), x1), keys[2][0]);
    x1 = b;
    x2 = mix(upper(a), mask3);
    x3 = a;
    ROUND(3) ROUND(4) ROUND(5) ROUND(6) ROUND(7) ROUND(8) ROUND(9)
    w_v v[4];
    if (normal) {
      two_normals(m, lanes_of(x0), lanes_of(x1), factor, v);
      two_normals(m, lanes_of(x2), lanes_of(x3), factor, v + 2);
    } else {
      v[0] = centred_draws(lanes_of(x0), factor);
      v[1] = centred_draws(lanes_of(x2), factor);
    }
    store_blocks(out, v, normal ? 4 : 2, blocks < SIDE ? blocks : SIDE);
    if (blocks <= SIDE) break;
  }
}

HOT(ensemble_blocks_normalBlocks)(M *m, q_v k0, q_v k1, q_v s0, q_v s1, q_v c0, u32 step, q_v c1, u32 blocks, u32 out, f32 scale) {
  draw_blocks(1, m, k0, k1, s0, s1, c0, step, c1, blocks, out, scale);
}

HOT(ensemble_blocks_uniformBlocks)(M *m, q_v k0, q_v k1, q_v s0, q_v s1, q_v c0, u32 step, q_v c1, u32 blocks, u32 out, f32 scale) {
  draw_blocks(0, m, k0, k1, s0, s1, c0, step, c1, blocks, out, scale);
}
