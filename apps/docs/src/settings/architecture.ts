import { type Architecture, mlp } from "@sonde/nets";
import { chosen } from "./chosen.js";
import type { Settings } from "./settings.js";
import { notation } from "./sizes.js";

/** The architecture that the controls describe. Throws `ConfigError` for combinations that exclude each other. */
export function architectureOf(settings: Settings, columns?: number): Architecture {
  return mlp(notation(settings, columns), chosen(settings));
}
