import type { RecordContext } from "@sonde/checkup/files";
import { ConfigError } from "@sonde/core";
import type { WebOnnxruntime } from "@sonde/onnxruntime/web";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import type { Trade } from "./open-worker.js";

/** The onnxruntime-web that the site serves, put here where it is built. */
declare const __SONDE_ONNXRUNTIME__: { readonly version: string; readonly bytes: number };

/** What runs a model that Sonde does not run itself, given the model and the files beside it. */
export type Foreign = (
  model: Uint8Array,
  beside: Readonly<Record<string, Uint8Array>>,
) => { readonly run: RecordContext["foreign"]; readonly close: () => void };

/** onnxruntime-web in a worker of its own, loaded when a model needs it: what it takes is told beforehand, and while it comes. */
export function foreignFor(say: (text: string, always?: boolean) => void): Foreign {
  return (model, beside) => {
    let opened: WebOnnxruntime | undefined;
    return {
      run: async (operators) => {
        const { version, bytes } = __SONDE_ONNXRUNTIME__;
        const [one, more] = [operators[0].slice(0, 40), operators.length > 1 ? " and others" : ""];
        const loaded = (done: number, always = false) =>
          say(
            `Loading onnxruntime-web ${version}, which runs ${one}${more}: ${megabytes(done)} of ${megabytes(bytes)} MB`,
            always,
          );
        loaded(0, true);
        const { webOnnxruntime } = await import("@sonde/onnxruntime/web").catch((error: unknown) => {
          throw new ConfigError(`what starts onnxruntime-web could not be loaded (${String(error).slice(0, 200)})`);
        });
        const address = new URL(wasm, globalThis.location.href).href;
        opened = await webOnnxruntime({ model, beside }, { createWorker, wasm: address, operators, loaded });
        say("Measuring", true);
        return opened;
      },
      close: () => opened?.close(),
    };
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/** Another worker of the script that this one runs: a bundler that meets its own worker in it goes round in circles. */
function createWorker(): Worker {
  const worker = new Worker(globalThis.location.href, { type: "module" });
  worker.postMessage("onnxruntime" satisfies Trade);
  return worker;
}
