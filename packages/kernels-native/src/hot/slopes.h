/* Tangents and gradients times the slopes of an activation, as `multiplySlopes` of assembly/ensemble/slopes.ts. */

/** Multiplies the `count` vectors at `t` by a function of lanes of those at `p`. */
#define TIMES(function, ...) { \
  for (; count >= UNITS; count -= UNITS, p += 4 * WIDE, t += 4 * WIDE) w_store(t, w_f32x4_mul(w_load(t), w_##function(m, w_load(p), ##__VA_ARGS__))); \
  for (; count > 0; count--, p += 16, t += 16) q_store(t, q_f32x4_mul(q_load(t), q_##function(m, q_load(p), ##__VA_ARGS__))); }

HOT(ensemble_slopes_multiplySlopes)(M *m, u32 values, u32 tangents, u32 count, u32 code, f32 parameter) {
  if ((i32)count <= 0 || code == 0) return;
  const u8 *p = range(m, values, (u64)count * 16);
  u8 *t = range(m, tangents, (u64)count * 16);
  switch (code) {
    case 1:
      for (; count >= UNITS; count -= UNITS, p += 4 * WIDE, t += 4 * WIDE) w_store(t, w_load(t) & w_f32x4_gt(w_load(p), (w_v){0}));
      for (; count > 0; count--, p += 16, t += 16) q_store(t, q_load(t) & q_f32x4_gt(q_load(p), (q_v){0}));
      break;
    case 2: TIMES(step, parameter) break;
    case 3: TIMES(step, -1.0f) break;
    case 4: TIMES(slopeOfTanh) break;
    case 5: TIMES(slopeOfSigmoid) break;
    case 6: TIMES(slopeOfSoftplus) break;
    case 7: TIMES(slopeOfSilu) break;
    case 8: TIMES(slopeOfElu, parameter) break;
    case 9: TIMES(slopeOfSelu) break;
    case 10: TIMES(slopeOfErf) break;
    case 11: TIMES(slopeOfGelu) break;
    default: for (; count > 0; count--, p += 16, t += 16) q_store(t, q_f32x4_mul(q_load(t), ensemble_slopes_cosines(m, q_load(p), parameter)));
  }
}
