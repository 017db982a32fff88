/** Bytes of a page of WebAssembly. */
const page = 2 ** 16;

/** What it has where it begins. */
const least = 2 ** 24;

/** Lets the WebAssembly that is instantiated from now on take no more than so many bytes. onnxruntime-web makes its memory itself, of up to 4 GiB, and has no option for less; where there is no more, its allocations fail as they do on a machine without memory. */
export function boundMemory(bytes: number): void {
  const { Memory } = WebAssembly;
  const most = Math.floor(Math.max(least, bytes) / page);
  WebAssembly.Memory = class extends Memory {
    constructor({ maximum = most, ...descriptor }: WebAssembly.MemoryDescriptor) {
      super({ ...descriptor, maximum: Math.min(maximum, most) });
    }
  };
}
