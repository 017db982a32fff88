/* What the trainer does to values, slopes and parameters, as assembly/trainer. */

/* ---- Activations together with their slopes: activate.ts ---- */

/** Both vectors that `both` makes of those at `p` go to `p` and `s`. */
#define WITH_SLOPES(both) { \
  for (; count >= UNITS; count -= UNITS, p += 4 * WIDE, s += 4 * WIDE) { w_v y, d; w_##both(m, w_load(p), &y, &d); w_store(p, y); w_store(s, d); } \
  for (; count > 0; count--, p += 16, s += 16) { q_v y, d; q_##both(m, q_load(p), &y, &d); q_store(p, y); q_store(s, d); } }

/* The functions for both lengths of vectors. */
#define PAIRS(v, P) \
T v P##share(v e) { return P##f32x4_div(P##f32x4_splat(1.0f), P##f32x4_add(P##f32x4_splat(1.0f), e)); } \
T void P##tanh_both(M *m, v x, v *y, v *d) { \
  v z = P##f32x4_mul(x, x), e = P##decay(m, P##f32x4_add(x, x)), r = P##share(e), one = P##f32x4_splat(1.0f); \
  v near = P##f32x4_add(x, P##f32x4_mul(P##f32x4_mul(x, z), P##tanhCore(m, z))); \
  v far = P##v128_bitselect(x, P##f32x4_mul(P##f32x4_sub(one, e), r), P##i32x4_splat(0x80000000u)); \
  *y = P##v128_bitselect(near, far, P##f32x4_lt(z, P##f32x4_splat(0.36f))); \
  *d = P##f32x4_mul(P##f32x4_mul(P##f32x4_splat(4.0f), e), P##f32x4_mul(r, r)); \
} \
T void P##sigmoid_both(M *m, v x, v *y, v *d) { \
  v e = P##decay(m, x), r = P##share(e), small = P##f32x4_mul(e, r); \
  *y = P##v128_bitselect(small, r, P##f32x4_lt(x, P##f32x4_splat(0.0f))); \
  *d = P##f32x4_mul(small, r); \
} \
T void P##silu_both(M *m, v x, v *y, v *d) { \
  v e = P##decay(m, x), r = P##share(e), small = P##f32x4_mul(e, r), negative = P##f32x4_lt(x, P##f32x4_splat(0.0f)); \
  v s = P##v128_bitselect(small, r, negative); \
  *y = P##f32x4_mul(x, s); \
  *d = P##f32x4_mul(s, P##f32x4_add(P##f32x4_splat(1.0f), P##f32x4_mul(x, P##v128_bitselect(r, small, negative)))); \
} \
T void P##softplus_both(M *m, v x, v *y, v *d) { \
  v t = P##decay(m, x), r = P##share(t), small = P##f32x4_lt(t, P##f32x4_splat(0.4f)); \
  v f = P##v128_bitselect(t, P##f32x4_mul(P##f32x4_sub(t, P##f32x4_splat(1.0f)), P##f32x4_splat(0.5f)), small); \
  v l = P##f32x4_add(P##logNear1(m, f), P##v128_andnot(P##f32x4_splat(0.6931471805599453f), small)); \
  *y = P##f32x4_add(P##f32x4_max(x, P##f32x4_splat(0.0f)), l); \
  *d = P##v128_bitselect(P##f32x4_mul(t, r), r, P##f32x4_lt(x, P##f32x4_splat(0.0f))); \
}
PAIRS(q_v, q_)
PAIRS(w_v, w_)
#undef PAIRS

