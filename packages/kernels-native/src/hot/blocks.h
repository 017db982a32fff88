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
T Words times(Words x, u32 m) {
  w_vl by = (w_vl){0} + m;
  return (Words){MULTIPLY(x.even, by), MULTIPLY(x.odd, by)};
}
/* AVX-512 has one port for shifts and one that moves lanes: both get a share. */
#if WIDE == 16
T w_v lower_lanes(Words x) { return (w_v)_mm512_mask_shuffle_epi32((__m512i)x.even, 0xAAAA, (__m512i)x.odd, 0xA0); }
T w_v upper_lanes(Words x) { return (w_v)_mm512_mask_shuffle_epi32((__m512i)x.odd, 0x5555, (__m512i)x.even, 0xF5); }
T Words upper(Words x) { return (Words){(w_vl)_mm512_shuffle_epi32((__m512i)x.even, 0xF5), x.odd >> 32}; }
#else
T w_v lower_lanes(Words x) { return (w_v)((x.even & 0xFFFFFFFFu) | x.odd << 32); }
T w_v upper_lanes(Words x) { return (w_v)(x.even >> 32 | (x.odd & 0xFFFFFFFF00000000u)); }
T Words upper(Words x) { return (Words){x.even >> 32, x.odd >> 32}; }
#endif
T Words mix(Words x, Words y) { return (Words){x.even ^ y.even, x.odd ^ y.odd}; }

#define PHILOX_A 0xD2511F53u
#define PHILOX_B 0xCD9E8D57u

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

/** Streams of four lanes, and where in them rows of blocks begin: `c0` and `c1` are the counter of the first block, `step` is from block to block, `row_step` from row to row. */
typedef struct {
  q_v k0, k1, s0, s1, c0, c1;
  u32 step, row_step;
} Source;

/** The keys of the rounds, those of the last one lane by lane, and what the words that all blocks share decide of the first three. */
typedef struct {
  Words keys[9][2], mask1, mask2x, mask2y, mask3;
  w_v last[2];
} Rounds;

T void prepare(const Source *source, Rounds *rounds) {
  w_v k0 = w_spread(source->k0), k1 = w_spread(source->k1);
  for (int r = 0; r < 9; r++, k0 += 0x9E3779B9u, k1 += 0xBB67AE85u) {
    rounds->keys[r][0] = words_of(k0);
    rounds->keys[r][1] = words_of(k1);
  }
  rounds->last[0] = k0;
  rounds->last[1] = k1;
  const Words second = times(words_of(w_spread(source->s0)), PHILOX_B);
  const Words third = times(mix(mix(upper(second), words_of(w_spread(source->c1))), rounds->keys[0][0]), PHILOX_A);
  rounds->mask1 = mix(words_of(w_spread(source->s1)), rounds->keys[0][1]);
  rounds->mask2x = mix(second, rounds->keys[1][0]);
  rounds->mask2y = mix(upper(third), rounds->keys[1][1]);
  rounds->mask3 = mix(third, rounds->keys[2][1]);
}

/** Two words on their way to two normals, by the steps of `normals` of blocks.ts and of what it calls. */
typedef struct {
  w_v word, angle, below, d, exponent, power, f, s, h, cosine, sine, radius;
} Pair;

/* A product by a power of two is exact: fused with the sum behind it, it is rounded the same. */
#if WIDE == 16
T w_v scaled_plus(w_v a, w_v power, w_v b) { return (w_v)_mm512_fmadd_ps((__m512)a, (__m512)power, (__m512)b); }
#else
T w_v scaled_plus(w_v a, w_v power, w_v b) { return w_f32x4_add(w_f32x4_mul(a, power), b); }
#endif

#define NUMBER(x) w_f32x4_splat((f32)(x))
T void pair_distance(Pair *p) {
  p->below = w_i32x4_shr_s(p->word, 31);
  p->d = scaled_plus(w_f32x4_convert_i32x4_s(p->word ^ p->below), NUMBER(1.0 / 4294967296.0), NUMBER(0.5 / 4294967296.0)) ^ (p->word & 0x80000000u);
}
T void pair_exponent(Pair *p) {
  const w_v u = w_f32x4_add(p->d, p->below & NUMBER(1.0));
  p->exponent = 0x3F800000u - ((u + (0x3F800000u - 0x3F3504F3u)) & 0x7F800000u);
  p->power = p->exponent + 0x3F800000u;
}
T void pair_half_sine(M *m, Pair *p) {
  const w_v x = w_f32x4_mul(w_f32x4_convert_i32x4_s(w_i32x4_shl(p->angle, 1)), NUMBER(1.0 / 2147483648.0));
  p->h = w_f32x4_mul(x, w_sinCore(m, w_f32x4_mul(x, x)));
}
T void pair_fraction(Pair *p) {
  const w_v f = scaled_plus(p->d, p->power, w_f32x4_sub(p->power & p->below, NUMBER(1.0)));
  p->s = w_f32x4_div(f, w_f32x4_add(f, NUMBER(2.0)));
}
T void pair_circle(Pair *p) {
  const w_v q = w_f32x4_mul(p->h, p->h);
  p->cosine = w_f32x4_sub(NUMBER(1.0), q);
  p->sine = w_f32x4_mul(p->h, w_f32x4_sqrt(w_f32x4_sub(NUMBER(2.0), q)));
}
T void pair_logarithm(M *m, Pair *p) {
  const w_v whole = w_f32x4_mul(w_f32x4_convert_i32x4_s(p->exponent), NUMBER(1.3862943611198906 / 8388608.0));
  p->radius = w_f32x4_add(whole, w_f32x4_mul(p->s, w_artanhCore(m, w_f32x4_mul(p->s, p->s))));
}
T void pair_radius(Pair *p, w_v sd) {
  p->radius = w_f32x4_mul(sd, w_f32x4_sqrt(p->radius)) ^ ((p->angle + 0x40000000u) & 0x80000000u);
}

