/* Activations of many values, as `activate` of assembly/ensemble/activation.ts. */

/** Applies a function of lanes, with further arguments, to `count` vectors at `p`. */
#define EACH(function, ...) { \
  for (; count >= UNITS; count -= UNITS, p += 4 * WIDE) w_store(p, w_##function(m, w_load(p), ##__VA_ARGS__)); \
  for (; count > 0; count--, p += 16) q_store(p, q_##function(m, q_load(p), ##__VA_ARGS__)); }

T w_v w_relu(M *m, w_v z) { (void)m; return w_f32x4_pmax(z, (w_v){0}); }
T q_v q_relu(M *m, q_v z) { (void)m; return q_f32x4_pmax(z, (q_v){0}); }
T w_v w_leaky_relu(M *m, w_v z, f32 slope) { (void)m; return w_v128_bitselect(w_f32x4_mul(z, w_f32x4_splat(slope)), z, w_f32x4_lt(z, (w_v){0})); }
T q_v q_leaky_relu(M *m, q_v z, f32 slope) { (void)m; return q_v128_bitselect(q_f32x4_mul(z, q_f32x4_splat(slope)), z, q_f32x4_lt(z, (q_v){0})); }
T w_v w_magnitude(M *m, w_v z) { (void)m; return w_f32x4_abs(z); }
T q_v q_magnitude(M *m, q_v z) { (void)m; return q_f32x4_abs(z); }
T w_v w_silu(M *m, w_v z) { return w_f32x4_mul(z, w_ensemble_activation_sigmoid(m, z)); }
T q_v q_silu(M *m, q_v z) { return q_f32x4_mul(z, q_ensemble_activation_sigmoid(m, z)); }

/** Slopes of ramps: 1 above 0, `left` elsewhere. */
T w_v w_step(M *m, w_v z, f32 left) { (void)m; return w_v128_bitselect(w_f32x4_splat(1.0f), w_f32x4_splat(left), w_f32x4_gt(z, (w_v){0})); }
T q_v q_step(M *m, q_v z, f32 left) { (void)m; return q_v128_bitselect(q_f32x4_splat(1.0f), q_f32x4_splat(left), q_f32x4_gt(z, (q_v){0})); }

HOT(ensemble_activation_activate)(M *m, u32 values, u32 count, u32 code, f32 parameter) {
  if ((i32)count <= 0) return;
  u8 *p = range(m, values, (u64)count * 16);
  switch (code) {
    case 1: EACH(relu) break;
    case 2: EACH(leaky_relu, parameter) break;
    case 3: EACH(magnitude) break;
    case 4: EACH(ensemble_activation_tanh) break;
    case 5: EACH(ensemble_activation_sigmoid) break;
    case 6: EACH(ensemble_activation_softplus) break;
    case 7: EACH(silu) break;
    case 8: EACH(ensemble_activation_elu, 1.0f, parameter) break;
    case 9: EACH(ensemble_activation_elu, 1.0507009873554805f, 1.7580993408473766f) break;
    case 10: EACH(ensemble_activation_erf) break;
    case 11: EACH(ensemble_activation_gelu) break;
    case 12: for (; count > 0; count--, p += 16) q_store(p, ensemble_activation_sines(m, q_load(p), parameter)); break;
  }
}
