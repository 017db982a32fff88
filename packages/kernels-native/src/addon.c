/* The Node-API side: binds the functions of a module to the memory of a WebAssembly instance. No state is kept outside of instances, so that every thread may load it. */
#include <node_api.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/mman.h>
#endif
#include "module.h"

#define MOST_ARGUMENTS 24

/** The modules for one kind of vectors. */
typedef struct {
  const char *name;
  const Module *modules[MODULE_COUNT];
} Set;

#define MODULE_OF(name, set) extern const Module name##_##set;
#define ADDRESS_OF(name, set) &name##_##set,
#define DECLARE(set) EACH_MODULE(MODULE_OF, set)
#define DEFINE(set) {#set, {EACH_MODULE(ADDRESS_OF, set)}},
EACH_SET(DECLARE)
/** From the widest to the narrowest. */
static const Set sets[] = {EACH_SET(DEFINE)};

static int supported(const char *set) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (!strcmp(set, "avx512"))
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
  if (!strcmp(set, "avx2")) return !!__builtin_cpu_supports("avx2");
#endif
  return !strcmp(set, "base");
}

typedef struct {
  Memory *memory;
  const Module *module;
  /** Keeps the memory while a function may be called. */
  napi_ref buffer;
  u32 functions;
} Instance;

typedef struct {
  Instance *instance;
  const Entry *entry;
} Bound;

static f64 number(napi_env env, napi_value value) {
  f64 result = 0;
  bool flag = false;
  if (napi_get_value_double(env, value, &result) == napi_ok) return result;
  if (napi_get_value_bool(env, value, &flag) == napi_ok) return flag;
  return 0;
}

static napi_value call(napi_env env, napi_callback_info info) {
  Bound *bound;
  napi_value values[MOST_ARGUMENTS], result = NULL;
  f64 numbers[MOST_ARGUMENTS] = {0};
  size_t count = MOST_ARGUMENTS;
  if (napi_get_cb_info(env, info, &count, values, NULL, (void **)&bound) != napi_ok) return NULL;
  const Entry *entry = bound->entry;
  for (size_t k = 0; k < entry->arity && k < count; k++) numbers[k] = number(env, values[k]);
  Memory *memory = bound->instance->memory;
  if (__builtin_setjmp(memory->escape)) {
    napi_throw_range_error(env, NULL, "memory access out of bounds");
    return NULL;
  }
  f64 value = entry->enter(memory, numbers);
  if (entry->gives) napi_create_double(env, value, &result);
  return result;
}

/** Asks for large pages, which the system may give or not: networks that are trained together are a megabyte, more than addresses of small pages are remembered for. */
static void use_large_pages(void *data, size_t length) {
#ifdef MADV_HUGEPAGE
  madvise(data, length, MADV_HUGEPAGE);
#else
  (void)data, (void)length;
#endif
}

/** Takes the address and the length of a buffer for those of the memory. */
static int attach(napi_env env, Instance *instance, napi_value buffer) {
  void *data;
  size_t length;
  napi_ref kept;
  if (napi_get_arraybuffer_info(env, buffer, &data, &length) != napi_ok || napi_create_reference(env, buffer, 1, &kept) != napi_ok) return 0;
  if (instance->buffer) napi_delete_reference(env, instance->buffer);
  instance->buffer = kept;
  instance->memory->base = data;
  instance->memory->size = length;
  use_large_pages(data, length);
  return 1;
}

static napi_value attach_call(napi_env env, napi_callback_info info) {
  Bound *bound;
  napi_value buffer;
  size_t count = 1;
  if (napi_get_cb_info(env, info, &count, &buffer, NULL, (void **)&bound) != napi_ok || count < 1 || !attach(env, bound->instance, buffer))
    napi_throw_type_error(env, NULL, "attach takes the ArrayBuffer of a memory");
  return NULL;
}

static void forget(napi_env env, void *data, void *hint) {
  (void)hint;
  Bound *bound = data;
  Instance *instance = bound->instance;
  free(bound);
  if (--instance->functions > 0) return;
  if (instance->buffer) napi_delete_reference(env, instance->buffer);
  free(instance->memory);
  free(instance);
}