/** Writes a function of lanes of the `n` vectors at `p` to `s`. */
#define SLOPES(function, ...) { \
  for (; n >= UNITS; n -= UNITS, q += 4 * WIDE, to += 4 * WIDE) w_store(to, w_##function(m, w_load(q), ##__VA_ARGS__)); \
  for (; n > 0; n--, q += 16, to += 16) q_store(to, q_##function(m, q_load(q), ##__VA_ARGS__)); }

HOT(trainer_activate_activateWithSlopes)(M *m, u32 values, u32 slopes, u32 count, u32 code, f32 parameter) {
  if ((i32)count <= 0) return;
  u8 *p = range(m, values, (u64)count * 16), *s = range(m, slopes, (u64)count * 16);
  switch (code) {
    case 4: WITH_SLOPES(tanh_both) return;
    case 5: WITH_SLOPES(sigmoid_both) return;
    case 6: WITH_SLOPES(softplus_both) return;
    case 7: WITH_SLOPES(silu_both) return;
  }
  u32 n = count;
  u8 *q = p, *to = s;
  switch (code) {
    case 2: SLOPES(step, parameter) break;
    case 3: SLOPES(step, -1.0f) break;
    case 8: SLOPES(slopeOfElu, parameter) break;
    case 9: SLOPES(slopeOfSelu) break;
    case 10: SLOPES(slopeOfErf) break;
    case 11: SLOPES(slopeOfGelu) break;
    default: for (; n > 0; n--, q += 16, to += 16) q_store(to, ensemble_slopes_cosines(m, q_load(q), parameter));
  }
  ensemble_activation_activate(m, values, count, code, parameter);
}

HOT(trainer_activate_multiply)(M *m, u32 slopes, u32 gradients, u32 count) {
  if ((i32)count <= 0) return;
  const u8 *s = range(m, slopes, (u64)count * 16);
  u8 *g = range(m, gradients, (u64)count * 16);
  for (; count >= UNITS; count -= UNITS, s += 4 * WIDE, g += 4 * WIDE) w_store(g, w_f32x4_mul(w_load(g), w_load(s)));
  for (; count > 0; count--, s += 16, g += 16) q_store(g, q_f32x4_mul(q_load(g), q_load(s)));
}

HOT(trainer_activate_maskNegative)(M *m, u32 values, u32 gradients, u32 count) {
  if ((i32)count <= 0) return;
  const u8 *v = range(m, values, (u64)count * 16);
  u8 *g = range(m, gradients, (u64)count * 16);
  for (; count >= UNITS; count -= UNITS, v += 4 * WIDE, g += 4 * WIDE) w_store(g, w_load(g) & ~w_f32x4_le(w_load(v), (w_v){0}));
  for (; count > 0; count--, v += 16, g += 16) q_store(g, q_load(g) & ~q_f32x4_le(q_load(v), (q_v){0}));
}

/* ---- Updates: update.ts ---- */

/** What an optimiser needs to know, from the records; and whether parameters decay, by themselves (keep) or by their gradients (l2). */
typedef struct { f32 keep, l2, rate, root, first, oneMinusFirst, second, oneMinusSecond, epsilon; int decays; } Rule;

/* How numbers below a bound, and NaN, become 0, and squares of those that are not below it. */
#if WIDE == 16
#define w_normal(x) ((w_v)_mm512_mask_mov_ps((__m512)(x), _mm512_fpclass_ps_mask((__m512)(x), 0xA7), _mm512_setzero_ps()))
T w_v w_squared(w_v g, f32 least) {
  const __mmask16 large = _mm512_cmp_ps_mask((__m512)w_f32x4_abs(g), _mm512_set1_ps(least), _CMP_GE_OQ);
  return (w_v)_mm512_maskz_mul_ps(large, (__m512)g, (__m512)g);
}
#else
#define w_normal(x) w_flushed(x, 1.1754943508222875e-38f)
T w_v w_squared(w_v g, f32 least) { g &= w_f32x4_ge(w_f32x4_abs(g), w_f32x4_splat(least)); return w_f32x4_mul(g, g); }
#endif
#define q_normal(x) q_flushed(x, 1.1754943508222875e-38f)
T q_v q_squared(q_v g, f32 least) { g &= q_f32x4_ge(q_f32x4_abs(g), q_f32x4_splat(least)); return q_f32x4_mul(g, g); }

/* One vector of parameters and its gradient `d`, for both lengths of vectors. */
#define UPDATES(v, P) \
T v P##flushed(v x, f32 least) { return x & P##f32x4_ge(P##f32x4_abs(x), P##f32x4_splat(least)); } \
T v P##square(v x, v g, f32 keep, f32 take) { \
  return P##normal(P##f32x4_add(P##f32x4_mul(x, P##f32x4_splat(keep)), P##f32x4_mul(P##squared(g, 1.3877787807814457e-17f), P##f32x4_splat(take)))); \
} \
/** What is left of the parameters at `p`. */ \
T v P##kept(const u8 *p, const int decays, const Rule *t) { return decays ? P##f32x4_mul(P##load(p), P##f32x4_splat(t->keep)) : P##load(p); } \
/** A gradient with the share of its parameter, which is left as `value`. */ \
T v P##held(v d, v value, const int decays, const Rule *t) { return decays && t->l2 != 0 ? P##f32x4_add(d, P##f32x4_mul(value, P##f32x4_splat(t->l2))) : d; } \
/** Adam's means, which stay, and the root of their second. */ \
T void P##adam_means(u8 *p, v d, size_t slot, const int decays, const Rule *t, v *step, v *size) { \
  if (decays) d = P##held(d, P##kept(p, decays, t), decays, t); \
  v mean = P##normal(P##f32x4_add(P##f32x4_mul(P##load(p + slot), P##f32x4_splat(t->first)), P##f32x4_mul(d, P##f32x4_splat(t->oneMinusFirst)))); \
  v x = P##square(P##load(p + 2 * slot), d, t->second, t->oneMinusSecond); \
  P##store(p + slot, mean); \
  P##store(p + 2 * slot, x); \
  *step = P##f32x4_mul(P##f32x4_splat(t->rate), mean); \
  *size = P##f32x4_add(P##f32x4_mul(P##f32x4_sqrt(x), P##f32x4_splat(t->root)), P##f32x4_splat(t->epsilon)); \
} \
T void P##adam_step(u8 *p, v step, v size, const int decays, const Rule *t) { P##store(p, P##f32x4_sub(P##kept(p, decays, t), P##f32x4_div(step, size))); } \
T void P##change(const u32 optimizer, u8 *p, v d, size_t slot, const int decays, const Rule *t) { \
  if (optimizer > 3) { \
    v step, size; \
    P##adam_means(p, d, slot, decays, t, &step, &size); \
    P##adam_step(p, step, size, decays, t); \
    return; \
  } \
  v value = P##kept(p, decays, t), rate = P##f32x4_splat(t->rate), first = P##f32x4_splat(t->first); \
  d = P##held(d, value, decays, t); \
  if (optimizer == 0) P##store(p, P##f32x4_sub(value, P##f32x4_mul(rate, d))); \
  else if (optimizer <= 2) { \
    v x = P##normal(P##f32x4_add(P##f32x4_mul(P##load(p + slot), first), d)); \
    P##store(p + slot, x); \
    if (optimizer == 2) x = P##f32x4_add(d, P##f32x4_mul(x, first)); \
    P##store(p, P##f32x4_sub(value, P##f32x4_mul(rate, x))); \
  } else { \
    v x = P##square(P##load(p + slot), d, t->first, t->oneMinusFirst); \
    P##store(p + slot, x); \
    P##store(p, P##f32x4_sub(value, P##f32x4_div(P##f32x4_mul(rate, d), P##f32x4_add(P##f32x4_sqrt(x), P##f32x4_splat(t->epsilon))))); \
  } \
}
UPDATES(q_v, q_)
UPDATES(w_v, w_)
#undef UPDATES
#undef w_normal
#undef q_normal

