import { sameArchitecture } from "@sonde/nets";
import type { Fix } from "@sonde/predictor";
import { architectureOf } from "./architecture.js";
import { choices, ranges, type Settings } from "./settings.js";

/** A fix as far as it says how to have it. */
type Change = Pick<Fix, "choices" | "architecture" | "standardise">;

/** The settings that a fix leads to; `undefined` where the controls cannot say it, as for layers that differ. */
export function fixedSettings(
  settings: Settings,
  { choices: change, architecture, standardise }: Change,
  columns?: number,
): Settings | undefined {
  if (!change || standardise) return undefined;
  const { widths, weightVariance, activation, init, bias, norm, skip } = change;
  const hidden = widths?.slice(1, -1) ?? [];
  const given = {
    ...(widths && { depth: hidden.length, width: hidden[0] }),
    ...(weightVariance !== undefined && { weightVariance: weightVariance === "default" ? null : weightVariance }),
    ...(activation !== undefined && { activation }),
    ...(init !== undefined && { init }),
    ...(bias !== undefined && { bias }),
    ...(norm !== undefined && { norm }),
    ...(skip !== undefined && { skip }),
  };
  const fixed: Settings = { ...settings, ...(given as Partial<Settings>) };
  return isOffered(fixed) && leadsTo(fixed, architecture, columns) ? fixed : undefined;
}

/** Whether the controls have such a place. */
function isOffered(settings: Settings): boolean {
  const { depth, width } = settings;
  const named = (["activation", "init", "bias", "norm", "skip"] as const).every((key) =>
    (choices[key] as readonly string[]).includes(settings[key]),
  );
  const within = (value: number, { least, most }: { least: number; most: number }) => value >= least && value <= most;
  return named && within(depth, ranges.depth) && within(width, ranges.width);
}

function leadsTo(settings: Settings, architecture: Fix["architecture"], columns?: number): boolean {
  try {
    return sameArchitecture(architectureOf(settings, columns), architecture);
  } catch {
    // Choices that exclude each other.
    return false;
  }
}
