import { type Architecture, type MlpOptions, mlp, redescribed } from "@sonde/nets";
import type { ModelChoices } from "./options.js";

/** Options that say what the notation leaves open, and take the place of what an architecture says. */
const names = ["activation", "init", "weightVariance", "bias", "norm", "skip", "block", "embedding"] as const;

/** A model before options choose its layers: widths in notation, or an architecture. */
export type ModelSource = string | Architecture;

/**
 * The architecture of a source with the layers that the options choose. Throws `ConfigError` with one sentence for notation or choices that make none.
 *
 * @example
 * architectureOf("1-2x3-1", { activation: "tanh" }).layers.length // 7
 */
export function architectureOf(source: ModelSource, options: ModelChoices): Architecture {
  const chosen = chosenLayers(options);
  if (typeof source === "string") return mlp(source, chosen);
  return Object.keys(chosen).length > 0 ? redescribed(source, chosen) : source;
}

/** The options that choose layers, as far as they are given. The default of a weight variance or a bias is the initialisation's own. */
export function chosenLayers(options: ModelChoices): MlpOptions {
  const given = names.filter((name) => options[name] !== undefined && options[name] !== "default");
  return Object.fromEntries(given.map((name) => [name, options[name]]));
}