T w_v centred_draws(w_v w, w_v factor) {
  return w_f32x4_mul(w_f32x4_add(w_f32x4_convert_i32x4_s(w ^ 0x80000000u), w_f32x4_splat(0.5f)), factor);
}

/** What is made of the words: nothing yet, numbers uniform on (-scale, scale), normals, or normals of lanes that take turns, in their order. */
enum { NOTHING, UNIFORMS, NORMALS, CONTIGUOUS };

/**
 * Makes the words of the block at `counter`, if `words`, and what `kind` says out of the words that were made before. Rounds wait for each other, and so do the steps to a normal:
 * those of one block go between the rounds of the next, closer together than the processor would find them.
 */
T void advance(const int words, const int kind, M *m, const Rounds *rounds, w_v counter, Pair *pair, w_v factor, w_v *out) {
  const int normals = kind >= NORMALS;
#define ROUND(key) if (words) { \
  const Words b = times(x2, PHILOX_B), a = times(x0, PHILOX_A); \
  x0 = mix(mix(upper(b), x1), rounds->keys[key][0]); x1 = b; \
  x2 = mix(mix(upper(a), x3), rounds->keys[key][1]); x3 = a; }
#define STEP(...) if (normals) { Pair *p = pair; __VA_ARGS__; p++; __VA_ARGS__; }
  Words x0, x1, x2, x3, a, b;
  if (kind == UNIFORMS)
    for (int k = 0; k < 2; k++) out[k] = centred_draws(pair[k].word, factor);
  if (words) {
    x3 = times(words_of(counter), PHILOX_A);
    x2 = mix(upper(x3), rounds->mask1);
    b = times(x2, PHILOX_B);
  }
  STEP(pair_distance(p))
  if (words) {
    x0 = mix(upper(b), rounds->mask2x);
    x1 = b;
    x2 = mix(x3, rounds->mask2y);
    a = times(x0, PHILOX_A);
    b = times(x2, PHILOX_B);
  }
  STEP(pair_exponent(p))
  if (words) {
    x0 = mix(mix(upper(b), x1), rounds->keys[2][0]);
    x1 = b;
    x2 = mix(upper(a), rounds->mask3);
    x3 = a;
  }
  ROUND(3)
  STEP(pair_fraction(p))
  ROUND(4)
  STEP(pair_half_sine(m, p))
  ROUND(5)
  ROUND(6)
  STEP(pair_circle(p))
  ROUND(7)
  STEP(pair_logarithm(m, p))
  ROUND(8)
  STEP(pair_radius(p, factor))
  if (normals)
    for (int k = 0; k < 2; k++) {
      out[2 * k] = w_f32x4_mul(pair[k].radius, pair[k].cosine);
      out[2 * k + 1] = w_f32x4_mul(pair[k].radius, pair[k].sine);
    }
  if (words) {
    b = times(x2, PHILOX_B);
    a = times(x0, PHILOX_A);
    pair[0].word = upper_lanes(b) ^ lower_lanes(x1) ^ rounds->last[0];
    pair[0].angle = lower_lanes(b);
    pair[1].word = upper_lanes(a) ^ lower_lanes(x3) ^ rounds->last[1];
    pair[1].angle = lower_lanes(a);
  }
#undef ROUND
#undef STEP
}

