import { checkRecording } from "@sonde/checkup/files";
import { readArrays } from "@sonde/formats/node";
import { runOn } from "../command.js";
import { exitCodeOf } from "../exit-codes.js";
import { checkRecordedOptions } from "../recorded.js";
import { checkRecordedReport } from "../render/check-recorded.js";
import type { CheckOptions } from "./check.js";

/** `sonde check recorded.npz`. */
export function checkRecorded(model: string, options: CheckOptions): Promise<number> {
  const started = performance.now();
  checkRecordedOptions(model, options, ["failOn", "plot", "theme", "activation", "html", "sarif", "junit"]);
  const { seed, failOn, activation } = options;
  const subject = {
    name: "check",
    model,
    started,
    architecture: null,
    line: "recorded activations",
    settings: { model, seed, failOn, ...(activation !== undefined && { activation }) },
    warnings: [],
  };
  return runOn(subject, options, async () => {
    const { result, diagnosis, warnings } = checkRecording(await readArrays(model), { model, seed, activation });
    const { verdict, measurement } = diagnosis;
    return {
      result,
      settings: {},
      warnings,
      interrupted: false,
      exitCode: exitCodeOf(verdict, failOn),
      figure: (plots, text) => plots.recordedCheckFigure(measurement, text),
      report: (page) => checkRecordedReport(page, { model, diagnosis }),
    };
  });
}
