import { stamp } from "./generated/stamp.js";
import type { WasmMemory } from "./instantiate.js";

/** What runs the kernels, and on which vectors. */
export interface KernelHost {
  readonly kind: "wasm" | "native";
  /** Native: `avx512`, `avx2` or `base` (those that every processor of the kind has); WebAssembly: `128 bits`. */
  readonly vectors: string;
  /** Why a native library that is there is not used. */
  readonly note?: string;
}

/** `SONDE_KERNELS` asks for what cannot be had. */
export class KernelHostError extends Error {
  override readonly name = "KernelHostError";
}

/** Functions of a module on a memory, and `attach` for when the memory has grown. */
type NativeFunctions = Record<string, (...values: never[]) => unknown> & {
  attach(buffer: ArrayBuffer): void;
  heapBase(): number;
};

/** What packages/kernels-native/src/addon.c exports. */
interface NativeLibrary {
  readonly stamp: string;
  bind(module: string, buffer: ArrayBuffer, vectors: string): NativeFunctions | undefined;
  vectors(wanted: string): string | undefined;
}

interface Found {
  readonly host: KernelHost;
  readonly library?: NativeLibrary;
}

/** The part of Node used here; in a browser there is none of it. */
interface Host {
  readonly process?: {
    readonly env?: Readonly<Record<string, string | undefined>>;
    readonly platform: string;
    readonly arch: string;
    readonly getBuiltinModule?: (name: string) => unknown;
  };
}

interface Require {
  (path: string): unknown;
  readonly resolve: (path: string) => string;
}

const wasmHost: KernelHost = { kind: "wasm", vectors: "128 bits" };

let found: Found | undefined;

/**
 * What runs the kernels here: native code where a library of it is installed or was built, else WebAssembly, with the same results to the last bit. The environment variable
 * `SONDE_KERNELS` may be `wasm` or `native` to force one, and `SONDE_VECTORS` `avx512`, `avx2` or `base` to choose native vectors. Throws `KernelHostError` if
 * what they ask for cannot be had.
 *
 * @example
 * ["wasm", "native"].includes(kernelHost().kind) // true
 */
export function kernelHost(): KernelHost {
  found ??= find();
  return found.host;
}

/** An instance's exports with those functions replaced that native code has; as they are where there is none. */
export function withNative<Exports extends { readonly memory: WasmMemory; heapBase(): number }>(
  name: string,
  exports: Exports,
): Exports {
  found ??= find();
  const functions = found.library?.bind(name, exports.memory.buffer, found.host.vectors);
  // A module that was laid out otherwise than the library's would be read at the wrong addresses.
  if (!functions || functions.heapBase() !== exports.heapBase()) return exports;
  const { memory } = exports;
  return {
    ...exports,
    ...functions,
    memory: {
      get buffer() {
        return memory.buffer;
      },
      grow(pages: number) {
        const before = memory.grow(pages);
        functions.attach(memory.buffer);
        return before;
      },
    },
  };
}

function find(): Found {
  const { process } = globalThis as Host;
  const env = process?.env ?? {};
  const wanted = env.SONDE_KERNELS ?? "";
  const vectors = env.SONDE_VECTORS ?? "";
  if (!["", "wasm", "native"].includes(wanted))
    throw new KernelHostError(`SONDE_KERNELS is wasm or native, got ${JSON.stringify(wanted)}`);
  if (wanted === "wasm" || !process?.getBuiltinModule) return { host: wasmHost };
  const result = load(process, vectors, wanted === "native");
  if (result && typeof result === "object") return result;
  if (wanted === "native")
    throw new KernelHostError(
      `SONDE_KERNELS asks for native kernels, but ${result ?? `there are none for ${process.platform} ${process.arch} here`}; build them with a C compiler on the path, or leave SONDE_KERNELS out`,
    );
  return { host: result ? { ...wasmHost, note: result } : wasmHost };
}

/** The library, or why the one that is there is not used, or nothing if none is there. */
function load(process: NonNullable<Host["process"]>, wanted: string, forced: boolean): Found | string | undefined {
  const builtin = process.getBuiltinModule as (name: string) => unknown;
  const { createRequire } = builtin("node:module") as { createRequire: (url: string) => Require };
  const { statSync } = builtin("node:fs") as { statSync: (path: string) => { readonly size: number } };
  const require = createRequire(import.meta.url);
  const path = locate(require, [
    `@sonde/kernels-${process.platform}-${process.arch}/kernels.node`,
    "../../kernels-native/build/kernels.node",
  ]);
  if (!path) return undefined;
  try {
    // Asked before anything of it is run: half a file, or one made from other sources, is not loaded at all.
    const note = require(path.replace(/\.node$/, ".json")) as { readonly bytes: number; readonly stamp: string };
    if (note.stamp !== stamp) return `the native kernels ${path} belong to another version`;
    if (note.bytes !== statSync(path).size) return `the native kernels ${path} are damaged`;
    const library = require(path) as NativeLibrary;
    const vectors = library.vectors(wanted);
    if (library.stamp !== stamp) return `the native kernels ${path} belong to another version`;
    if (!vectors)
      return wanted
        ? `the native kernels or this processor have no vectors ${JSON.stringify(wanted)}`
        : `the native kernels ${path} have no vectors of this processor`;
    // Vectors of 128 bits without those of AVX are no faster than the engine's own.
    if (vectors === "base" && !wanted && !forced) return undefined;
    return { host: { kind: "native", vectors }, library };
  } catch (error) {
    return `the native kernels ${path} cannot be loaded (${String((error as Error).message).split("\n")[0]})`;
  }
}

function locate(require: Require, places: readonly string[]): string | undefined {
  for (const place of places)
    try {
      return require.resolve(place);
    } catch {}
  return undefined;
}
