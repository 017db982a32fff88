import type { Interval } from "@sonde/metrics-death";
import { advise as adviseOn, findingsOf } from "@sonde/predictor";
import { runCommand } from "../command.js";
import { loadInputs } from "../inputs.js";
import type { SharedOptions } from "../options.js";
import { adviseReport } from "../render/advise.js";
import { networksSetting } from "../settings.js";

/** `sonde advise MODEL`. */
export function advise(model: string, options: SharedOptions & { domain?: Interval[] }): Promise<number> {
  return runCommand("advise", model, options, async (architecture, context) => {
    const { name, data, domain, settings } = await loadInputs(architecture, options);
    const advice = await adviseOn(architecture, { ...context, data, domain, points: settings.points });
    const { measurement, interrupted, vitals, parameters, smallest, cures, compared, leftOut } = advice;
    const findings = findingsOf(measurement);
    return {
      result: { verdict: vitals.verdict, findings, vitals, parameters, smallest: smallest ?? null, cures, compared, leftOut },
      settings: { ...settings, networks: networksSetting(options, measurement) },
      warnings: leftOut.length > 0 ? [`too large to be computed beside the model: ${leftOut.join("; ")}`] : [],
      interrupted,
      exitCode: 0,
      figure: (plots, text) => plots.remediesFigure({ vitals, compared }, text),
      report: (page) => adviseReport(page, { model, architecture, advice, findings, inputs: name }),
    };
  });
}