static int add(napi_env env, napi_value object, Instance *instance, const char *name, const Entry *entry) {
  napi_value function;
  Bound *bound = malloc(sizeof *bound);
  if (!bound) return 0;
  *bound = (Bound){instance, entry};
  if (napi_create_function(env, name, NAPI_AUTO_LENGTH, entry ? call : attach_call, bound, &function) != napi_ok ||
      napi_add_finalizer(env, function, bound, forget, NULL, NULL) != napi_ok) {
    free(bound);
    return 0;
  }
  instance->functions++;
  return napi_set_named_property(env, object, name, function) == napi_ok;
}

static const Set *find_set(const char *name) {
  for (size_t k = 0; k < sizeof sets / sizeof *sets; k++)
    if (supported(sets[k].name) && (!*name || !strcmp(name, sets[k].name))) return &sets[k];
  return NULL;
}

/** A string argument, "" where there is none. */
static void text(napi_env env, napi_value value, char *out, size_t room) {
  size_t length;
  if (napi_get_value_string_utf8(env, value, out, room, &length) != napi_ok) *out = 0;
}

/** bind(module, buffer, vectors): the module's functions on a memory, and `attach` for when it has grown; undefined if there is no such module or are no such vectors. */
static napi_value bind(napi_env env, napi_callback_info info) {
  napi_value values[3], object;
  size_t count = 3;
  char name[32], vectors[32];
  if (napi_get_cb_info(env, info, &count, values, NULL, NULL) != napi_ok) return NULL;
  text(env, values[0], name, sizeof name);
  text(env, values[2], vectors, sizeof vectors);
  const Set *set = find_set(vectors);
  const Module *module = NULL;
  for (size_t k = 0; set && k < MODULE_COUNT; k++)
    if (!strcmp(set->modules[k]->name, name)) module = set->modules[k];
  Instance *instance = module ? calloc(1, sizeof *instance) : NULL;
  /* Vectors of 128 bits among the globals want their alignment, which malloc has. */
  Memory *memory = instance ? calloc(1, module->size) : NULL;
  if (!memory) {
    free(instance);
    return NULL;
  }
  *instance = (Instance){memory, module, NULL, 0};
  module->initialise(memory);
  if (!attach(env, instance, values[1]) || napi_create_object(env, &object) != napi_ok || !add(env, object, instance, "attach", NULL)) {
    if (!instance->functions) {
      if (instance->buffer) napi_delete_reference(env, instance->buffer);
      free(memory);
      free(instance);
    }
    return NULL;
  }
  for (u32 k = 0; k < module->count; k++)
    if (!add(env, object, instance, module->entries[k].name, &module->entries[k])) return NULL;
  return object;
}

/** vectors(wanted): the name of those that will be used, undefined if the processor or this library has none of the name. */
static napi_value vectors(napi_env env, napi_callback_info info) {
  napi_value value, result;
  size_t count = 1;
  char name[32];
  if (napi_get_cb_info(env, info, &count, &value, NULL, NULL) != napi_ok) return NULL;
  text(env, value, name, sizeof name);
  const Set *set = find_set(name);
  if (!set || napi_create_string_utf8(env, set->name, NAPI_AUTO_LENGTH, &result) != napi_ok) return NULL;
  return result;
}

NAPI_MODULE_INIT() {
  const napi_property_descriptor properties[] = {
      {"bind", NULL, bind, NULL, NULL, NULL, napi_enumerable, NULL},
      {"vectors", NULL, vectors, NULL, NULL, NULL, napi_enumerable, NULL},
  };
  napi_value stamp;
  napi_define_properties(env, exports, sizeof properties / sizeof *properties, properties);
  napi_create_string_utf8(env, STAMP, NAPI_AUTO_LENGTH, &stamp);
  napi_set_named_property(env, exports, "stamp", stamp);
  return exports;
}
