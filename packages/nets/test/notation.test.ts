import { ConfigError } from "@sonde/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseNotation } from "../src/index.js";

test("a notation lists input, hidden layers and output", () => {
  expect(parseNotation("784-128x20-10")).toEqual([784, ...new Array(20).fill(128), 10]);
  expect(parseNotation("1-2-2-2-1")).toEqual([1, 2, 2, 2, 1]);
  expect(parseNotation("784-256-64x8-10")).toEqual([784, 256, ...new Array(8).fill(64), 10]);
  expect(parseNotation("784-10")).toEqual([784, 10]);
});

test("the limits themselves are allowed", () => {
  expect(parseNotation("1-2x100000-1")).toHaveLength(100_002);
  expect(parseNotation("2147-1000000-1")).toHaveLength(3);
});

test.each([
  ["", "is empty"],
  ["784-0x3-10", "has width 0 at position 5: a width is a whole number from 1 to 1000000"],
  ["784-128x0-10", "repeats a layer x0 at position 5"],
  ["784", "has no output at position 4"],
  ["5x999999999", "has no output at position 12"],
  ["784-128x20", "repeats its output at position 5"],
  ["2x3-1", "repeats its input at position 1"],
  ["784--10", "has no width at position 5"],
  ["784-128x20-", "has no width at position 12"],
  ["784-abc-10", 'has "abc", which is not a width, at position 5'],
  ["784-12.5-10", 'has "12.5", which is not a width, at position 5'],
  ["model.onnx", 'has "model.onnx", which is not a width, at position 1'],
  ["1-1000001-1", "has width 1000001 at position 3"],
  ["1-2x100001-1", "has more than 100000 hidden layers at position 3"],
  ["1-2x60000-3x60000-1", "has more than 100000 hidden layers at position 11"],
  ["1-2x999999999-1", "has more than 100000 hidden layers at position 3"],
  ["1-99999999999999999999999999999-1", "has width 99999999999999999999 at position 3"],
  ["1000000-1000000-1", "asks for 1000000 x 1000000 weights at position 9"],
  ["1-50000x2-1", "asks for 50000 x 50000 weights at position 3"],
])("%j is refused in one sentence with the position", (notation, message) => {
  expect(() => parseNotation(notation)).toThrow(ConfigError);
  expect(() => parseNotation(notation)).toThrow(message);
});

test("an error quotes at most 80 characters of a long notation", () => {
  const notation = `1-${"9".repeat(100_000)}-1`;
  expect(() => parseNotation(notation)).toThrow(/^.{0,250}$/);
});

test("writing widths and reading them back gives the same widths", () => {
  const widths = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 30 });
  fc.assert(
    fc.property(widths, (list) => {
      expect(parseNotation(list.join("-"))).toEqual(list);
    }),
  );
});
