import { ConfigError, quote } from "@sonde/core";
import type { Interval } from "@sonde/metrics-death";
import { diagnose, type Verdict } from "@sonde/predictor";
import { runCommand } from "../command.js";
import { defaultPoints, loadInputs } from "../inputs.js";
import type { SharedOptions } from "../options.js";
import { exitCodes } from "../program.js";
import { checkReport } from "../render/check.js";

/** Verdicts that make `check` exit with 1, by `--fail-on`. */
const failing: Record<string, readonly Verdict[]> = {
  degenerate: ["degenerate"],
  "at-risk": ["degenerate", "at-risk"],
  never: [],
};

/** `sonde check MODEL`. */
export async function check(model: string, options: SharedOptions & { domain?: Interval[]; failOn?: string }): Promise<number> {
  const failOn = options.failOn ?? "degenerate";
  if (!Object.hasOwn(failing, failOn)) throw new ConfigError(`--fail-on is degenerate, at-risk or never, got ${quote(failOn)}`);
  return runCommand("check", model, options, async (architecture, context) => {
    const inputs = await loadInputs(architecture, options);
    const { points = defaultPoints, relError: relativeError, networks, seed } = options;
    const method = options.method === "conditional" ? "auto" : options.method;
    const diagnosis = await diagnose(architecture, { ...context, ...inputs, points, networks, relativeError, seed, method });
    const { verdict, findings, fixes, measurement } = diagnosis;
    const { layers, noLivingPoint, bounds, domain, interrupted: _death, method: drawn, ...bornDead } = measurement.death;
    return {
      result: {
        verdict,
        findings,
        fixes,
        bornDead,
        noLivingPoint,
        bounds,
        layers: layers.map((layer, l) => ({ ...layer, ...measurement.angles?.layers[l] })),
        method: drawn,
        domain,
      },
      settings: {
        data: inputs.name,
        points,
        networks: networks ?? (relativeError === undefined ? measurement.networks : 1e7),
        failOn,
      },
      warnings: [],
      interrupted: measurement.interrupted,
      exitCode: failing[failOn].includes(verdict) ? exitCodes.found : exitCodes.done,
      report: (paint) => checkReport(paint, model, architecture, diagnosis, inputs.name),
    };
  });
}
