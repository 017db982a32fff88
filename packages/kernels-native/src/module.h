/* What a translated module looks like from outside: tables of entries that take and give numbers of JavaScript. */
#ifndef MODULE_H
#define MODULE_H
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef int32_t i32;
typedef uint32_t u32;
typedef int64_t i64;
typedef uint64_t u64;
typedef float f32;
typedef double f64;

/** An instance's memory, which belongs to the WebAssembly engine; what a module keeps beside it follows behind. */
typedef struct {
  u8 *base;
  u64 size;
  /** Where an access beyond the memory ends. */
  void *escape[5];
} Memory;

typedef struct {
  const char *name;
  f64 (*enter)(void *instance, const f64 *arguments);
  u32 arity;
  /** Whether it gives a number. */
  u32 gives;
} Entry;

typedef struct {
  const char *name;
  /** Bytes of an instance. */
  size_t size;
  void (*initialise)(void *instance);
  const Entry *entries;
  u32 count;
} Module;

#endif
