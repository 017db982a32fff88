import { SondeError } from "@sonde/core";
import { type DroppedFile, examineFiles, type Told } from "./examine-files.js";
import { foreignFor } from "./foreign.js";

/** To this worker, once: it ends with its task. */
export interface FilesAsk {
  readonly files: readonly DroppedFile[];
  readonly activation?: string;
}

/** From it; `finished` comes last. */
export type FilesTold =
  | Told
  | { readonly kind: "progress"; readonly text: string }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "finished" };

/** Milliseconds between two words on how far it is. */
const pause = 100;

/** Reads and checks the files that it is given. */
export function serveFiles(post: (message: FilesTold) => void): (message: FilesAsk) => void {
  return ({ files, activation }) => {
    let last = 0;
    const say = (text: string, always = false) => {
      const now = performance.now();
      if (!always && now - last < pause) return;
      last = now;
      post({ kind: "progress", text });
    };
    const progress = (done: number, most: number, noun = "steps") => say(`Measuring: ${done} of ${most} ${noun}`);
    const examine = async () => {
      for await (const told of examineFiles(files, { activation, progress, foreign: foreignFor(say) })) post(told);
    };
    examine()
      .catch((error: unknown) => {
        const message = error instanceof SondeError ? error.message : `it could not be read: ${String(error)}`;
        post({ kind: "failed", message });
      })
      .finally(() => post({ kind: "finished" }));
  };
}
