import { describe, expect, it } from "vitest";
import { fixture } from "../fixture.js";
import { readModel } from "./models.js";

/** Shapes between operators by onnx's own inference; null where an axis is open. */
const known = fixture<Record<string, Record<string, (number | null)[]>>>("model-shapes.json");

describe("shapes between operators are those that onnx infers", () => {
  it.each(Object.keys(known))("%s", async (name) => {
    const { nodes, shapes } = await readModel(`${name}.onnx`);
    const values = (nodes ?? []).flatMap(({ outputs }) => outputs).filter((value) => Object.hasOwn(known[name], value));
    expect(values.length).toBeGreaterThan(3);
    for (const value of values) {
      const found = shapes[value];
      const expected = known[name][value];
      expect({ value, axes: found?.length }).toEqual({ value, axes: expected.length });
      // What onnx leaves open may be known here.
      expect({ value, shape: found.map((size, k) => (expected[k] === null ? null : size)) }).toEqual({ value, shape: expected });
    }
  });
});
