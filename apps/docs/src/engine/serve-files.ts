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

/** Reads the files that it is given. */
export function serveFiles(post: (message: FilesTold) => void): (message: FilesAsk) => void {
  return ({ number, files }) => {
    examineFiles(files).then(
      (examined) => post({ kind: "examined", number, examined }),
      (error: unknown) => {
        const message = error instanceof SondeError ? error.message : `it could not be read: ${String(error)}`;
        post({ kind: "failed", number, message });
      },
    );
  };
}
