import { existsSync, readFileSync } from "node:fs";
import type { Claim, Measured, Scale } from "./claim.js";
import type { Reproduction } from "./reproduce.js";

/** A run that was recorded: all settings, all results, and what they said. */
export interface RunRecord extends Omit<Reproduction, "parts"> {
  /** The version of Sonde that measured. */
  readonly sonde: string;
  readonly images: string;
  readonly parts: readonly (Measured & { readonly seconds: number })[];
}

/** Where the record of a claim's standard run lies. */
export function recordFile({ id }: Pick<Claim, "id">, scale: Scale = "standard"): URL {
  return new URL(`../records/${scale === "standard" ? "" : `${scale}/`}${id}.json`, import.meta.url);
}

/** The recorded run of a claim; undefined where there is none. */
export function readRecord(claim: Pick<Claim, "id">, scale: Scale = "standard"): RunRecord | undefined {
  const file = recordFile(claim, scale);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}
