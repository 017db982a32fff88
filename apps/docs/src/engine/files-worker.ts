import { SondeError } from "@sonde/core";
import { type DroppedFile, type Examined, examineFiles } from "./examine-files.js";

/** To this worker. */
export interface FilesAsk {
  readonly number: number;
  readonly files: readonly DroppedFile[];
}

/** From it. */
export type FilesTold = { readonly number: number } & (
  | { readonly kind: "examined"; readonly examined: Examined }
  | { readonly kind: "failed"; readonly message: string }
);

const scope = globalThis as unknown as {
  postMessage(message: FilesTold): void;
  onmessage: ((event: { readonly data: FilesAsk }) => void) | null;
};

scope.onmessage = ({ data: { number, files } }) => {
  examineFiles(files).then(
    (examined) => scope.postMessage({ kind: "examined", number, examined }),
    (error: unknown) => {
      const message = error instanceof SondeError ? error.message : `it could not be read: ${String(error)}`;
      scope.postMessage({ kind: "failed", number, message });
    },
  );
};
