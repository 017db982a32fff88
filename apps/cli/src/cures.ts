import { type GivenOptions, type UsableFix, usableFixes } from "@sonde/checkup";
import type { Fix } from "@sonde/predictor";
import { modelSource } from "./model.js";

/** The fixes with the options in their words that lead to them from this command line. */
export async function usable(model: string, options: GivenOptions, fixes: readonly Fix[]): Promise<UsableFix[]> {
  const { source } = await modelSource(model, options);
  return usableFixes(source, options, fixes);
}
