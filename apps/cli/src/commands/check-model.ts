import { checkModelFile } from "@sonde/checkup/files";
import { readDataSet, withModel } from "@sonde/formats/node";
import { runOn } from "../command.js";
import { exitCodeOf } from "../exit-codes.js";
import { checkRecordedOptions } from "../recorded.js";
import { checkModelReport } from "../render/check-model.js";
import type { CheckOptions } from "./check.js";

/** `sonde check model.onnx`: this network on points, and networks like it. */
export function checkModel(model: string, options: CheckOptions): Promise<number> {
  const started = performance.now();
  const own = [
    "failOn",
    "plot",
    "theme",
    "activation",
    "data",
    "points",
    "standardize",
    "networks",
    "init",
    "bias",
    "weightVariance",
    "html",
    "sarif",
    "junit",
  ];
  checkRecordedOptions(model, options, own, "a model file");
  const { seed, failOn, activation } = options;
  const subject = {
    name: "check",
    model,
    started,
    architecture: null,
    line: "this network, by its own weights",
    settings: { model, seed, failOn, ...(activation !== undefined && { activation }) },
    warnings: [],
  };
  return runOn(subject, options, async (context) => {
    const checkup = await withModel(model, (file) =>
      checkModelFile(file, { ...options, model }, { ...context, readData: readDataSet }),
    );
    const { result, settings, warnings, diagnosis, inputs } = checkup;
    const { verdict, measurement } = diagnosis;
    return {
      result,
      settings,
      warnings,
      interrupted: false,
      exitCode: exitCodeOf(verdict, failOn),
      figure: (plots, text) => plots.recordedCheckFigure(measurement, text),
      report: (page) => checkModelReport(page, { model, diagnosis, inputs, weights: result.weights, like: result.like }),
    };
  });
}
