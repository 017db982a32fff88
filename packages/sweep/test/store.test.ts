import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { mergeStore, openStore, openWriter, planSweep, runCells, type SweepPlan, storeState } from "@sonde/sweep/node";
import { afterAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "sonde-store-"));
afterAll(() => rmSync(folder, { recursive: true }));
let stores = 0;

/** A plan of cells that are numbers, and a store of its own for it. */
function fresh(cells = 20): { plan: SweepPlan; store: string } {
  const store = join(folder, `store-${++stores}`);
  const values = Array.from({ length: cells }, (_, k) => String(k));
  const plan = planSweep(
    { command: "square", grids: [{ x: values }] },
    { settings: (point) => point, cost: ({ x }) => Number(x), resultVersion: 1 },
  );
  return { plan: openStore(store, plan), store };
}

/** Squares numbers; 13 fails, 7 ends its thread, and what is told to may take long. */
const code = `
const { parentPort } = require("node:worker_threads");
parentPort.on("message", ({ x, ms }) => {
  if (x === "13") return parentPort.postMessage({ failure: "thirteen is unlucky" });
  if (x === "7" && ms < 0) process.exit(5);
  const answer = () => parentPort.postMessage({ fields: JSON.stringify({ settings: { x: Number(x) }, result: { y: x * x } }) });
  if (ms > 0) setTimeout(answer, ms); else answer();
});`;

function run({ plan, store }: { plan: SweepPlan; store: string }, options: Partial<Parameters<typeof runCells>[1]> = {}, ms = 0) {
  return runCells(plan, {
    store,
    threads: 2,
    createWorker: () => new Worker(code, { eval: true }),
    task: (cell) => ({ x: plan.point(cell).x, ms }),
    command: (cell) => `square ${plan.point(cell).x}`,
    signal: new AbortController().signal,
    ...options,
  });
}

describe("running the cells of a plan", () => {
  it("keeps each in the store, and does the same nothing again", async () => {
    const sweep = fresh(10);
    expect(await run(sweep)).toMatchObject({ cells: 10, kept: 0, done: 10, own: 10, failed: 0 });
    expect(await run(sweep)).toMatchObject({ cells: 10, kept: 10, done: 10, own: 0, failed: 0 });
    expect([...mergeStore(sweep.store, sweep.plan).records()].map(({ record }) => record.result.y)).toEqual(
      Array.from({ length: 10 }, (_, x) => x * x),
    );
  });

  it("records failures with what repeats them, leaves them, and tries them again when asked to", async () => {
    const sweep = fresh();
    expect(await run(sweep)).toMatchObject({ cells: 20, done: 19, failed: 1 });
    const state = storeState(sweep.store);
    state.refresh();
    expect([...state.failures.values()]).toEqual([{ message: "thirteen is unlucky", command: "square 13" }]);
    expect(await run(sweep)).toMatchObject({ own: 0, failed: 1 });
    const lucky = { retryFailed: true, task: () => ({ x: "3", ms: 0 }) };
    expect(await run(sweep, lucky)).toMatchObject({ own: 1, done: 20, failed: 0 });
  });

  it("takes a thread that dies for a failure of its cell", async () => {
    const sweep = fresh(9);
    expect(await run(sweep, {}, -1)).toMatchObject({ done: 8, failed: 1 });
    const state = storeState(sweep.store);
    state.refresh();
    expect([...state.failures.values()][0].message).toMatch(/^the thread that computed it ended: .*5/);
  });

  it("stops after so many failures", async () => {
    const sweep = fresh();
    const broken = await run(sweep, { maxFailures: 3, threads: 1, task: () => ({ x: "13" }) });
    expect(broken).toMatchObject({ failed: 3, done: 0, ended: "failures" });
    expect((await run(sweep, { maxFailures: 4, task: () => ({ x: "13" }) })).failed).toBeGreaterThanOrEqual(7);
  });

  it("keeps what is finished when it is told to stop, and goes on from it", async () => {
    const sweep = fresh(8);
    const stop = new AbortController();
    const first = await run(sweep, { signal: stop.signal, progress: ({ done }) => done >= 3 && stop.abort() }, 5);
    expect(first.ended).toBe("signal");
    expect(first.done).toBeGreaterThanOrEqual(3);
    expect(first.done).toBeLessThan(8);
    expect(await run(sweep)).toMatchObject({ kept: first.done, done: 8 });
    expect(mergeStore(sweep.store, sweep.plan).duplicates).toBe(0);
  });

  it("shares the work with whoever runs on the same store, each cell once", async () => {
    const sweep = fresh(40);
    const lucky = { task: (cell: number) => ({ x: cell === 13 ? "1" : String(cell), ms: 10 }), threads: 1 };
    const runs = await Promise.all([run(sweep, lucky), run(sweep, lucky), run(sweep, lucky)]);
    expect(runs.map(({ done }) => done)).toEqual([40, 40, 40]);
    expect(runs.every(({ own }) => own > 3)).toBe(true);
    // At the end a cell that another has in hand may be done twice.
    expect(runs.reduce((sum, { own }) => sum + own, 0)).toBeLessThan(46);
  });

  it("splits into shards that together are all of it", async () => {
    const sweep = fresh(12);
    for (const index of [1, 2, 3, 4, 5]) await run(sweep, { shard: { index, of: 5 } });
    expect(mergeStore(sweep.store, sweep.plan)).toMatchObject({ cells: 12, done: 12, duplicates: 0 });
  });
});

