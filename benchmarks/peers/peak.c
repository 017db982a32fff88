/* The most that one core reaches in float32, in GFLOP/s: sums of products in registers, rounded once where it is compiled with -ffp-contract=fast, or twice (as Sonde's) with off. */
#include <stdio.h>
#include <time.h>

#define SUMS 12
#define STEPS 20000000
#ifdef __AVX512F__
typedef float vector __attribute__((vector_size(64)));
#else
typedef float vector __attribute__((vector_size(32)));
#endif

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

int main(void) {
  vector x = {0}, y = {0}, sums[SUMS] = {0};
  x += 1e-3f;
  y += 1.0f;
  double most = 0;
  for (int round = 0; round < 3; round++) {
    const double start = seconds();
    for (int step = 0; step < STEPS; step++) {
      _Pragma("GCC unroll 12") for (int k = 0; k < SUMS; k++) {
        __asm__ volatile("" : "+v"(x), "+v"(y)); /* or one product would do for all sums */
        sums[k] += x * y;
      }
    }
    const double reached = 2e-9 * SUMS * STEPS * (sizeof(vector) / sizeof(float)) / (seconds() - start);
    if (reached > most) most = reached;
  }
  for (int k = 1; k < SUMS; k++) sums[0] += sums[k];
  fprintf(stderr, "%g\n", sums[0][0]);
  printf("%.0f\n", most);
  return 0;
}
