import { realpathSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root, links resolved. */
export const root = dirname(dirname(dirname(realpathSync(fileURLToPath(import.meta.url)))));
