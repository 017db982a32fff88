import type { Interval } from "@sonde/metrics-death";
import { advise as adviseOn, findingsOf } from "@sonde/predictor";
import { runCommand } from "../command.js";
import { fixRecord, usable } from "../cures.js";
import { loadInputs } from "../inputs.js";
import type { SharedOptions } from "../options.js";
import { adviseReport } from "../render/advise.js";
import { networksSetting } from "../settings.js";

/** `sonde advise MODEL`. */
export function advise(model: string, options: SharedOptions & { domain?: Interval[] }): Promise<number> {
  return runCommand("advise", model, options, async (architecture, context) => {
    const { name, data, domain, settings } = await loadInputs(architecture, options);
    const found = await adviseOn(architecture, { ...context, data, domain, points: settings.points });
    const { measurement, interrupted, vitals, parameters, leftOut } = found;
    const cures = await usable(model, options, found.cures);
    const compared = await usable(model, options, found.compared);
    const advice = { ...found, cures, compared, smallest: cures.at(0) };
    const findings = findingsOf(measurement);
    const records = {
      smallest: cures.map(fixRecord).at(0) ?? null,
      cures: cures.map(fixRecord),
      compared: compared.map(fixRecord),
    };
    return {
      result: { verdict: vitals.verdict, findings, vitals, parameters, ...records, leftOut },
      settings: { ...settings, networks: networksSetting(options, measurement) },
      warnings: leftOut.length > 0 ? [`too large to be computed beside the model: ${leftOut.join("; ")}`] : [],
      interrupted,
      exitCode: 0,
      figure: (plots, text) => plots.remediesFigure({ vitals, compared }, text),
      report: (page) => adviseReport(page, { model, architecture, advice, findings, inputs: name }),
    };
  });
}
