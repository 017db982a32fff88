import { settingsOf } from "@sonde/checkup/asked";
import { ConfigError, type Matrix } from "@sonde/core";
import { outputSize } from "@sonde/nets";
import {
  type CoordinateCheckpoint,
  decodeTraining,
  encodeTraining,
  planTraining,
  type TrainingCheckpoint,
  type TrainingPlan,
  type TrainingProgress,
  type TrainingRecord,
  train as trainNetworks,
} from "@sonde/training";
import { openCheckpoint } from "../checkpoint-file.js";
import { type RunContext, runCommand } from "../command.js";
import { thread } from "../entry-files.js";
import { short } from "../render/numbers.js";
import { trainReport } from "../render/train.js";
import { loadTask } from "../training-data.js";
import { executorsFor } from "../training-executors.js";
import type { TrainOptions } from "../training-options.js";

/** `sonde train MODEL`, or one of its quick tests. */
export async function train(model: string, options: TrainOptions): Promise<number> {
  if (options.widths && !options.coordinateCheck)
    throw new ConfigError("--widths is for --coordinate-check: add it, or leave out --widths");
  const quick = options.overfit !== undefined ? "overfit" : options.coordinateCheck ? "coordinate-check" : undefined;
  if (quick === undefined) return trainAll(model, options);
  const foreign = (["monitor", "looks", "learned"] as const).find((name) => options[name] !== undefined);
  if (foreign) throw new ConfigError(`--${foreign} has no meaning for --${quick}: leave it out`);
  if (options.overfit !== undefined && options.coordinateCheck)
    throw new ConfigError("--overfit and --coordinate-check are two tests: run one after the other");
  const { overfitTest, coordinateTest } = await import("./train-quick.js");
  return quick === "overfit" ? overfitTest(model, options) : coordinateTest(model, options);
}

function trainAll(model: string, options: TrainOptions): Promise<number> {
  return runCommand("train", model, options, async (architecture, context) => {
    const { data, settings: task } = await loadTask(architecture, outputSize(architecture), options);
    const { monitor: monitors = ["death"], looks, learned, executor } = options;
    const recipe = recipeOf(options);
    const plan = planTraining(architecture, data, recipe);
    const settings = {
      ...task,
      ...recipeSettings(plan, options),
      monitor: monitors.join(",") || "none",
      looks: looks ?? 16,
      ...(learned !== undefined && { learned }),
    };
    const about = { ...settingsOf(model, options), architecture, ...settings };
    const file = await checkpointOf(options.checkpoint, about, plan, decodeTraining);
    const record = await trainNetworks(architecture, {
      ...recipe,
      data,
      monitors,
      looks,
      learned,
      executor,
      executors: await executorsFor(plan, executor),
      threads: context.threads,
      createWorker: context.createWorker && (() => thread("training-worker")),
      signal: context.signal,
      progress: progressOf(plan, context),
      ...file,
    });
    const { interrupted, ...result } = record;
    return {
      result,
      settings: { ...settings, executor: record.executor },
      warnings: warningsOf(record, plan),
      interrupted,
      exitCode: 0,
      figure: (plots, text) => plots.trainingFigure(result, text),
      report: (page) => trainReport(page, { model, architecture, plan, record, task: data.name }),
    };
  });
}

/** The recipe that the options ask for. */
export function recipeOf(options: TrainOptions) {
  const {
    loss,
    optimizer,
    learningRate,
    schedule,
    warmup,
    weightDecay,
    clip,
    batch,
    ownBatches,
    freezeBiases,
    trainNorms,
    steps,
    runs,
    seed,
  } = options;
  return {
    loss,
    optimizer,
    learningRate,
    schedule,
    warmup,
    weightDecay,
    clip,
    batch,
    batches: ownBatches ? ("own" as const) : ("shared" as const),
    trainBiases: !freezeBiases,
    trainNorms,
    steps,
    runs,
    seed,
  };
}

/** The recipe by the names of its options, with every default written out. */
export function recipeSettings(
  plan: TrainingPlan,
  { ownBatches, freezeBiases, trainNorms }: TrainOptions,
): Record<string, unknown> {
  const { loss, optimizer, schedule, l2, decay, learningRate, warmup, clip, batch, steps, runs } = plan;
  return {
    loss: withNumbers(loss),
    optimizer: withNumbers(optimizer, ["epsilon"]),
    learningRate,
    schedule: withNumbers(schedule),
    warmup,
    weightDecay: l2 + decay,
    clip,
    batch,
    ownBatches,
    freezeBiases,
    trainNorms,
    steps,
    runs,
  };
}

/** `{ name: "huber", delta: 1 }` as `huber:1`. */
function withNumbers({ name, ...numbers }: { readonly name: string }, without: readonly string[] = []): string {
  const values = Object.entries(numbers).flatMap(([key, value]) => (without.includes(key) ? [] : [value]));
  return values.length > 0 ? `${name}:${values.join(",")}` : name;
}

/** Milliseconds between two checkpoints. */
const interval = 5000;

/** `resume` and `checkpoint` of a run that keeps what it knows in a file, if it does; `decode` reads what `encodeTraining` wrote. */
export async function checkpointOf<Checkpoint extends TrainingCheckpoint | CoordinateCheckpoint>(
  path: string | undefined,
  settings: object,
  { inputs, targets }: Pick<TrainingPlan, "inputs" | "targets">,
  decode: (text: string) => Checkpoint,
) {
  if (path === undefined) return {};
  const file = await openCheckpoint(path, { ...settings, digest: `${digestOf(inputs)} ${digestOf(targets)}` });
  let saved = performance.now();
  const resume = file.known === undefined ? undefined : decode(String(file.known));
  return {
    resume,
    checkpoint: async (take: () => Promise<Checkpoint>, hurry: boolean) => {
      if (!hurry && performance.now() - saved < interval) return;
      const text = encodeTraining(await take());
      file.save(() => text, true);
      saved = performance.now();
    },
  };
}

/** Tells data apart that a file of the same name may hold (FNV-1a of its bytes). */
function digestOf({ data }: Matrix<Float64Array>): string {
  let hash = 0x811c9dc5;
  for (const word of new Uint32Array(data.buffer, data.byteOffset, 2 * data.length)) hash = Math.imul(hash ^ word, 0x01000193);
  return (hash >>> 0).toString(16);
}

/** Steps done and the median loss of the networks on their last batches. */
export function progressOf({ steps, runs }: TrainingPlan, { progress }: RunContext): (seen: TrainingProgress) => void {
  return ({ done, losses }) => {
    progress(Math.floor(done / runs), steps, () => {
      const finite = Float64Array.from(Array.from(losses).filter(Number.isFinite)).sort();
      return finite.length > 0 ? `steps, median loss ${short(finite[finite.length >> 1])}` : "steps";
    });
  };
}

function warningsOf(record: TrainingRecord, { l2, decay }: TrainingPlan): string[] {
  const { revived } = record.deaths;
  if (revived > 0 && l2 + decay === 0)
    throw new Error(
      `${revived} networks that were born dead are alive without weight decay: that is impossible, please report it`,
    );
  const warnings: string[] = [];
  if (revived > 0) warnings.push(`${revived} networks that were born dead are alive: weight decay shrank what kept them dead`);
  if (record.layers.length > 0 && record.outcomes.diverged > 0)
    warnings.push(
      `${record.outcomes.diverged} of ${record.runs} networks left the finite numbers: take a smaller --learning-rate, or --clip`,
    );
  return warnings;
}
