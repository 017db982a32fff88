import { readFileSync } from "node:fs";
import { matrix } from "@sonde/core";
import { mlp } from "@sonde/nets";
import {
  defaultOptimizer,
  kernelExecutor,
  type Loss,
  type Optimizer,
  parameterBlocks,
  referenceExecutor,
  type Schedule,
  slotCount,
  type TrainingPlan,
} from "@sonde/training";
import { describe, expect, test } from "vitest";

/** 50 updates by PyTorch, see make_updates.py. */
interface Case extends Partial<Pick<TrainingPlan, "l2" | "decay" | "decayBiases" | "clip" | "warmup" | "trainNorms">> {
  readonly optimizer: Optimizer["name"];
  readonly learningRate: number;
  readonly loss: Loss;
  readonly activation?: string;
  readonly norm?: "none" | "batch" | "layer" | "rms";
  readonly schedule?: Schedule;
  readonly losses: number[];
  readonly parameters: number[];
}

const cases: Case[] = JSON.parse(readFileSync(new URL("fixtures/updates.json", import.meta.url), "utf8"));
const points = 12;
const inputs = matrix(points, 2);
const values = matrix(points, 3);
const classes = matrix(points, 1);
for (let p = 0; p < points; p++) {
  for (let k = 0; k < 2; k++) inputs.data[2 * p + k] = Math.sin(0.9 * p + 1.7 * k + 0.2);
  for (let j = 0; j < 3; j++) values.data[3 * p + j] = Math.cos(1.1 * p + 0.8 * j);
  classes.data[p] = (7 * p) % 3;
}

function planOf({ losses, parameters: _, optimizer, activation = "tanh", norm = "none", ...given }: Case): TrainingPlan {
  return {
    architecture: mlp("2-5x2-3", { activation, norm }),
    inputs,
    targets: given.loss.name === "cross-entropy" ? classes : values,
    optimizer: defaultOptimizer(optimizer).optimizer,
    schedule: { name: "constant" },
    warmup: 0,
    l2: 0,
    decay: 0,
    decayBiases: true,
    trainBiases: true,
    trainNorms: false,
    batch: points,
    batches: "shared",
    steps: losses.length,
    runs: 1,
    seed: 0,
    ...given,
  };
}

describe.each([
  { executor: referenceExecutor, parameterError: 1e-8, lossError: 1e-10 },
  { executor: kernelExecutor, parameterError: 1e-5, lossError: 1e-5 },
])("$executor.name makes the updates of PyTorch", ({ executor, parameterError, lossError }) => {
  test.each(cases.map((one) => ({ name: titleOf(one), one })))("$name", async ({ one }) => {
    const plan = planOf(one);
    const { blocks, size } = parameterBlocks(plan);
    const start = Float64Array.from({ length: size }, (_, i) => 0.9 * Math.sin(0.7 * i + 0.2));
    for (const { norm, start: first, cols } of blocks)
      if (norm) start.fill(1, first, first + cols).fill(0, first + cols, first + 2 * cols);
    const group = await executor.prepare(plan, 0, 1, {
      executor: executor.name,
      first: 0,
      count: 1,
      step: 0,
      parameters: start,
      slots: Array.from({ length: slotCount(plan.optimizer) }, () => new Float64Array(size)),
      losses: Float64Array.of(Number.NaN),
    });
    for (const expected of one.losses) {
      await group.advance(1);
      expect(Math.abs(group.losses()[0] - expected)).toBeLessThan(lossError);
    }
    const { parameters } = group.save();
    // A bias before batch norm has no gradient but rounding, which Adam divides by little more than its epsilon, 1e-8: float32's moves it.
    const idle = new Set<number>();
    if (one.norm === "batch" && executor !== referenceExecutor)
      for (const { start: first, rows, cols } of blocks.slice(0, 2))
        for (let j = 0; j < cols; j++) idle.add(first + rows * cols + j);
    one.parameters.forEach((expected, i) => {
      if (idle.has(i)) return;
      expect(Math.abs(parameters[i] - expected)).toBeLessThan(parameterError);
    });
  });
});

function titleOf({ losses: _losses, parameters: _parameters, optimizer, loss, learningRate: _rate, ...rest }: Case): string {
  const schedule = rest.schedule ? { schedule: rest.schedule.name } : {};
  const more = Object.entries({ ...rest, ...schedule }).map(([name, value]) => `${name} ${value}`);
  return [optimizer, loss.name, ...more].join(", ");
}
