// The one worker of the site: its name says which part of the engine it loads.
import digits from "../../../../packages/formats/data/digits.csv.gz?url";
import type { Trade } from "./open-worker.js";

const scope = globalThis as unknown as {
  readonly name: Trade;
  postMessage(message: object): void;
  onmessage: ((event: { readonly data: never }) => void) | null;
};

const post = (message: object) => scope.postMessage(message);
const ready = open(scope.name);
// Messages that come before the part is loaded wait for it, in order.
scope.onmessage = ({ data }) => void ready.then((take) => take(data));

async function open(trade: Trade): Promise<(message: never) => void> {
  if (trade === "training") return (await import("./serve-training.js")).serveTrainingRuns(post);
  if (trade === "files") return (await import("./serve-files.js")).serveFiles(post);
  return (await import("./serve.js")).engineServer(post, fetchDigits);
}

let fetched: Promise<Uint8Array> | undefined;

/** The digits of this site, fetched once. */
function fetchDigits(): Promise<Uint8Array> {
  fetched ??= fetch(digits).then(async (response) => new Uint8Array(await response.arrayBuffer()));
  return fetched;
}
