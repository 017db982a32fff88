import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/index.js";

const varint = (value: number): number[] => (value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))]);
const whole = (number: number, value: number) => Buffer.from([...varint(number * 8), ...varint(value)]);
function field(number: number, ...content: (Uint8Array | string)[]): Uint8Array {
  const bytes = Buffer.concat(content.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes]);
}
const node = (operator: string, inputs: readonly string[], output: string, ...attributes: Uint8Array[]) =>
  field(1, ...inputs.map((name) => field(1, name)), field(2, output), field(4, operator), ...attributes);
const list = (output: string, values: readonly number[]) =>
  node("Constant", [], output, field(5, field(1, "value_ints"), ...values.map((value) => whole(8, value)), whole(20, 7)));
const number = (output: string, value: number) =>
  node("Constant", [], output, field(5, field(1, "value_int"), whole(3, value), whole(20, 2)));

/** The tensor that an output is known as without running the graph. */
async function known(...nodes: Uint8Array[]) {
  const bytes = Buffer.concat([whole(1, 7), field(7, ...nodes, field(12, field(1, "y"))), field(8, whole(2, 13))]);
  const { tensors } = await parseModel(new Uint8Array(bytes));
  const found = tensors.find(({ name }) => name === "y");
  return found && { shape: found.shape, values: Array.from(found.values(), Number) };
}

describe("constants that exporters compute in the graph", () => {
  it("a range", async () => {
    const ends = [number("a", 1), number("b", 8), number("c", 3)];
    expect(await known(...ends, node("Range", ["a", "b", "c"], "y"))).toEqual({ shape: [3], values: [1, 4, 7] });
    expect(await known(...ends.slice(0, 2), number("c", 0), node("Range", ["a", "b", "c"], "y"))).toBeUndefined();
  });

  it("a row repeated along another axis", async () => {
    const parts = [list("x", [5, 6, 7]), list("s", [2, 3]), node("Expand", ["x", "s"], "y")];
    expect(await known(...parts)).toEqual({ shape: [2, 3], values: [5, 6, 7, 5, 6, 7] });
  });

  it("entries put into others", async () => {
    const scattered = (...places: number[]) => [
      ...[list("x", [9, 9, 9, 9]), list("i", places), list("one", [2, 1]), list("u", [1, 2])],
      ...[node("Reshape", ["i", "one"], "places"), node("ScatterND", ["x", "places", "u"], "y")],
    ];
    expect(await known(...scattered(3, 1))).toEqual({ shape: [4], values: [9, 2, 9, 1] });
    expect(await known(...scattered(3, 4))).toBeUndefined();
  });
});