describe("a store", () => {
  it("takes whole lines only: the torn end of a killed writer and damaged lines are done again", async () => {
    const sweep = fresh(6);
    await run(sweep);
    const records = join(sweep.store, "records");
    const [name] = readdirSync(records);
    const lines = readFileSync(join(records, name), "utf8").split("\n").slice(0, -1);
    const damaged = lines[1].replace(/"y":(\d)/, '"y":9$1');
    writeFileSync(join(records, name), `${[lines[0], damaged, ...lines.slice(2, -1)].join("\n")}\n${lines.at(-1)?.slice(0, -4)}`);
    const state = storeState(sweep.store);
    state.refresh();
    expect(state.done.size).toBe(4);
    expect(state.damaged()).toEqual({ lines: 1, torn: 1 });
    expect(await run(sweep)).toMatchObject({ kept: 4, own: 2, done: 6 });
    expect(mergeStore(sweep.store, sweep.plan)).toMatchObject({ done: 6, damaged: { lines: 1, torn: 1 } });
  });

  it("follows what others add, without reading it twice", () => {
    const { store, plan } = fresh();
    const [state, writer] = [storeState(store), openWriter(store)];
    writer.write("records", plan.ids[0], '{"result":{}}');
    state.refresh();
    expect(state.done).toEqual(new Set([plan.ids[0]]));
    writer.write("records", plan.ids[1], "{}");
    state.refresh();
    state.refresh();
    expect([state.done.size, state.records()]).toEqual([2, 2]);
    writer.close();
  });

  it("reads lines that are longer than what is read at once", () => {
    const { store, plan } = fresh();
    const writer = openWriter(store);
    const long = JSON.stringify({ settings: {}, result: { text: "x".repeat(9_000_000) } });
    for (const id of plan.ids.slice(0, 2)) writer.write("records", id, long);
    writer.close();
    const merged = mergeStore(store, plan);
    expect(merged.done).toBe(2);
    expect([...merged.records()].every(({ record }) => (record.result.text as string).length === 9_000_000)).toBe(true);
  });

  it("compares what was done twice bit by bit", () => {
    const { store, plan } = fresh();
    const [first, second, third] = [openWriter(store), openWriter(store), openWriter(store)];
    first.write("records", plan.ids[3], '{"result":{"y":9}}');
    second.write("records", plan.ids[3], '{"result":{"y":9}}');
    expect(mergeStore(store, plan)).toMatchObject({ done: 1, duplicates: 1 });
    third.write("records", plan.ids[3], '{"result":{"y":9.000000000000002}}');
    expect(() => mergeStore(store, plan)).toThrow(
      /two results of the cell .*"x":"3".* differ, in records\/.*jsonl and records\//,
    );
  });

  it("of another plan is refused, with what differs", () => {
    const { store, plan } = fresh(3);
    const other = (change: object) => ({ ...plan, hash: "x", request: { ...plan.request, ...change } });
    expect(() => openStore(store, other({ command: "cube" }))).toThrow(/its command is "square", not "cube"/);
    expect(() => openStore(store, other({ model: "m" }))).toThrow(/its model is nothing, not "m"/);
    expect(() => openStore(store, other({ grids: [{ x: ["1"] }] }))).toThrow(/its x is "0,1,2", not "1"/);
    expect(() => openStore(store, { ...plan, hash: "x", resultVersion: 2 })).toThrow(
      /result version 1, those of this release of 2/,
    );
  });

  it("is not made where nothing can be written, nor out of a damaged plan", () => {
    const { plan } = fresh(3);
    writeFileSync(join(folder, "file"), "");
    expect(() => openStore(join(folder, "file", "store"), plan)).toThrow(/cannot be written \(ENOTDIR\)/);
    const damaged = join(folder, "damaged");
    mkdirSync(damaged);
    writeFileSync(join(damaged, "plan.json"), '{"kind":"sonde sweep","grids":[]');
    expect(() => openStore(damaged, plan)).toThrow(/no plan of a sweep, or is damaged/);
  });

  it("keeps the order of its plan, so that shards of other releases split the same", () => {
    const { store, plan } = fresh(5);
    const reversed = { ...plan, order: Uint32Array.from([...plan.order].reverse()) };
    expect([...openStore(store, reversed).order]).toEqual([...plan.order]);
  });

  it("survives any bytes in its files", () => {
    const { store, plan } = fresh(3);
    mkdirSync(join(store, "records"), { recursive: true });
    writeFileSync(join(store, "records", "a.jsonl"), Buffer.from([0, 10, 255, 254, 10, 123, 10, 13, 10, 34]));
    appendFileSync(join(store, "records", "b.jsonl"), '{"id":"00000000000000000000000000000000","check":"00000000"}\n\n\n');
    expect(mergeStore(store, plan)).toMatchObject({ done: 0, damaged: { lines: 5, torn: 1 } });
  });
});
