import { checkArchitecture, firstPoints } from "@sonde/checkup";
import type { ModelSource } from "@sonde/checkup/asked";
import type { Interval } from "@sonde/metrics-death";
import type { Architecture } from "@sonde/nets";
import { asksWorkers } from "@sonde/predictor";
import { type Finished, type RunContext, runCommand } from "../command.js";
import { threadsAhead } from "../entry-files.js";
import { exitCodeOf, type FailOn } from "../exit-codes.js";
import { loadInputs } from "../inputs.js";
import { describedFile } from "../model.js";
import { isModelFile } from "../model-file/is-model-file.js";
import type { SharedOptions } from "../options.js";
import { isRecorded } from "../recorded.js";
import { checkReport } from "../render/check.js";
import type { ReportOptions } from "../reports.js";

/** What `sonde check` understands beside the shared options. */
export interface CheckOptions extends SharedOptions, ReportOptions {
  domain?: Interval[];
  failOn: FailOn;
}

/** `sonde check MODEL`, where MODEL may be recorded activations or a model file. */
export async function check(model: string, options: CheckOptions): Promise<number> {
  if (isModelFile(model) && !(await isRecorded(model))) return (await import("./check-model.js")).checkModel(model, options);
  if (await isRecorded(model)) return (await import("./check-recorded.js")).checkRecorded(model, options);
  const { graph, parsed } = await describedFile(model);
  if (graph) return (await import("./check-model.js")).checkGraph(model, graph, options);
  const work = async (architecture: Architecture, context: RunContext, source: ModelSource): Promise<Finished> => {
    const points = firstPoints(architecture, options);
    const { createWorker, threads } = context;
    const ahead = createWorker && asksWorkers(architecture, points, options.networks);
    const run = ahead ? { ...context, createWorker: threadsAhead("worker", threads) } : context;
    const inputs = await loadInputs(architecture, { ...options, points });
    const checkup = await checkArchitecture(architecture, { source, asked: options, inputs, run });
    const { result, diagnosis, settings, interrupted } = checkup;
    const { failOn } = options;
    return {
      result,
      settings: { ...settings, failOn },
      warnings: [],
      interrupted,
      exitCode: exitCodeOf(diagnosis.verdict, failOn),
      figure: (plots, text) =>
        plots.checkFigure({ bornDead: result.bornDead, bounds: result.bounds, layers: result.layers }, text),
      report: (page) =>
        checkReport(page, {
          model,
          architecture,
          diagnosis,
          inputs: inputs.name,
          asked: { ...options, used: inputs.settings.points },
        }),
    };
  };
  return runCommand("check", model, options, work, parsed);
}