/** All parameters, with an optimiser that is a constant after inlining. */
T void change_all(const u32 optimizer, u8 *p, const u8 *g, size_t slot, u32 count, q_v factor, const Rule rule) {
  w_v factors = w_spread(factor);
  for (; count >= UNITS; count -= UNITS, p += 4 * WIDE, g += 4 * WIDE) w_change(optimizer, p, w_f32x4_mul(w_load(g), factors), slot, 1, &rule);
  for (; count > 0; count--, p += 16, g += 16) q_change(optimizer, p, q_f32x4_mul(q_load(g), factor), slot, 1, &rule);
}

/** What the records say about parameters that decay or do not. */
T Rule rule_of(M *m, u32 t, u32 step, u32 decays) {
  const f32 keep = decays ? trainer_records_Step_get_keep(m, step) : 1, l2 = decays ? trainer_records_Trainer_get_l2(m, t) : 0;
  return (Rule){
    .keep = keep,
    .l2 = l2,
    .decays = keep != 1 || l2 != 0,
    .rate = trainer_records_Step_get_rate(m, step),
    .root = trainer_records_Step_get_root(m, step),
    .first = trainer_records_Trainer_get_first(m, t),
    .oneMinusFirst = trainer_records_Trainer_get_oneMinusFirst(m, t),
    .second = trainer_records_Trainer_get_second(m, t),
    .oneMinusSecond = trainer_records_Trainer_get_oneMinusSecond(m, t),
    .epsilon = trainer_records_Trainer_get_epsilon(m, t),
  };
}

HOT(trainer_update_change)(M *m, u32 t, u32 step, u32 parameters, u32 gradients, u32 slot, u32 count, q_v factor, u32 decays) {
  const u32 optimizer = trainer_records_Trainer_get_optimizer(m, t), slots = optimizer == 0 ? 0 : optimizer <= 3 ? 1 : 2;
  if ((i32)count <= 0) trap(&m->memory);
  u8 *p = range(m, parameters, (u64)count * 16 + (u64)slots * slot);
  const u8 *g = range(m, gradients, (u64)count * 16);
  const Rule rule = rule_of(m, t, step, decays);
  switch (optimizer) {
    case 0: change_all(0, p, g, slot, count, factor, rule); break;
    case 1: change_all(1, p, g, slot, count, factor, rule); break;
    case 2: change_all(2, p, g, slot, count, factor, rule); break;
    case 3: change_all(3, p, g, slot, count, factor, rule); break;
    default: change_all(4, p, g, slot, count, factor, rule);
  }
}

/* ---- combine.ts ---- */

HOT(trainer_combine_arrive)(M *m, u32 to_at, u32 from_at, u32 count, u32 adds, f32 factor) {
  if (!to_at || (i32)count <= 0) return;
  u8 *to = range(m, to_at, (u64)count * 16);
  const u8 *from = range(m, from_at, (u64)count * 16);
  w_v by = w_f32x4_splat(factor);
  q_v few = q_f32x4_splat(factor);
  for (; count >= UNITS; count -= UNITS, to += 4 * WIDE, from += 4 * WIDE) {
    w_v x = w_f32x4_mul(w_load(from), by);
    w_store(to, adds ? w_f32x4_add(w_load(to), x) : x);
  }
  for (; count > 0; count--, to += 16, from += 16) {
    q_v x = q_f32x4_mul(q_load(from), few);
    q_store(to, adds ? q_f32x4_add(q_load(to), x) : x);
  }
}
