import { deathProbability, type Interval, safeDepth } from "@sonde/metrics-death";
import { type Architecture, hiddenLayers } from "@sonde/nets";
import { runCommand } from "../command.js";
import { defaultPoints, loadInputs } from "../inputs.js";
import type { SharedOptions } from "../options.js";
import { deathReport } from "../render/death.js";

/** Accepted probabilities that safe depths are given for. */
const safeLevels = [0.01, 0.1];

/** `sonde death MODEL`. */
export function death(model: string, options: SharedOptions & { domain?: Interval[] }): Promise<number> {
  return runCommand("death", model, options, async (architecture, context) => {
    const inputs = await loadInputs(architecture, options);
    const { points = defaultPoints, relError: relativeError, networks, seed } = options;
    const method = options.method === "conditional" ? "auto" : options.method;
    const record = await deathProbability(architecture, { ...context, ...inputs, points, networks, relativeError, seed, method });
    const { layers, noLivingPoint, bounds, domain, interrupted, method: drawn, ...bornDead } = record;
    return {
      result: { bornDead, noLivingPoint, bounds, layers, method: drawn, domain, safeDepth: safeDepths(architecture) },
      settings: { data: inputs.name, points, networks: networks ?? (relativeError === undefined ? bornDead.networks : 1e7) },
      warnings: [],
      interrupted,
      exitCode: 0,
      report: (paint) => deathReport(paint, model, architecture, record, inputs.name),
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
