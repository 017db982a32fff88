import { ConfigError } from "@sonde/core";
import { safeRegion } from "@sonde/metrics-death";
import { runCommand } from "../command.js";
import { loadInputs } from "../inputs.js";
import { safeRegionReport } from "../render/safe-region.js";
import { checkSampling, type DeathOptions, samplingOf } from "./death.js";

/** Widths times depths that are mapped at most. */
const mostCells = 1e6;

/** `sonde death MODEL --safe-region`. */
export function deathSafeRegion(model: string, options: DeathOptions): Promise<number> {
  const { widths = range(2, 20), depths = range(1, 200), levels = [0.01, 0.1] } = options;
  if (options.deadUnits) throw new ConfigError("--dead-units is for one network: leave out --safe-region");
  if (widths.length * depths.length > mostCells)
    throw new ConfigError(
      `${widths.length} widths and ${depths.length} depths are more than ${mostCells} pairs: take fewer of them`,
    );
  return runCommand("death", model, options, async (architecture, context) => {
    const inputs = await loadInputs(architecture, options);
    const { data, domain, settings } = inputs;
    checkSampling(options, data);
    const { interrupted, ...region } = await safeRegion(architecture, {
      ...context,
      progress: undefined,
      widthsDone: (done, all) => context.progress(done, all, "widths"),
      data,
      domain,
      ...samplingOf(options),
      widths,
      depths,
      levels,
    });
    const { points, ...where } = settings;
    const lists = { safeRegion: true, widths: listText(widths), depths: listText(depths), levels: levels.join(",") };
    const asked = { networks: options.networks, ...samplingOf(options) };
    return {
      result: region,
      settings: { ...where, ...(options.points !== undefined || data ? { points } : {}), ...asked, ...lists },
      warnings: [],
      interrupted,
      exitCode: 0,
      figure: (plots, text) => plots.safeRegionFigure(region, text),
      report: (page) => safeRegionReport(page, { model, region, inputs: inputs.name }),
    };
  });
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, k) => first + k);
}

/** Ascending numbers as `--widths` takes them: runs as ranges. */
function listText(values: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const value of values) {
    const last = runs.at(-1);
    if (last && last[1] === value - 1) last[1] = value;
    else runs.push([value, value]);
  }
  return runs.map(([first, last]) => (first === last ? first : `${first}..${last}`)).join(",");
}
