import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { inProcess } from "../../cli/test/sonde.js";
import { type Asking, answer } from "../src/engine/answer.js";
import type { Question } from "../src/engine/protocol.js";
import { trainingCommand, trainWatched } from "../src/engine/training.js";
import { commandLine } from "../src/settings/command-line.js";
import { initialSettings, type Settings } from "../src/settings/settings.js";

const digits = fileURLToPath(new URL("../../../packages/formats/data/digits.csv.gz", import.meta.url));

function asking(settings: Partial<Settings>): Asking {
  return { subject: { settings: { ...initialSettings, ...settings } }, fetchDigits: async () => readFile(digits) };
}

/** The last answer of the page, as JSON. */
async function lastOf(question: Question, asked: Asking): Promise<unknown> {
  let last: unknown;
  for await (const known of answer(question, asked)) last = known.answer;
  return JSON.parse(JSON.stringify(last));
}

/** What the command line prints. */
async function printed(command: string): Promise<{ result: Record<string, unknown> }> {
  const { stdout } = await inProcess([...command.split(" ").slice(1), "--json", "--threads", "1", "--quiet"]);
  return JSON.parse(stdout);
}

describe("the page answers what the command line prints, bit for bit", () => {
  const cases: readonly [Question, Partial<Settings>][] = [
    ["death", {}],
    ["predict", { width: 8, data: "gaussian" }],
  ];
  it.each(cases)("%s of %o", async (question, settings) => {
    const asked = asking(settings);
    const found = (await lastOf(question, asked)) as Record<string, unknown>;
    const { result } = await printed(commandLine(question, asked.subject.settings));
    if (question === "death") expect(found).toMatchObject(result.bornDead as object);
    else expect(found.layers).toEqual(result.layers);
  });

  it("train", async () => {
    const subject = { settings: { ...initialSettings, width: 8, depth: 2 }, target: "abs", steps: 20, learningRate: 0.01 } as const;
    const frames: number[] = [];
    const record = await trainWatched(subject, {
      signal: new AbortController().signal,
      frame: ({ step }) => frames.push(step),
    });
    const { result } = await printed(trainingCommand(subject));
    expect(record.outcomes).toEqual(result.outcomes);
    expect(record.networks.map(({ loss }) => loss)).toEqual((result.networks as { loss: number }[]).map(({ loss }) => loss));
    expect(frames.at(-1)).toBe(20);
  });
});
