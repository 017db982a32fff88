import { describe, expect, it } from "vitest";
import { lineFigure, renderTerminal } from "../src/index.js";
import { figures } from "./records.js";

const falling = lineFigure({
  title: "Falling",
  x: { label: "layer", whole: true },
  y: { label: "share" },
  series: [{ name: "share", x: [1, 2, 3], y: [1, 0.5, 0] }],
});
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes begin with one
const escapes = /\x1b\[[0-9;]*m/g;

describe("a figure in the terminal", () => {
  it("is a coarse form of the picture", () => {
    const lines = renderTerminal(falling, { width: 40, height: 4 }).split("\n");
    expect(lines.slice(0, 4)).toEqual(["  Falling", "", "  ● share", "  share"]);
    const [top, ...rows] = lines.slice(4, 8);
    expect(top).toMatch(/^ {3}1\.0┤[\u2801-\u28ff]+$/);
    expect(rows[2]).toMatch(/^ {3}0\.0┤\s+[\u2801-\u28ff]+$/);
    expect(lines.slice(8)).toEqual([
      `      └┬${"─".repeat(15)}┬${"─".repeat(14)}┬`,
      `       1${" ".repeat(15)}2${" ".repeat(14)}3`,
      "layer".padStart(39),
    ]);
  });

  it.each([40, 80, 100])("keeps to %i characters", (width) => {
    for (const colours of [false, true])
      for (const [name, make] of Object.entries(figures(9)))
        for (const line of renderTerminal(make(), { width, colours }).replace(escapes, "").split("\n"))
          expect([...line].length, `${name}: ${line}`).toBeLessThanOrEqual(width);
  });

  it("is sound where there is nothing to draw, and with 100,000 layers", () => {
    for (const count of [0, 1, 3])
      for (const fill of [() => null, () => Number.NaN, () => 0, () => 1e300])
        for (const make of Object.values(figures(count, fill)))
          expect(renderTerminal(make())).not.toMatch(/NaN|undefined|Infinity/);
    expect(renderTerminal(figures(100_000).death()).split("\n").length).toBeLessThan(60);
  });

  it("has escape codes for colours only where they are asked for", () => {
    expect(renderTerminal(figures(5).both())).not.toMatch(escapes);
    expect(renderTerminal(figures(5).both(), { colours: true })).toMatch(escapes);
  });

  it("tells curves apart by symbols without colours", () => {
    const text = renderTerminal(figures(9).both());
    for (const symbol of "●×+○") expect(text).toContain(symbol);
  });

  it.each([
    [{ width: 10 }, /40 to 1000/],
    [{ height: 1 }, /4 to 500/],
  ])("refuses %j", (options, says) => {
    expect(() => renderTerminal(falling, options)).toThrow(says);
  });
});
