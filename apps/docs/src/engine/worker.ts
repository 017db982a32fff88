// The one worker of the site: its first message says which part of the engine it loads.
import type { Trade } from "./open-worker.js";

const scope = globalThis as unknown as {
  postMessage(message: object, handedOver?: readonly ArrayBuffer[]): void;
  onmessage: ((event: { readonly data: Trade | object }) => void) | null;
};

const post = (message: object, handedOver?: readonly ArrayBuffer[]) => scope.postMessage(message, handedOver);
let ready: Promise<(message: never) => void> | undefined;

/** The first message is the trade; those that come before its part is loaded wait for it, in order. */
scope.onmessage = ({ data }) => {
  if (typeof data === "string") ready ??= opened(data);
  else void ready?.then((take) => take(data as never));
};

/** A part that cannot be loaded is an error of the worker, of which its owner is told. */
function opened(trade: Trade): ReturnType<typeof open> {
  const part = open(trade);
  part.catch((error: unknown) =>
    setTimeout(() => {
      throw error;
    }),
  );
  return part;
}

async function open(trade: Trade): Promise<(message: never) => void> {
  if (trade === "training") return (await import("./serve-training.js")).serveTrainingRuns(post);
  if (trade === "files") return (await import("./serve-files.js")).serveFiles(post);
  if (trade === "onnxruntime")
    return (await import("@sonde/onnxruntime/web")).onnxruntimeServer(post, () => import("onnxruntime-web/wasm"));
  return (await import("./serve.js")).engineServer(post, fetchDigits);
}

let fetched: Promise<Uint8Array> | undefined;

/** The data set beside the sources of the package that reads it. */
const digits = new URL("../../../../packages/formats/data/digits.csv.gz", import.meta.url);

/** The digits of this site, fetched once. */
function fetchDigits(): Promise<Uint8Array> {
  fetched ??= fetch(digits).then(async (response) => new Uint8Array(await response.arrayBuffer()));
  return fetched;
}
