/** The part of the WebAssembly and web globals used here; neither Node's nor TypeScript's basic types declare them. */
interface Globals {
  readonly atob: (base64: string) => string;
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array) => object;
    readonly Instance: new (module: object) => { readonly exports: unknown };
  };
}

/** Linear memory of a module. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  readonly grow: (pages: number) => number;
}

/** Compiles and instantiates a base64 module at once: the modules are small, and a synchronous call needs no `await` in every caller. */
export function instantiate<Exports>(base64: string): Exports {
  const { atob, WebAssembly } = globalThis as unknown as Globals;
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as Exports;
}
