import { ConfigError } from "@sonde/core";
import { measureAngles, twoInputs } from "@sonde/metrics-correlation";
import { runCommand } from "../command.js";
import { defaultPoints, loadInputs } from "../inputs.js";
import type { SharedOptions } from "../options.js";
import { anglesReport } from "../render/angles.js";

/** `sonde angles MODEL`. */
export function angles(model: string, options: SharedOptions & { theta0?: number; pairs?: number }): Promise<number> {
  return runCommand("angles", model, options, async (architecture, context) => {
    const { theta0, pairs, relError: relativeError, networks, seed, points = defaultPoints } = options;
    if (theta0 !== undefined && options.data !== undefined)
      throw new ConfigError("--theta0 and --data exclude each other: give one of them");
    const data = options.data === undefined ? twoInputs(architecture, theta0) : (await loadInputs(architecture, options)).data;
    const method = options.method === "conditional" ? "auto" : options.method;
    const record = await measureAngles(architecture, { ...context, data, pairs, networks, relativeError, seed, method });
    const { layers, interrupted, ...rest } = record;
    const gone = layers.findIndex(({ logSin2 }) => Number.isNaN(logSin2.value));
    const oneInput = options.data === undefined && architecture.input.join() === "1";
    return {
      result: { layers, ...rest },
      settings: {
        ...(options.data === undefined
          ? { theta0: oneInput ? Math.PI : (theta0 ?? Math.PI / 2) }
          : { data: options.data, points }),
        pairs: record.pairs,
        networks: networks ?? (relativeError === undefined ? record.networks : 1e7),
      },
      warnings: gone >= 0 ? [`every pair is degenerate from layer ${gone + 1} on, so there is no angle to report (null)`] : [],
      interrupted,
      exitCode: 0,
      report: (paint) => anglesReport(paint, model, architecture, record),
    };
  });
}
