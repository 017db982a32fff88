/*
 * Calls every entry of the modules with arbitrary arguments on a memory of its own length, so that AddressSanitizer sees whatever is read or written beyond it; and
 * UndefinedBehaviorSanitizer everything that C leaves undefined. A call ends, or leaves because something lies beyond the memory.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include "module.h"

#define MODULE_OF(name, set) extern const Module name##_##set;
#define ADDRESS_OF(name, set) &name##_##set,
EACH_MODULE(MODULE_OF, SET)
static const Module *const modules[] = {EACH_MODULE(ADDRESS_OF, SET)};

static u64 state = 88172645463325252ull;
static u64 next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}

/** Mostly sizes, codes and addresses as they occur, seldom anything at all. */
static f64 argument(u64 size) {
  switch (next() % 16) {
    case 0: return (f64)(u32)next();
    case 1: return -(f64)(next() % 5);
    case 2: return (f64)(size - next() % 64);
    case 3: return (f64)(next() % 100000);
    case 4: return (f64)(i64)next() / 1e9;
    case 5: case 6: case 7: case 8: return (f64)(next() % (size / 16) * 16);
    default: return (f64)(1 + next() % 24);
  }
}

/** Small whole numbers, which records are made of, and numbers of all kinds. */
static void fill(u8 *p, u64 size) {
  for (u64 at = 0; at + 4 <= size; at += 4) {
    u32 word = next() % 8 == 0 ? (u32)next() : next() % 2 ? (u32)(next() % 40) : (u32)(next() % (size / 16) * 16);
    memcpy(p + at, &word, 4);
  }
}

static u32 one_of(const u32 *values, u32 count) { return values[next() % count]; }

/** Writes words one after the other, one in forty of them anything at all. */
static void write_words(u8 *p, const u32 *words, u32 count) {
  for (u32 k = 0; k < count; k++) {
    const u32 word = next() % 40 == 0 ? (u32)next() : words[k];
    memcpy(p + 4 * k, &word, 4);
  }
}

static u32 bits_of(f32 value) {
  u32 word;
  memcpy(&word, &value, 4);
  return word;
}

/** Records of a trainer of dense layers as they occur (assembly/trainer/records.ts), most of whose places lie within the memory: those of wide layers would never come about by chance. */
static void plausible_training(u8 *base, u64 size, f64 *arguments) {
  static const u32 widths[] = {1, 2, 3, 4, 8, 12, 16, 32, 40}, numbers[] = {1, 2, 5, 8, 19, 64}, codes[] = {0, 1, 1, 4, 8};
  const u32 layers = 1 + next() % 3, points = one_of(numbers, 6), trainer = 65536, operations = 4096, table = 2048;
  u32 units[4], y[4], dy[4], first = 0;
#define PLACE ((u32)(next() % 8 ? 66000 + next() % (size / 2) : next() % size) / 16 * 16)
  for (u32 l = 0; l <= layers; l++) units[l] = one_of(widths, 9), y[l] = PLACE, dy[l] = PLACE;
  for (u32 l = 0; l < layers; l++) {
    const u32 count = units[l] * units[l + 1], code = one_of(codes, 5);
    const u32 words[19] = {0, y[l], units[l], y[l + 1], units[l + 1], code > 1 ? PLACE : 0, dy[l + 1], l ? dy[l] : 0, next() % 8 == 0, 0, 0, 0, code, bits_of(1), bits_of(1), 0, first, count, next() % 4 != 0};
    write_words(base + operations + 76 * l, words, 19);
    first += count + units[l + 1];
  }
  const u32 optimizer = next() % 2 ? 4 : next() % 5, at_once = next() % 4 != 0;
  const u32 words[33] = {
    operations, layers, 1 + next() % 2, first, PLACE, optimizer ? optimizer > 3 ? 2 : 1 : 0, PLACE, at_once, at_once ? points : 1 + next() % points, y[0], units[0], y[layers], dy[layers], units[layers], PLACE, PLACE,
    table, next() % 2, points, PLACE, PLACE, units[layers], next() % 4, bits_of(1), PLACE, optimizer, bits_of(.9f), bits_of(.1f), bits_of(.99f), bits_of(.01f), bits_of(1e-8f), bits_of(next() % 2 ? 0 : .01f), next() % 2,
  };
  write_words(base + trainer, words, 33);
  for (u32 k = 0; k < 4; k++) {
    const u32 step[4] = {points, bits_of(.01f), bits_of(1), bits_of(next() % 2 ? 1 : .99f)};
    write_words(base + table + 16 * k, step, 4);
  }
#undef PLACE
  arguments[0] = trainer;
  arguments[1] = next() % 2;
  arguments[2] = 0;
}

static sigjmp_buf late;
static void give_up(int signal) { siglongjmp(late, signal); }

/** Asks for a signal after so many microseconds of processor time; 0: for none. */
static void give_up_after(long microseconds) {
  const struct itimerval once = {{0, 0}, {0, microseconds}};
  setitimer(ITIMER_VIRTUAL, &once, NULL);
}

/** Whether an entry ends of itself. Sizes of billions may take hours, in WebAssembly too: after a fifth of a second of processor time a call is given up. */
static int enter(Memory *memory, const Entry *entry, const f64 *arguments) {
  volatile int ended = 0;
  if (!sigsetjmp(late, 1)) {
    if (!__builtin_setjmp(memory->escape)) {
      give_up_after(200000);
      entry->enter(memory, arguments);
      ended = 1;
    }
    give_up_after(0);
  }
  return ended;
}

int main(int count, char **values) {
  signal(SIGVTALRM, give_up);
  const long calls = count > 1 ? atol(values[1]) : 1000;
  for (size_t k = 0; k < sizeof modules / sizeof *modules; k++) {
    const Module *module = modules[k];
    long returned = 0;
    for (long call = 0; call < calls; call++) {
      /* Module data lies in the first part of the memory; some calls have not even that. */
      const u64 size = call % 16 == 0 ? 4096 : 400000 + next() % 200000;
      Memory *memory = calloc(1, module->size);
      memory->base = malloc(size);
      memory->size = size;
      fill(memory->base, size);
      module->initialise(memory);
      const Entry *entry = &module->entries[next() % module->count];
      f64 arguments[24];
      for (int a = 0; a < 24; a++) arguments[a] = argument(size);
      if (!strcmp(module->name, "trainer") && size > 4096 && next() % 2) plausible_training(memory->base, size, arguments);
      returned += enter(memory, entry, arguments);
      free(memory->base);
      free(memory);
    }
    printf("%s %ld of %ld calls%s", module->name, returned, calls, k + 1 < sizeof modules / sizeof *modules ? ", " : "\n");
  }
  return 0;
}
