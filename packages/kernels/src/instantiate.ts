/** The part of the WebAssembly and web globals used here; neither Node's nor TypeScript's basic types declare them. */
interface Globals {
  readonly atob: (base64: string) => string;
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array) => object;
    readonly validate: (bytes: Uint8Array) => boolean;
    readonly Instance: new (module: object) => { readonly exports: unknown };
  };
}

/** Linear memory of a module. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  readonly grow: (pages: number) => number;
}

/** Compiles a base64 module at once: the modules are small, and a synchronous call needs no `await` in every caller. */
export function compile(base64: string): object {
  const { WebAssembly } = globalThis as unknown as Globals;
  return new WebAssembly.Module(decode(base64));
}

/** Whether the host knows every instruction of a base64 module. */
export function isSupported(base64: string): boolean {
  const { WebAssembly } = globalThis as unknown as Globals;
  return WebAssembly.validate(decode(base64));
}

function decode(base64: string): Uint8Array {
  const { atob } = globalThis as unknown as Globals;
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** The exports of a new instance of a module that imports nothing. */
export function instantiate<Exports>(module: object): Exports {
  const { WebAssembly } = globalThis as unknown as Globals;
  return new WebAssembly.Instance(module).exports as Exports;
}
