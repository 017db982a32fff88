import { expect, it } from "vitest";
import { decimal, wholeDecimal } from "../src/index.js";

it.each([
  ["1", 1],
  ["-1.5e3", -1500],
  ["+.5", 0.5],
  ["2.", 2],
  ["1E-2", 0.01],
  ["1e400", Number.POSITIVE_INFINITY],
])("decimal reads %s", (text, value) => {
  expect(decimal(text)).toBe(value);
});

it.each(["", " 1", "1 ", "0x10", "0b1", "1_000", "Infinity", "NaN", ".", "e5", "1e", "1e1.5", "--1", "1,5", "١"])(
  "decimal and wholeDecimal do not read %j",
  (text) => {
    expect(decimal(text)).toBeNaN();
    expect(wholeDecimal(text)).toBeNaN();
  },
);

it.each([
  ["7", 7],
  ["1e6", 1e6],
  ["1.5e1", 15],
  ["2.000", 2],
  ["100e-2", 1],
  ["0.0e-5", 0],
  ["-3", -3],
  ["9007199254740991", 9007199254740991],
])("wholeDecimal reads %s", (text, value) => {
  expect(Object.is(wholeDecimal(text), value)).toBe(true);
});

it.each(["9007199254740991.4", "1.5", "1e-1", "150e-2", "3.0000000000000000000001", "1e-400"])(
  "wholeDecimal does not round %s",
  (text) => {
    expect(wholeDecimal(text)).toBeNaN();
  },
);

it("long texts are refused at once", () => {
  const started = performance.now();
  for (const text of ["1".repeat(1e5), "0".repeat(1e5), ".".repeat(1e5), `0.${"0".repeat(1e5)}1`])
    expect([decimal(`${text}x`), wholeDecimal(`${text}x`), wholeDecimal(`${text}.5`)]).toEqual([NaN, NaN, NaN]);
  expect(performance.now() - started).toBeLessThan(500);
});
