import { initialiserName } from "@sonde/init";
import { type AskedOptions, mostNetworks } from "./options.js";

/** Whether MODEL is the path of a file that says what its layers are: an architecture file, or a model. */
export function isArchitectureFile(model: string): boolean {
  return /\.(json|ya?ml|onnx|keras|h5|hdf5|safetensors|pt|pth)$/i.test(model);
}

/**
 * The options that decide the numbers, by their names and with their defaults: given again, they lead to the same result. Threads and output do not
 * matter, and of an architecture file only the choices that took the place of its own.
 *
 * @example
 * settingsOf("1-2x9-1", { seed: 0, method: "auto" }).init // "he-normal"
 */
export function settingsOf(model: string, options: AskedOptions): Record<string, unknown> {
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
  { networks, relError }: Pick<AskedOptions, "networks" | "relError">,
  finished: { readonly networks: number; readonly interrupted: boolean },
): number {
  if (finished.interrupted) return finished.networks;
  return networks ?? (relError === undefined ? finished.networks : mostNetworks);
}
