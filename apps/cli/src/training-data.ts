import { ConfigError, quote, split } from "@sonde/core";
import { readDataSet } from "@sonde/formats/node";
import { type Architecture, sharedStream, size, standardise } from "@sonde/nets";
import { functionData, functionNames, labelledData, type TrainingData, xorData } from "@sonde/training";
import type { TrainOptions } from "./training-options.js";

/** What is learned, and the options that lead to it again. */
export interface Task {
  readonly data: TrainingData;
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * The task that the options ask for.
 *
 * Throws `ConfigError` for options that do not go together, and whatever the data's reader refuses.
 */
export async function loadTask(architecture: Architecture, outputs: number, options: TrainOptions): Promise<Task> {
  const { data, points, spread, labels, test, standardize, seed } = options;
  const target = options.target ?? (data === "xor" ? "xor" : data === undefined ? undefined : "labels");
  if (target === undefined)
    throw new ConfigError(
      `--target says what is learned: give one of ${functionNames.join(", ")}, xor, or labels or column:NAME with --data`,
    );
  const inputs = size(architecture.input);
  const foreign = (names: Readonly<Record<string, unknown>>) => {
    const given = Object.entries(names).find(([, value]) => value !== undefined);
    if (given) throw new ConfigError(`--${given[0]} has no meaning for the target ${quote(target)}: leave it out`);
  };
  if (target === "xor") {
    foreign({ data: data === "xor" ? undefined : data, labels, test, standardize });
    if (points !== undefined && points < 4)
      throw new ConfigError(`exclusive or has four corners: give --points 4 or more, got ${points}`);
    if (points === 4 && spread !== undefined)
      throw new ConfigError(
        "the four corners of exclusive or have no spread: give --points above 4 for clouds, or leave out --spread",
      );
    const clouds = points ?? (spread === undefined ? 4 : 1000);
    return {
      data: xorData({ points: clouds, spread, seed }),
      settings: { target, points: clouds, ...(clouds > 4 && { spread: spread ?? 0.1 }) },
    };
  }
  foreign({ spread });
  const column = /^column:(.*)$/s.exec(target)?.[1];
  if (target !== "labels" && column === undefined) {
    const drawn = functionData(target, { points, inputs, outputs, seed });
    foreign({ data, labels, test, standardize });
    return { data: drawn, settings: { target, points: drawn.inputs.rows } };
  }
  if (data === undefined || data === "gaussian")
    throw new ConfigError(`--target ${target} takes what it learns from --data: name a data set with labels or a file`);
  const random = split(sharedStream(seed), 0);
  const channels = architecture.input[architecture.input.length - 1];
  const set = await readDataSet(data, { inputs, points, random, labels, ...(column !== undefined && { label: column }) });
  if (column !== undefined && !set.labels)
    throw new ConfigError(`${quote(data)} has no columns that have names: take --target labels`);
  const classes = column === undefined || set.labelNames !== undefined || options.loss?.name === "cross-entropy";
  const task = labelledData(
    { name: set.name, points: standardize ? standardise(set.points, { channels }).points : set.points, labels: set.labels },
    { kind: classes ? "classes" : "values", test, seed },
  );
  return {
    data: task,
    settings: {
      target,
      data,
      ...(labels !== undefined && { labels }),
      ...(standardize && { standardize }),
      points,
      test: test ?? 0.2,
    },
  };
}
