import { initialiserName } from "@sonde/init";
import { isArchitectureFile } from "./model.js";
import { mostNetworks, type SharedOptions } from "./options.js";

/**
 * The options that decide the numbers, by their names and with their defaults: given again, they lead to the same result. Threads and output do not
 * matter, and of an architecture file only the choices that took the place of its own.
 */
export function settingsOf(model: string, options: SharedOptions): Record<string, unknown> {
  const { seed, method, relError, relaxedSimd } = options;
  const run = { seed, method, relError, relaxedSimd };
  const given = { ...options, ...(options.init !== undefined && { init: initialiserName(options.init) }) };
  if (isArchitectureFile(model)) {
    const { activation, init, weightVariance, bias, norm, skip, block, embedding } = given;
    return { model, activation, init, weightVariance, bias, norm, skip, block, embedding, ...run };
  }
  const { activation = "relu", init = "he-normal", weightVariance, bias, norm = "none", skip = "none", embedding } = given;
  const block = skip === "residual" ? (options.block ?? 2) : undefined;
  return { model, activation, init, weightVariance, bias, norm, skip, block, embedding, ...run };
}

/** `--networks` such that the finished run comes out again: what was asked for, else what was drawn. */
export function networksSetting(
  { networks, relError }: SharedOptions,
  finished: { readonly networks: number; readonly interrupted: boolean },
): number {
  if (finished.interrupted) return finished.networks;
  return networks ?? (relError === undefined ? finished.networks : mostNetworks);
}
