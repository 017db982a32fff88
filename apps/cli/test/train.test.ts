import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { writeIdx } from "@sonde/formats";
import { describe, expect, it } from "vitest";
import { expectRecord, optionsOf, trainSettings, trainShape } from "./contract.js";
import { ended, inProcess, patience, start, useFolder } from "./sonde.js";

const folder = useFolder();
const file = (name: string, content: string | Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const small = ["train", "1-2x4-1", "--target", "abs", "--points", "200", "--runs", "12", "--steps", "80"];
const record = (stdout: string) => expectRecord(stdout, "train", trainShape, trainSettings);

describe("--json prints one object of the contract's shape", { timeout: patience }, () => {
  it("whose settings lead to the same result, on any number of threads", async () => {
    const first = await inProcess([...small, "--json", "--quiet", "--monitor", "death,vni", "--optimizer", "momentum:0.8"]);
    expect(first.code).toBe(0);
    const { result, settings } = record(first.stdout);
    const counted = Object.values(result.outcomes as Record<string, number>).reduce((sum, count) => sum + count, 0);
    expect([counted, result.runs, result.bornDead.dead.learned]).toEqual([12, 12, 0]);
    expect(settings).toMatchObject({ optimizer: "momentum:0.8", learningRate: 0.001, batch: 128, monitor: "death,vni" });
    const again = await inProcess(["train", ...optionsOf({ settings } as never), "--json", "--quiet", "--threads", "2"]);
    expect(record(again.stdout).result).toEqual(result);
  });

  it("of digits, with a test set", async () => {
    const args = ["train", "64-16-10", "--data", "digits", "--runs", "2", "--steps", "60", "--learning-rate", "0.01", "--json"];
    const { stdout } = await inProcess(args);
    const { result } = record(stdout);
    expect(result.curves.testAccuracy.at(-1).p50).toBeGreaterThan(0.5);
    expect(result.networks[0].testLoss).toBeGreaterThan(0);
  });
});

it("a report says what became of them, and a figure shows it", { timeout: patience }, async () => {
  const plot = join(folder, "run.svg");
  const { code, stdout } = await inProcess([...small, "--plot", plot, "--quiet"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/12 random networks trained on \|x\| at 200 points/);
  expect(stdout).toMatch(/outcome +networks +share +95 %/);
  expect(stdout).toMatch(/how they died .*born dead/);
  expect(readFileSync(plot, "utf8")).toMatch(/What became of the networks/);
});

describe("data of one's own", { timeout: patience }, () => {
  const train = (...args: string[]) => inProcess(["train", ...args, "--runs", "2", "--steps", "30", "--json", "--quiet"]);
  it("a named column is a value to be reached, a column of names is a class", async () => {
    const columns = (from: (i: number) => readonly (number | string)[]) =>
      Array.from({ length: 20 }, (_, i) => from(i).join(","));
    const numbers = file("numbers.csv", ["x,price,z", ...columns((i) => [i, 2 * i + 1, i % 3])].join("\n"));
    const price = record((await train("2-8-1", "--data", numbers, "--target", "column:price")).stdout);
    expect(price.settings).toMatchObject({ target: "column:price", loss: "mse", test: 0.2 });
    expect(price.result.networks[0].accuracy).toBeUndefined();
    const named = file("named.csv", ["x,kind", ...columns((i) => [i, i % 2 ? "odd" : "even"])].join("\n"));
    const kind = record((await train("1-8-2", "--data", named, "--target", "column:kind")).stdout);
    expect(kind.settings.loss).toBe("cross-entropy");
    expect(kind.result.networks[0].accuracy).toBeGreaterThanOrEqual(0);
  });
  it("labels may be in a file of their own", async () => {
    const points = file("points.idx", writeIdx({ shape: [30, 2, 2], data: Uint8Array.from({ length: 120 }, (_, i) => i) }));
    const labels = file("labels.idx", writeIdx({ shape: [30], data: Uint8Array.from({ length: 30 }, (_, i) => i % 3) }));
    const { result } = record((await train("4-8-3", "--data", points, "--labels", labels)).stdout);
    expect(result.constants.mean).toHaveLength(3);
  });
});

describe("a checkpoint", { timeout: patience }, () => {
  const long = [
    "train",
    "1-2x6-1",
    "--target",
    "x-sin-5x",
    "--points",
    "500",
    "--runs",
    "16",
    "--steps",
    "1500",
    "--json",
    "--quiet",
  ];
  it("keeps an interrupted run, which goes on to the same bits", async () => {
    const checkpoint = join(folder, "run.json");
    const whole = record((await inProcess(long)).stdout);
    const child = start([...long, "--checkpoint", checkpoint]);
    const first = ended(child);
    // It is written before training begins.
    while (!existsSync(checkpoint)) await sleep(50);
    await sleep(400);
    const pressed = performance.now();
    child.kill("SIGINT");
    const { code, stdout, stderr } = await first;
    expect(performance.now() - pressed).toBeLessThan(3000);
    // It may have been finished (at its very end the signal finds nobody who listens), or on a busy machine not have looked at anything yet.
    const interrupted = code !== 0 && code !== null;
    if (interrupted) expect(code).toBe(130);
    if (interrupted && stdout === "") expect(stderr).toMatch(/before anything was finished/);
    else if (interrupted) {
      const part = record(stdout);
      expect(part.interrupted).toBe(true);
      expect(part.result.steps).toBeLessThan(1500);
    }
    const rest = record((await inProcess([...long, "--checkpoint", checkpoint, "--threads", "2"])).stdout);
    expect(rest.result).toEqual(whole.result);
    const other = await inProcess([...long, "--seed", "1", "--checkpoint", checkpoint]);
    expect({ code: other.code, stdout: other.stdout }).toEqual({ code: 2, stdout: "" });
    expect(other.stderr).toMatch(/^sonde: the checkpoint .* is of a run with seed/);
  });
});

it("--executor tfjs trains on TensorFlow.js", { timeout: patience }, async () => {
  const args = ["train", "2-4x1-2", "--target", "xor", "--runs", "2", "--steps", "3", "--json", "--quiet", "--executor"];
  const [tfjs, reference] = [await inProcess([...args, "tfjs"]), await inProcess([...args, "reference"])];
  expect(record(tfjs.stdout).settings.executor).toBe("tfjs");
  const loss = ({ stdout }: { stdout: string }) => record(stdout).result.networks[1].loss;
  expect(Math.abs(loss(tfjs) - loss(reference))).toBeLessThan(1e-5);
});

describe("quick tests", { timeout: patience }, () => {
  it("--overfit says whether points can be learned by heart", async () => {
    const args = ["train", "2-16x2-2", "--target", "xor", "--overfit", "4", "--runs", "3", "--learning-rate", "0.01"];
    const { code, stdout } = await inProcess([...args, "--quiet"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/✓ yes: 100 % of the networks learned 4 points by heart/);
    const { result } = JSON.parse((await inProcess([...args, "--json"])).stdout);
    expect(result).toMatchObject({ points: 4, runs: 3, learned: { value: 1 } });
  });
  it("--coordinate-check shows activations over widths and steps", async () => {
    const { stdout } = await inProcess([
      "train",
      "2-8x2-2",
      "--target",
      "xor",
      "--coordinate-check",
      "--widths",
      "8,16",
      "--json",
    ]);
    const { result } = JSON.parse(stdout);
    expect(result.widths).toEqual([8, 16]);
    expect(result.layers.map(({ layer }: { layer: unknown }) => layer)).toEqual([1, 2, "output"]);
    expect(result.layers[0].values[1]).toHaveLength(6);
  });
});

const labelled = file("halves.csv", "1,0.5\n2,1\n3,0.5\n4,1\n5,0\n");
const refused: readonly (readonly [args: string, says: RegExp])[] = [
  ["1-2-1", /--target says what is learned/],
  ["1-2-1 --target abss", /unknown target function "abss": did you mean abs\?/],
  ["2-2-1 --target abs", /takes 1 input to 1 output, but the model has 2 and 1/],
  ["2-2-1 --target xor --loss cross-entropy", /give it 2, or choose mse/],
  ["1-2-1 --target xor", /a point has 2 values, but the model 1 inputs/],
  ["2-2-2 --target xor --points 3", /--points 4 or more/],
  ["2-2-1 --target xor --points 4 --spread 0.1", /the four corners of exclusive or have no spread/],
  ["1-2-1 --target abs --coordinate-check --steps 2000", /the coordinate check looks at 1 to 1000 steps/],
  ["64-100x3-10 --data digits --coordinate-check --widths 10000", /too large to be trained: 4 networks would need \d+ MiB/],
  ["1-2-1 --target abs --overfit 4 --coordinate-check", /are two tests: run one after the other/],
  ["1-2-1 --target abs --overfit 4 --batch 3", /puts all its points in every batch/],
  ["1-2-1 --target abs --checkpoint .", /is a directory, not a file/],
  ["1-2-1 --target abs --overfit 4 --checkpoint /nonexistent/x", /cannot be written \(ENOENT\)/],
  ["1-2-1 --target abs --batch 5000", /a batch of 5000 is larger than the data/],
  ["1-2-1 --target abs --learning-rate 0", /--learning-rate takes a number above 0/],
  ["1-2-1 --target abs --learning-rate NaN", /--learning-rate takes a number above 0/],
  ["1-2-1 --target abs --loss cross-entropy", /a loss for classes, but the targets are values/],
  ["1-2-1 --target abs --data digits", /--data has no meaning for the target "abs"/],
  ["1-2-1 --target labels", /takes what it learns from --data/],
  ["1-2-1 --target abs --optimizer lion", /--optimizer is one of sgd/],
  ["1-2-1 --target abs --optimizer adam:0.9", /--optimizer adam takes 2 numbers joined by a comma/],
  ["1-2-1 --target abs --loss huber:x", /--loss huber takes 1 number after a colon/],
  ["1-2-1 --target abs --schedule step:0,0.1", /from 1 to/],
  ["1-2-1 --target abs --warmup 1000", /warmup is a whole number from 0 to 999/],
  ["1-2-1 --target abs --monitor vmi", /--monitor is one of death/],
  ["1-2-1 --target abs --learned 1.5", /--learned takes a number above 0 and up to 1/],
  ["1-2-1 --target abs --executor gpu", /--executor is one of kernels, tfjs, reference/],
  ["1-2-1 --target abs --overfit 5 --monitor vni", /--monitor has no meaning for --overfit/],
  ["1-2-1 --target abs --widths 4", /--widths is for --coordinate-check/],
  ["64-2-5 --data digits", /10 classes needs as many outputs, but the model has 5/],
  [`1-2-2 --data ${labelled}`, /label 1 is 0.5, expected whole numbers from 0/],
  [`1-2-1 --data ${labelled} --target column:7`, /has no column "7"/],
];

describe("what makes no sense is answered in one sentence, with exit code 2", () => {
  it.each(refused.map(([args, says]) => ({ args: args.replace(folder, "..."), given: args, says })))(
    "$args",
    async ({ given, says }) => {
      const { code, stdout, stderr } = await inProcess(["train", ...given.split(" ")]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/^sonde: [^\n]+\n$/);
      expect(stderr).toMatch(says);
    },
  );
});
