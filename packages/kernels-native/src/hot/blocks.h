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

#if WIDE == 16
/** Stores four vectors of four blocks, which lie side by side in v[j], block by block. */
T void store_four(u8 *out, const w_v *v) {
#define HALVES(a, b, k) _mm512_shuffle_f32x4((__m512)(a), (__m512)(b), k)
  const __m512 a = HALVES(v[0], v[1], 0x44), b = HALVES(v[2], v[3], 0x44), c = HALVES(v[0], v[1], 0xEE), d = HALVES(v[2], v[3], 0xEE);
  w_store(out, (w_v)HALVES(a, b, 0x88));
  w_store(out + 64, (w_v)HALVES(a, b, 0xDD));
  w_store(out + 128, (w_v)HALVES(c, d, 0x88));
  w_store(out + 192, (w_v)HALVES(c, d, 0xDD));
#undef HALVES
}
#endif

/** Stores vector j of `some` blocks, which lie side by side in v[j], block by block. */
T void store_blocks(u8 *out, const w_v *v, int vectors, u32 some) {
#if WIDE == 16
  if (some == SIDE && vectors == 4) {
    store_four(out, v);
    return;
  }
#endif
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

/** Streams of four lanes, and where in them rows of blocks begin: `c0` and `c1` are the counter of the first block, `step` is from block to block, `row_step` from row to row. */
typedef struct {
  q_v k0, k1, s0, s1, c0, c1;
  u32 step, row_step;
} Source;

/** `rows` rows of so many blocks, `row_bytes` apart. */
T void draw_blocks(int normal, M *m, const Source *source, u32 rows, u32 blocks, u8 *row, size_t row_bytes, f32 scale) {
  const u32 bytes = normal ? 64 : 32, step = source->step;
  const q_v k0 = source->k0, k1 = source->k1, s0 = source->s0, s1 = source->s1, c1 = source->c1;
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
  w_v start = w_spread(source->c0);
  for (int k = 0; k < WIDE; k++) start[k] += step * (u32)(k / 4);
  w_v factor = w_f32x4_splat(normal ? scale : scale * (f32)(1.0 / 2147483648.0));
  for (; rows > 0; rows--, row += row_bytes, start += source->row_step) {
    w_v counter = start;
    u8 *out = row;
    for (u32 rest = blocks; ; rest -= SIDE, out += SIDE * bytes, counter += step * SIDE) {
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
      store_blocks(out, v, normal ? 4 : 2, rest < SIDE ? rest : SIDE);
      if (rest <= SIDE) break;
    }
  }
}

HOT(ensemble_blocks_normalBlocks)(M *m, q_v k0, q_v k1, q_v s0, q_v s1, q_v c0, u32 step, q_v c1, u32 blocks, u32 out, f32 scale) {
  const Source source = {k0, k1, s0, s1, c0, c1, step, 0};
  draw_blocks(1, m, &source, 1, blocks, range(m, out, (u64)blocks * 64), 0, scale);
}

HOT(ensemble_blocks_uniformBlocks)(M *m, q_v k0, q_v k1, q_v s0, q_v s1, q_v c0, u32 step, q_v c1, u32 blocks, u32 out, f32 scale) {
  const Source source = {k0, k1, s0, s1, c0, c1, step, 0};
  draw_blocks(0, m, &source, 1, blocks, range(m, out, (u64)blocks * 32), 0, scale);
}
