import { checkDescribed, checkModelFile, type ModelCheckup, type RecordContext } from "@sonde/checkup/files";
import { readDataSet, withModel } from "@sonde/formats/node";
import { runOn } from "../command.js";
import { exitCodeOf } from "../exit-codes.js";
import { withForeign } from "../foreign.js";
import { weightsArchitecture } from "../model.js";
import { checkRecordedOptions, drawnOfGraph } from "../recorded.js";
import { checkModelReport } from "../render/check-model.js";
import type { CheckOptions } from "./check.js";

const own = [
  "failOn",
  "plot",
  "theme",
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

/** `sonde check model.onnx`: this network on points, and networks like it. */
export function checkModel(model: string, options: CheckOptions): Promise<number> {
  checkRecordedOptions(model, options, [...own, "activation", "architecture"], "a model file");
  return checkNetwork(model, options, "this network, by its own weights", async (context) => {
    const architecture = await weightsArchitecture(options);
    return withModel(model, (file) =>
      withForeign(model, context, (foreign) =>
        checkModelFile(file, { ...options, architecture, model }, { ...context, foreign }),
      ),
    );
  });
}

/** `sonde check graph.json`, where the graph is no list of layers: networks that are drawn of it. */
export function checkGraph(model: string, graph: Readonly<Record<string, unknown>>, options: CheckOptions): Promise<number> {
  checkRecordedOptions(model, options, own, "a graph");
  return checkNetwork(model, options, drawnOfGraph, (context) => {
    const { architecture: _none, ...rest } = options;
    return checkDescribed(graph, { ...rest, model }, context);
  });
}

function checkNetwork(
  model: string,
  options: CheckOptions,
  line: string,
  run: (context: RecordContext) => Promise<ModelCheckup>,
): Promise<number> {
  const started = performance.now();
  const { seed, failOn, activation, architecture } = options;
  const subject = {
    name: "check",
    model,
    started,
    architecture: null,
    line,
    settings: {
      model,
      seed,
      failOn,
      ...(activation !== undefined && { activation }),
      ...(architecture !== undefined && { architecture }),
    },
    warnings: [],
  };
  return runOn(subject, options, async (context) => {
    const checkup = await run({ ...context, readData: readDataSet });
    const { result, settings, warnings, diagnosis, inputs } = checkup;
    const { verdict, measurement } = diagnosis;
    return {
      result,
      settings,
      warnings,
      interrupted: false,
      exitCode: exitCodeOf(verdict, failOn),
      figure: (plots, text) => plots.recordedCheckFigure(measurement, text),
      report: (page) =>
        checkModelReport(page, { model, diagnosis, inputs, weights: result.weights, like: result.like, program: result.program }),
    };
  });
}
