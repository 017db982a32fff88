import { ConfigError } from "@sonde/core";
import { notRunItself } from "../words.js";
import { type InstalledRuntime, installedRuntime } from "./installed.js";

/** The onnxruntime-node that is installed. Throws `ConfigError` where there is none, with the operators that need it and what to type. */
export function neededRuntime(operators: readonly string[]): InstalledRuntime {
  const found = installedRuntime();
  if (found) return found;
  throw new ConfigError(
    `${notRunItself(operators)}, and onnxruntime-node, which does, is not installed: npm install onnxruntime-node beside sonde`,
  );
}
