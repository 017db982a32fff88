/*
 * Calls every entry of the modules with arbitrary arguments on a memory of its own length, so that AddressSanitizer sees whatever is read or written beyond it; and
 * UndefinedBehaviorSanitizer everything that C leaves undefined. A call ends, or leaves because something lies beyond the memory.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
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

static sigjmp_buf late;
static void give_up(int signal) { siglongjmp(late, signal); }

/** Whether an entry ends of itself. Sizes of billions may take hours, in WebAssembly too: after a second a call is given up. */
static int enter(Memory *memory, const Entry *entry, const f64 *arguments) {
  if (sigsetjmp(late, 1)) return 0;
  if (__builtin_setjmp(memory->escape)) return 0;
  alarm(1);
  entry->enter(memory, arguments);
  return 1;
}

int main(int count, char **values) {
  signal(SIGALRM, give_up);
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
      returned += enter(memory, entry, arguments);
      alarm(0);
      free(memory->base);
      free(memory);
    }
    printf("%s: %ld calls, %ld returned, the others left the memory or took too long\n", module->name, calls, returned);
  }
  return 0;
}
