import { settingsOf } from "@sonde/checkup/asked";
import { ConfigError } from "@sonde/core";
import { type Architecture, hiddenLayers, outputSize } from "@sonde/nets";
import { coordinateCheck, decodeCoordinates, decodeTraining, overfit, planTraining } from "@sonde/training";
import { runCommand } from "../command.js";
import { thread } from "../entry-files.js";
import { coordinateReport, overfitReport } from "../render/train-quick.js";
import { loadTask } from "../training-data.js";
import { executorsFor } from "../training-executors.js";
import type { TrainOptions } from "../training-options.js";
import { checkpointOf, progressOf, recipeOf, recipeSettings } from "./train.js";

/** `sonde train MODEL --overfit N`: can networks learn N points by heart? */
export function overfitTest(model: string, options: TrainOptions): Promise<number> {
  return runCommand("train", model, options, async (architecture, context) => {
    const { data, settings: task } = await loadTask(architecture, outputSize(architecture), options);
    const { overfit: points = 1 } = options;
    if (options.batch !== undefined) throw new ConfigError("--overfit puts all its points in every batch: leave out --batch");
    const recipe = { ...recipeOf(options), runs: options.runs ?? 20 };
    const plan = planTraining(architecture, data, recipe);
    const { batch: _batch, ...ofRecipe } = recipeSettings(plan, options);
    const settings = { ...task, ...ofRecipe, overfit: points, executor: options.executor };
    const about = { ...settingsOf(model, options), architecture, ...settings };
    const file = await checkpointOf(options.checkpoint, about, plan, decodeTraining);
    const { interrupted, ...result } = await overfit(architecture, {
      ...recipe,
      data,
      points,
      executor: options.executor,
      executors: await executorsFor(plan, options.executor),
      threads: context.threads,
      createWorker: () => thread("training-worker"),
      signal: context.signal,
      progress: progressOf(plan, context),
      ...file,
    });
    return {
      result,
      settings,
      warnings: [],
      interrupted,
      exitCode: 0,
      report: (page) => overfitReport(page, { model, architecture, plan, record: { ...result, interrupted }, task: data.name }),
    };
  });
}

/** `sonde train MODEL --coordinate-check`: how large are activations over widths and the first steps? */
export function coordinateTest(model: string, options: TrainOptions): Promise<number> {
  return runCommand("train", model, options, async (architecture, context) => {
    const { data, settings: task } = await loadTask(architecture, outputSize(architecture), options);
    const recipe = { ...recipeOf(options), steps: options.steps ?? 5, runs: options.runs ?? 8 };
    const plan = planTraining(architecture, data, recipe);
    const { width, widths } = widthsOf(architecture, options.widths);
    const settings = {
      ...task,
      ...recipeSettings(plan, options),
      coordinateCheck: true,
      widths: widths.join(","),
      executor: options.executor,
    };
    const about = { ...settingsOf(model, options), architecture, ...settings };
    const file = await checkpointOf(options.checkpoint, about, plan, decodeCoordinates);
    const { interrupted, ...record } = await coordinateCheck(architecture, {
      ...recipe,
      data,
      factors: widths.map((one) => one / width),
      executor: options.executor,
      executors: await executorsFor(plan, options.executor),
      signal: context.signal,
      progress: (done, most) => context.progress(done, most, "steps of single networks"),
      ...file,
    });
    const result = { ...record, widths: widths.slice(0, record.factors.length) };
    return {
      result,
      settings,
      warnings: [],
      interrupted,
      exitCode: 0,
      figure: (plots, text) => plots.coordinateFigure(result, text),
      report: (page) =>
        coordinateReport(page, { model, architecture, plan, record: { ...result, interrupted }, task: data.name }),
    };
  });
}

/** The width of the first hidden layer, and the widths that it is to take. */
function widthsOf(architecture: Architecture, asked?: readonly number[]) {
  const width = hiddenLayers(architecture)[0]?.units;
  if (width === undefined)
    throw new ConfigError("--coordinate-check varies the width of hidden layers, but the model has none: add one");
  return { width, widths: asked ?? [1, 2, 4, 8].map((factor) => factor * width) };
}
