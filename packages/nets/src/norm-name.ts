import { ConfigError, nearest, quote, spelled } from "@sonde/core";

/** A normalisation, or none. */
export type NormName = "none" | "batch" | "layer" | "rms";

const names: readonly NormName[] = ["none", "batch", "layer", "rms"];

/** What PyTorch and Keras call them, by letters and digits in lower case. */
const aliases: Readonly<Record<string, string>> = {
  batchnorm: "batch",
  batchnorm1d: "batch",
  batchnorm2d: "batch",
  batchnormalization: "batch",
  batchnormalisation: "batch",
  bn: "batch",
  layernorm: "layer",
  layernormalization: "layer",
  layernormalisation: "layer",
  ln: "layer",
  rmsnorm: "rms",
  rmsnormalization: "rms",
  rmsnormalisation: "rms",
};

/**
 * The normalisation that a text names, in any spelling of PyTorch or Keras.
 *
 * Throws `ConfigError` for an unknown one.
 *
 * @example
 * normName("BatchNorm2d") // "batch"
 */
export function normName(text: string): NormName {
  const name = spelled(text, names, aliases);
  if (name !== undefined) return name as NormName;
  const near = nearest(text.toLowerCase(), names);
  throw new ConfigError(
    `unknown norm ${quote(text)}${near ? `: did you mean "${near}"?` : ":"} choose one of ${names.join(", ")}`,
  );
}