/** Four lanes of four draws each become four draws of four lanes each, block by block. */
T void transpose_blocks(w_v *v) {
#if WIDE == 16
  const __m512 a = _mm512_unpacklo_ps((__m512)v[0], (__m512)v[1]), b = _mm512_unpackhi_ps((__m512)v[0], (__m512)v[1]);
  const __m512 c = _mm512_unpacklo_ps((__m512)v[2], (__m512)v[3]), d = _mm512_unpackhi_ps((__m512)v[2], (__m512)v[3]);
  v[0] = (w_v)_mm512_shuffle_pd((__m512d)a, (__m512d)c, 0x00);
  v[1] = (w_v)_mm512_shuffle_pd((__m512d)a, (__m512d)c, 0xFF);
  v[2] = (w_v)_mm512_shuffle_pd((__m512d)b, (__m512d)d, 0x00);
  v[3] = (w_v)_mm512_shuffle_pd((__m512d)b, (__m512d)d, 0xFF);
#else
  w_v from[4] = {v[0], v[1], v[2], v[3]};
  for (int k = 0; k < WIDE; k++) for (int j = 0; j < 4; j++) v[j][k] = from[k % 4][(k & ~3) + j];
#endif
}

/** Where in `rows` rows of so many blocks the next ones go. */
typedef struct {
  u8 *row, *out;
  u32 blocks, rest;
} Place;

/** Stores blocks that lie side by side, and goes on. */
T void place_blocks(const int kind, Place *place, w_v *v, size_t row_bytes) {
  const int vectors = kind == UNIFORMS ? 2 : 4;
  if (kind == CONTIGUOUS) transpose_blocks(v);
  store_blocks(place->out, v, vectors, place->rest < SIDE ? place->rest : SIDE);
  if (place->rest > SIDE) {
    place->rest -= SIDE;
    place->out += SIDE * 16 * vectors;
  } else {
    place->rest = place->blocks;
    place->out = place->row += row_bytes;
  }
}

/** `rows` rows of so many blocks, `row_bytes` apart. */
T void draw_blocks(const int kind, M *m, const Source *source, u32 rows, u32 blocks, u8 *row, size_t row_bytes, f32 scale) {
  if (blocks == 0) return;
  Rounds rounds;
  prepare(source, &rounds);
  const u32 skip = source->step * SIDE, each = (blocks + SIDE - 1) / SIDE;
  const w_v factor = w_f32x4_splat(kind == UNIFORMS ? scale * (f32)(1.0 / 2147483648.0) : scale);
  w_v start = w_spread(source->c0);
  for (int k = 0; k < WIDE; k++) start[k] += source->step * (u32)(k / 4);
  w_v v[4], counter = start;
  Pair pair[2];
  Place place = {row, row, blocks, blocks};
  advance(1, NOTHING, m, &rounds, counter, pair, factor, v);
  u32 ahead = each;
  for (u64 rest = (u64)rows * each; --rest > 0;) {
    /* The next counters, which may be the first ones of the next row. */
    if (--ahead > 0) counter += skip;
    else {
      counter = start += source->row_step;
      ahead = each;
    }
    advance(1, kind, m, &rounds, counter, pair, factor, v);
    place_blocks(kind, &place, v, row_bytes);
  }
  advance(0, kind, m, &rounds, counter, pair, factor, v);
  place_blocks(kind, &place, v, row_bytes);
}

HOT(ensemble_blocks_normalBlocks)(M *m, q_v k0, q_v k1, q_v s0, q_v s1, q_v c0, u32 step, q_v c1, u32 blocks, u32 out, f32 scale) {
  const Source source = {k0, k1, s0, s1, c0, c1, step, 0};
  draw_blocks(NORMALS, m, &source, 1, blocks, range(m, out, (u64)blocks * 64), 0, scale);
}

HOT(ensemble_blocks_uniformBlocks)(M *m, q_v k0, q_v k1, q_v s0, q_v s1, q_v c0, u32 step, q_v c1, u32 blocks, u32 out, f32 scale) {
  const Source source = {k0, k1, s0, s1, c0, c1, step, 0};
  draw_blocks(UNIFORMS, m, &source, 1, blocks, range(m, out, (u64)blocks * 32), 0, scale);
}

HOT(ensemble_draws_contiguousNormals)(M *m, u32 k0, u32 k1, u32 s0, u32 s1, f64 first, u32 quads) {
  if ((i32)quads <= 0) return;
  u8 *out = range(m, ensemble_draws_drawBuffer(m), (u64)quads * 64);
  u64 block = i64_trunc_sat_f64_u(first);
  while (quads > 0) {
    const q_v c0 = (u32)block + (q_v){0, 1, 2, 3}, carry = (q_v)(c0 < (u32)block);
    /* Not beyond the next multiple of 2^32, where the counter's second word changes; four blocks on both sides of it go alone. */
    const u64 before = (0x100000000u - (u64)(u32)block) >> 2;
    const u32 some = before == 0 ? 1 : before < quads ? (u32)before : quads;
    const Source source = {
      q_i32x4_splat(k0), q_i32x4_splat(k1), q_i32x4_splat(s0), q_i32x4_splat(s1), c0, q_i32x4_splat((u32)(block >> 32)) - carry, 4, 0,
    };
    draw_blocks(CONTIGUOUS, m, &source, 1, some, out, 0, 1.0f);
    block += 4 * (u64)some;
    quads -= some;
    out += (size_t)some * 64;
  }
}
