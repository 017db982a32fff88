import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ConfigError, quote } from "@sonde/core";

/** An onnxruntime-node that is installed. */
export interface InstalledRuntime {
  readonly folder: string;
  readonly version: string;
}

/** Environment variable that names another folder of it. */
const folderVariable = "SONDE_ONNXRUNTIME";

/**
 * The onnxruntime-node that is installed beside this package, or lies in the folder that SONDE_ONNXRUNTIME names; undefined where there is none. Nothing of it is run, and the current folder is not looked into.
 *
 * Throws `ConfigError` where the variable names a folder that has none.
 */
export function installedRuntime(): InstalledRuntime | undefined {
  const named = process.env[folderVariable];
  if (named) {
    const found = runtimeIn(named);
    if (!found) throw new ConfigError(`${folderVariable} names ${quote(named)}, which is no folder of onnxruntime-node`);
    return found;
  }
  try {
    return runtimeIn(dirname(createRequire(import.meta.url).resolve("onnxruntime-node/package.json")));
  } catch {
    return undefined;
  }
}

function runtimeIn(folder: string): InstalledRuntime | undefined {
  try {
    const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, unknown>;
    return name === "onnxruntime-node" ? { folder: realpathSync(folder), version: String(version) } : undefined;
  } catch {
    return undefined;
  }
}
