import { Worker } from "node:worker_threads";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasChromium, openPage } from "./chromium.js";
import { digests } from "./digest.js";
import { ensembleBits } from "./ensembles.js";
import type { Answers } from "./page.js";
import { trainingBits } from "./training.js";

const createWorker = () => new Worker(new URL("./worker.mjs", import.meta.url), { execArgv: [] });

describe.skipIf(!hasChromium)("in Chromium (skipped without the Debian package chromium)", () => {
  let page: Page;
  let close = async () => {};
  beforeAll(async () => {
    ({ page, close } = await openPage());
  }, 60_000);
  afterAll(() => close());

  /** What the page answers. */
  function ask<Name extends keyof Answers>(name: Name, ...args: Parameters<Answers[Name]>): ReturnType<Answers[Name]> {
    return page.evaluate(`globalThis.answers.${name}(...${JSON.stringify(args)})`) as ReturnType<Answers[Name]>;
  }

  /** Chromium tells of a worker's end a little later. */
  const noWorkersLeft = () => expect.poll(() => page.workers().length, { timeout: 10_000 }).toBe(0);

  it("mathematics, random draws and kernels give the same bits as in Node", async () => {
    expect(await ask("digests")).toEqual(await digests());
  });

  it("ensembles give the same bits as in Node, for every executor, in 0 and 2 workers", async () => {
    const expected = await ensembleBits({});
    expect(await ensembleBits({ createWorker, threads: 2 })).toEqual(expected);
    expect(await ask("inline")).toEqual(expected);
    let started = 0;
    page.on("worker", () => started++);
    expect(await ask("bits", 2)).toEqual(expected);
    expect(started).toBe(2 * expected.length);
    await noWorkersLeft();
  });

  it("networks are trained to the same bits as in Node", async () => {
    const bits = await trainingBits();
    expect(bits.flat().every(Number.isFinite)).toBe(true);
    expect(await ask("training")).toEqual(bits);
  });

  // Chunks of minutes; the bound leaves a busy machine ten times the second that an abort may take.
  it("an abort ends workers at once, wherever they are", async () => {
    expect(await ask("msToAbort")).toBeLessThan(10_000);
    await noWorkersLeft();
  });

  it("a worker that cannot be loaded fails the run", async () => {
    expect(await ask("missingWorker")).toMatch(/^Error: a worker stopped: /);
  });
});
