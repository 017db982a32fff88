/* Losses, as assembly/trainer/loss.ts: as many points at a time as a wide vector has fours of lanes. */

/* dy of one point (P = q_) or UNITS points (P = w_) whose classes are `chosen`, read and written by LOAD and STORE; every sum in the order of the outputs. */
#define CROSS_ENTROPY(v, P, LOAD, STORE) \
T void P##cross_entropy(M *m, const u8 *y, u8 *dy, size_t row, v chosen, f32 share, v *largest, v *total, v *own) { \
  const v one = P##f32x4_splat(1.0f); \
  v most = LOAD(y), sum = {0}, others = {0}, right = {0}, index = {0}; \
  for (size_t j = 16; j < row; j += 16) most = P##f32x4_max(most, LOAD(y + j)); \
  for (size_t j = 0; j < row; j += 16, index = P##f32x4_add(index, one)) { \
    v value = LOAD(y + j), e = P##exp(m, P##f32x4_sub(value, most)), hit = P##f32x4_eq(index, chosen), rest = e & ~hit; \
    STORE(dy + j, rest); \
    sum = P##f32x4_add(sum, e); \
    others = P##f32x4_add(others, rest); \
    right = P##v128_bitselect(value, right, hit); \
  } \
  const v factor = P##f32x4_div(P##f32x4_splat(share), sum), less = P##f32x4_neg(others); \
  index = (v){0}; \
  for (size_t j = 0; j < row; j += 16, index = P##f32x4_add(index, one)) \
    STORE(dy + j, P##f32x4_mul(P##v128_bitselect(less, LOAD(dy + j), P##f32x4_eq(index, chosen)), factor)); \
  *largest = most; \
  *total = sum; \
  *own = right; \
}
#define LOAD_POINTS(p) w_load_quarters(p, row)
#define STORE_POINTS(p, x) w_store_quarters(p, row, x)
CROSS_ENTROPY(q_v, q_, q_load, q_store)
CROSS_ENTROPY(w_v, w_, LOAD_POINTS, STORE_POINTS)
#undef CROSS_ENTROPY
#undef LOAD_POINTS
#undef STORE_POINTS

HOT(trainer_loss_crossEntropy)(M *m, u32 t, u32 targets, u32 points, f32 share, u32 sums) {
  const u32 shared = trainer_records_Trainer_get_shared(m, t), outputs = trainer_records_Trainer_get_outputs(m, t);
  if ((i32)points <= 0) return;
  if ((i32)outputs <= 0) trap(&m->memory);
  const size_t row = (size_t)outputs * 16, target = shared ? 4 : 16;
  const u8 *y = range(m, trainer_records_Trainer_get_y(m, t), points * (u64)row), *chosen = range(m, targets, (u64)points * target);
  u8 *dy = range(m, trainer_records_Trainer_get_dy(m, t), points * (u64)row);
  if (sums) range(m, sums, 32);
  w_v largest, total, own;
  q_v one_largest, one_total, one_own;
  while (points > 0) {
    const u32 some = points < UNITS ? 1 : UNITS;
    if (some == UNITS) w_cross_entropy(m, y, dy, row, shared ? w_each_four_times(chosen) : w_load(chosen), share, &largest, &total, &own);
    else q_cross_entropy(m, y, dy, row, shared ? q_i32x4_splat(i32_load(chosen)) : q_load(chosen), share, &one_largest, &one_total, &one_own);
    for (u32 k = 0; sums && k < some; k++)
      for (u32 lane = 0; lane < 4; lane++) {
        const u32 i = 4 * k + lane;
        const f32 all = some == UNITS ? ((w_vf)total)[i] : ((q_vf)one_total)[i];
        const f32 rest = some == UNITS ? ((w_vf)largest)[i] - ((w_vf)own)[i] : ((q_vf)one_largest)[i] - ((q_vf)one_own)[i];
        trainer_loss_addLog(m, sums + 8 * lane, all, rest);
      }
    points -= some;
    y += some * row;
    dy += some * row;
    chosen += some * target;
  }
}
