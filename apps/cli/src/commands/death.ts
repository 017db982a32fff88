import { deathProbability, type Interval, safeDepth } from "@sonde/metrics-death";
import { type Architecture, hiddenLayers } from "@sonde/nets";
import { runCommand } from "../command.js";
import { loadInputs } from "../inputs.js";
import type { SharedOptions } from "../options.js";
import { deathReport } from "../render/death.js";
import { networksSetting } from "../settings.js";

/** Accepted probabilities that safe depths are given for. */
const safeLevels = [0.01, 0.1];

/** `sonde death MODEL`. */
export function death(model: string, options: SharedOptions & { domain?: Interval[] }): Promise<number> {
  return runCommand("death", model, options, async (architecture, context) => {
    const inputs = await loadInputs(architecture, options);
    const { data, domain, settings } = inputs;
    const record = await deathProbability(architecture, { ...context, data, domain, points: settings.points });
    const { layers, noLivingPoint, bounds, domain: drawnFrom, interrupted, method: drawn, executor, ...bornDead } = record;
    const safe = safeDepths(architecture);
    return {
      result: { bornDead, noLivingPoint, bounds, layers, method: drawn, executor, domain: drawnFrom, safeDepth: safe },
      settings: { ...settings, networks: networksSetting(options, record) },
      warnings: [],
      interrupted,
      exitCode: 0,
      figure: (plots, text) => plots.deathFigure({ bornDead, bounds, layers }, text),
      report: (page) => deathReport(page, { model, architecture, record, inputs: inputs.name, safe }),
    };
  });
}

/** For networks of one width: the depth up to which the single-point bound guarantees each level. */
function safeDepths(architecture: Architecture): { level: number; hiddenLayers: number }[] | undefined {
  const widths = new Set(hiddenLayers(architecture).map(({ units }) => units));
  if (widths.size !== 1) return undefined;
  const [width] = widths;
  return safeLevels.map((level) => ({ level, hiddenLayers: Math.min(safeDepth(width, level), Number.MAX_SAFE_INTEGER) }));
}
