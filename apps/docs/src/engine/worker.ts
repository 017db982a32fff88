import digits from "../../../../packages/formats/data/digits.csv.gz?url";
import type { Ask, FromWorker, Stop } from "./protocol.js";
import { engineServer } from "./serve.js";

const scope = globalThis as unknown as {
  postMessage(message: FromWorker): void;
  onmessage: ((event: { readonly data: Ask | Stop }) => void) | null;
};

let fetched: Promise<Uint8Array> | undefined;

/** The digits of this site, fetched once. */
function fetchDigits(): Promise<Uint8Array> {
  fetched ??= fetch(digits).then(async (response) => new Uint8Array(await response.arrayBuffer()));
  return fetched;
}

const serve = engineServer((message) => scope.postMessage(message), fetchDigits);
scope.onmessage = ({ data }) => serve(data);
