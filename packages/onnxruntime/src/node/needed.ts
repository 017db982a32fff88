import { ConfigError } from "@sonde/core";
import { type InstalledRuntime, installedRuntime } from "./installed.js";

/** The onnxruntime-node that is installed. Throws `ConfigError` where there is none, with the operators that need it and what to type. */
export function neededRuntime(operators: readonly string[]): InstalledRuntime {
  const found = installedRuntime();
  if (found) return found;
  const shown = operators.slice(0, 4).map((name) => name.slice(0, 60));
  const more = operators.length > 4 ? `and ${operators.length - 4} more` : shown.length > 1 ? `and ${shown.pop()}` : "";
  throw new ConfigError(
    `sonde does not run ${shown.join(", ")}${more && ` ${more}`} itself, and onnxruntime-node, which does, is not installed: npm install onnxruntime-node beside sonde`,
  );
}
