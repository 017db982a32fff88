import { axisValues, canonical, parseGrid, parseShard, points, shardOf } from "@sonde/sweep";
import { cellId, planSweep } from "@sonde/sweep/node";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

describe("values of an axis", () => {
  it.each([
    ["2..5", ["2", "3", "4", "5"]],
    ["0..100:25", ["0", "25", "50", "75", "100"]],
    ["0..1:0.25", ["0", "0.25", "0.5", "0.75", "1"]],
    ["0.1..0.3:0.1", ["0.1", "0.2", "0.3"]],
    ["1..1000:log4", ["1", "10", "100", "1000"]],
    ["1.0..4.0:log3", ["1", "2", "4"]],
    ["1..4:log9", ["1", "2", "3", "4"]],
    ["0.5..4:lin8", ["0.5", "1", "1.5", "2", "2.5", "3", "3.5", "4"]],
    ["-1,1|0,2", ["-1,1", "0,2"]],
    ["he-normal, rai,he-normal", ["he-normal", "rai"]],
    ["8,2..3", ["8", "2", "3"]],
  ])("of %s", (text, values) => {
    expect(axisValues("a", text)).toEqual(values);
  });

  it("are about eight a factor of ten on a logarithmic range", () => {
    const values = axisValues("depth", "1..200:log").map(Number);
    expect(values[0]).toBe(1);
    expect(values.at(-1)).toBe(200);
    expect(values.length).toBeGreaterThan(14);
    expect(values).toEqual([...values].sort((a, b) => a - b));
  });

  it.each([
    "",
    "2..",
    "..3",
    "5..2",
    "2..x",
    "0..8:log",
    "1..9:log1",
    "1..2:",
    "0.5..2",
    "1..2:0",
    "1..2:-1",
    "0..1e9",
    "1..9:lin1.5",
    "a,,b",
  ])("are refused in one sentence: %j", (text) => {
    expect(() => axisValues("a", text)).toThrow(/^the axis "a" .*/);
  });

  it("never hang or crash on any text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          return axisValues("a", text).length <= 1e6;
        } catch (error) {
          return (error as Error).name === "ConfigError";
        }
      }),
    );
  });
});

describe("a grid", () => {
  it("is all combinations, the last axis fastest", () => {
    const grid = parseGrid(["width=2,3", "init=a,b"]);
    expect([...points([grid])].map(({ width, init }) => width + init)).toEqual(["2a", "2b", "3a", "3b"]);
  });

  it.each([["width"], ["=3"], ["width=2", "width=3"], ["Width=2..x"]])("is refused: %j", (...words) => {
    expect(() => parseGrid(words)).toThrow(expect.objectContaining({ name: "ConfigError" }));
  });
});

describe("the name of a cell", () => {
  it("does not depend on the order of its settings, on what is undefined or on the sign of zero", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string(),
          fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }))),
        ),
        (settings) => {
          const reversed = Object.fromEntries(Object.entries(settings).reverse());
          return canonical(settings) === canonical({ ...reversed, absent: undefined });
        },
      ),
    );
    expect(cellId({ a: -0 }, 1)).toBe(cellId({ a: 0 }, 1));
  });

  it("depends on every setting and on the result version", () => {
    const names = [cellId({ a: 1 }, 1), cellId({ a: 2 }, 1), cellId({ b: 1 }, 1), cellId({ a: "1" }, 1), cellId({ a: 1 }, 2)];
    expect(new Set(names).size).toBe(5);
    expect(names[0]).toMatch(/^[0-9a-f]{32}$/);
  });

  it("stays what it was in stores", () => {
    // printf '{"resultVersion":1,"settings":{"command":"death","model":"1-2x1-1"}}' | sha256sum
    expect(cellId({ model: "1-2x1-1", command: "death" }, 1)).toBe("733eabd9d7850b871d3ce139743c8832");
  });

  it("refuses numbers that JSON does not have", () => {
    expect(() => canonical({ a: Number.NaN })).toThrow(TypeError);
  });
});

describe("shards", () => {
  it("share the order without overlap and gap", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 40 }), (cells, of) => {
        const order = Array.from({ length: cells }, (_, k) => k);
        const all = Array.from({ length: of }, (_, k) => shardOf(order, { index: k + 1, of })).flat();
        return all.sort((a, b) => a - b).join() === order.join();
      }),
    );
  });

  it("take about as long as each other where cells cost very different amounts", () => {
    const grids = [parseGrid(["width=2..101", "depth=1..40"])];
    const cost = ({ width, depth }: Readonly<Record<string, string>>) => Number(width) ** 2 * Number(depth);
    const plan = planSweep({ command: "x", grids }, { settings: (point) => point, cost, resultVersion: 1 });
    for (const of of [7, 40, 100]) {
      const sums = Array.from({ length: of }, (_, k) =>
        shardOf(plan.order, { index: k + 1, of }).reduce((sum, cell) => sum + plan.costs[cell], 0),
      );
      const mean = sums.reduce((a, b) => a + b) / of;
      expect(Math.max(...sums) / mean).toBeLessThan(1.1);
    }
  });

  it.each(["0/3", "4/3", "1", "a/b", "1/2/3", "1.5/2"])("are refused: %s", (text) => {
    expect(() => parseShard(text)).toThrow(/^--shard takes I\/N/);
  });
});

it("a plan keeps a combination once, dearest first", () => {
  const plan = planSweep(
    { command: "x", grids: [{ a: ["1", "2"] }, { a: ["2", "3"] }] },
    { settings: (point) => point, cost: ({ a }) => Number(a), resultVersion: 1 },
  );
  expect(plan.ids).toHaveLength(3);
  expect([...plan.order].map((cell) => plan.point(cell).a)).toEqual(["3", "2", "1"]);
});
