import type { Runtime } from "../open-model.js";
import { firstLine, messageOf } from "../words.js";
import { boundMemory } from "./bounded-memory.js";
import type { Starting } from "./question.js";

/** As much of onnxruntime-web as is used: what `import("onnxruntime-web/wasm")` gives. */
export interface WebRuntime extends Runtime {
  readonly env: {
    readonly versions: { readonly web?: string };
    readonly wasm: { wasmBinary?: ArrayBufferLike | Uint8Array; numThreads?: number; proxy?: boolean };
    logLevel?: "verbose" | "info" | "warning" | "error" | "fatal";
  };
}

/** A model of one operator, which puts out what goes in: x to y, one number, IR 8, opset 17. */
const smallest = "CAg6NwoQCgF4EgF5IghJZGVudGl0eRIBZ1oPCgF4EgoKCAgBEgQKAggBYg8KAXkSCgoICAESBAoCCAFCBAoAEBE=";

/**
 * Loads onnxruntime-web and starts it, on one thread, so that no page needs to be isolated for it. `loaded` is told how many bytes of its WebAssembly are there.
 *
 * Throws an error that says why where it does not start.
 */
export async function loadRuntime(
  load: () => Promise<unknown>,
  { wasm, memory }: Pick<Starting, "wasm" | "memory">,
  loaded: (bytes: number) => void,
): Promise<WebRuntime> {
  const binary = await fetched(wasm, loaded);
  boundMemory(memory);
  const runtime = (await load()) as WebRuntime;
  const { env } = runtime;
  env.logLevel = "fatal";
  env.wasm.numThreads = 1;
  env.wasm.proxy = false;
  env.wasm.wasmBinary = binary;
  // It is compiled where the first model is loaded.
  const model = Uint8Array.from(atob(smallest), (letter) => letter.charCodeAt(0));
  const first = await runtime.InferenceSession.create(model, { executionProviders: ["cpu"], logSeverityLevel: 4 }).catch(
    (error: unknown) => {
      const message = messageOf(error);
      throw new Error(`it does not start (${firstLine(/Aborted\((.*?)\)\. /.exec(message)?.[1] ?? message)})`);
    },
  );
  await first.release?.();
  return runtime;
}

async function fetched(address: string, loaded: (bytes: number) => void): Promise<Uint8Array> {
  const response = await fetch(address).catch((error: unknown) => {
    throw new Error(`nothing came from ${shown(address)} (${firstLine(messageOf(error))})`);
  });
  if (!response.ok || !response.body) throw new Error(`${shown(address)} is not there (HTTP ${response.status})`);
  const parts: Uint8Array[] = [];
  let length = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { value, done } = await reader.read();
    if (done) break;
    parts.push(value);
    length += value.length;
    loaded(length);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  // Some servers send a page in place of what is missing.
  if (String(bytes.subarray(0, 4)) !== "0,97,115,109") throw new Error(`what comes from ${shown(address)} is no WebAssembly`);
  return bytes;
}

/** An address without the part that says little. */
function shown(address: string): string {
  return address.startsWith("data:") ? "the address" : (address.split(/[?#]/)[0].split("/").pop() ?? address).slice(0, 80);
}
