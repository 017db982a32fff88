import { ConfigError } from "@sonde/core";
import { measureAngles, twoInputs } from "@sonde/metrics-correlation";
import type { Architecture } from "@sonde/nets";
import { runCommand } from "../command.js";
import { loadInputs } from "../inputs.js";
import type { SharedOptions } from "../options.js";
import { anglesReport } from "../render/angles.js";
import { short } from "../render/numbers.js";
import { networksSetting } from "../settings.js";

type AnglesOptions = SharedOptions & { theta0?: number; pairs?: number };

/** `sonde angles MODEL`. */
export function angles(model: string, options: AnglesOptions): Promise<number> {
  return runCommand("angles", model, options, async (architecture, context) => {
    const { name, settings, data } = await anglesInputs(architecture, options);
    const record = await measureAngles(architecture, { ...context, data, pairs: options.pairs });
    const { layers, interrupted, ...rest } = record;
    const gone = layers.findIndex(({ logSin2 }) => Number.isNaN(logSin2.value));
    return {
      result: { layers, ...rest },
      settings: { ...settings, pairs: record.pairs, networks: networksSetting(options, record) },
      warnings: gone >= 0 ? [`every pair is degenerate from layer ${gone + 1} on, so there is no angle to report (null)`] : [],
      interrupted,
      exitCode: 0,
      figure: (plots, text) => plots.anglesFigure({ measured: record }, text),
      report: (page) => anglesReport(page, { model, architecture, record, inputs: name }),
    };
  });
}

async function anglesInputs(architecture: Architecture, options: AnglesOptions) {
  const { theta0, data, points } = options;
  if (data !== undefined) {
    if (theta0 !== undefined) throw new ConfigError("--theta0 and --data exclude each other: give one of them");
    return loadInputs(architecture, options);
  }
  if (points !== undefined) throw new ConfigError("--points is for --data: give a data set too, or leave it out");
  const oneInput = architecture.input.every((n) => n === 1);
  const angle = theta0 ?? (oneInput ? Math.PI : Math.PI / 2);
  const name = oneInput ? "the inputs -1 and 1" : `two inputs at ${short(angle)} rad`;
  return { name, settings: { theta0: angle }, data: twoInputs(architecture, angle) };
}
