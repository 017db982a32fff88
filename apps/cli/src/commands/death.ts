import { networksSetting } from "@sonde/checkup/asked";
import { ConfigError } from "@sonde/core";
import {
  type DeathBounds,
  deadUnitDistribution,
  deathProbability,
  type Interval,
  type Sampling,
  safeDepth,
  singlePointBound,
} from "@sonde/metrics-death";
import { type Architecture, hiddenLayers } from "@sonde/nets";
import { runCommand } from "../command.js";
import { loadInputs } from "../inputs.js";
import type { SharedOptions } from "../options.js";
import { isOneNetwork } from "../recorded.js";
import { deathReport } from "../render/death.js";

/** What `sonde death` understands beside the shared options. */
export interface DeathOptions extends SharedOptions {
  domain?: Interval[];
  sampling?: Sampling;
  deadUnits?: true;
  tau?: number;
  safeRegion?: true;
  widths?: number[];
  depths?: number[];
  levels?: number[];
}

/** Accepted probabilities that safe depths are given for. */
const safeLevels = [0.01, 0.1];

/** `sonde death MODEL`, where MODEL may be recorded activations or a model file. */
export async function death(model: string, options: DeathOptions): Promise<number> {
  if (await isOneNetwork(model)) return (await import("./death-recorded.js")).deathRecorded(model, options);
  if (options.tau !== undefined)
    throw new ConfigError("--tau is for recorded activations (.npz or .npy): give such a file, or leave it out");
  if (options.safeRegion) return (await import("./death-safe-region.js")).deathSafeRegion(model, options);
  const alone = (["widths", "depths", "levels"] as const).find((name) => options[name] !== undefined);
  if (alone) throw new ConfigError(`--${alone} is for the map of --safe-region: add --safe-region, or leave it out`);
  return deathOfNetworks(model, options);
}

function deathOfNetworks(model: string, options: DeathOptions): Promise<number> {
  return runCommand("death", model, options, async (architecture, context) => {
    const inputs = await loadInputs(architecture, options);
    const { data, domain, settings } = inputs;
    checkSampling(options, data);
    const asked = { ...context, data, domain, ...samplingOf(options) };
    const record = await deathProbability(architecture, asked);
    const dead =
      options.deadUnits && !record.interrupted ? await deadUnitDistribution(architecture, { ...asked, progress: undefined }) : [];
    const { noLivingPoint, bounds, domain: drawnFrom, interrupted, method: drawn, executor, ...bornDead } = record;
    const layers = record.layers.map((layer, l) => ({
      ...layer,
      ...(dead[l] && { deadUnits: dead[l].dead, deadUnitDistribution: dead[l].distribution }),
    }));
    const { layers: _layers, ...estimate } = bornDead;
    const safe = safeDepths(architecture, bounds);
    const sampling = samplingUsed(drawnFrom.kind);
    return {
      result: { bornDead: estimate, noLivingPoint, bounds, layers, method: drawn, executor, domain: drawnFrom, safeDepth: safe },
      settings: {
        ...settings,
        ...(sampling && { sampling }),
        ...(options.deadUnits && { deadUnits: true }),
        networks: networksSetting(options, record),
      },
      warnings: [],
      interrupted,
      exitCode: 0,
      figure: (plots, text) => plots.deathFigure({ bornDead: estimate, bounds, layers }, text),
      report: (page) => deathReport(page, { model, architecture, record, inputs: inputs.name, safe, dead }),
    };
  });
}

/** Throws `ConfigError` where `--sampling` is given for inputs that are points already. */
export function checkSampling({ sampling }: DeathOptions, data: unknown): void {
  if (sampling && data)
    throw new ConfigError("--sampling says how a domain is looked at, but the inputs are data: give --domain, or leave it out");
}

/** Points are asked for only where the options do: otherwise an interval may be looked at exactly. */
export function samplingOf({ points, sampling }: DeathOptions): { readonly points?: number; readonly sampling?: Sampling } {
  return { ...(points !== undefined && { points }), ...(sampling && { sampling }) };
}

/** `--sampling` that leads to the same points again; none for data. */
function samplingUsed(kind: string): Sampling | undefined {
  const used: Readonly<Record<string, Sampling>> = { rays: "exact", interval: "exact", grid: "grid", sample: "random" };
  return used[kind];
}

/** For networks of one width: the depth up to which the single-point bound guarantees each level; absent where that bound does not hold, or nothing can die. */
function safeDepths(architecture: Architecture, { upper }: DeathBounds): { level: number; hiddenLayers: number }[] | undefined {
  const widths = hiddenLayers(architecture).map(({ units }) => units);
  const [width] = widths;
  const bound = singlePointBound(widths);
  if (new Set(widths).size !== 1 || bound < upper || (upper === 0 && bound > 0)) return undefined;
  return safeLevels.map((level) => ({ level, hiddenLayers: Math.min(safeDepth(width, level), Number.MAX_SAFE_INTEGER) }));
}
