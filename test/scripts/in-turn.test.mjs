import { expect, test } from "vitest";
import { inTurn } from "../../scripts/lib/in-turn.mjs";

test("what several write at once comes one after the other, the first at once", () => {
  const written = [];
  const place = inTurn({ write: (chunk) => written.push(chunk) });
  const [first, second, third] = [place(), place(), place()];
  second.write("b1");
  first.write("a1");
  expect(written).toEqual(["a1"]);
  third.write("c1");
  third.end();
  first.end();
  expect(written).toEqual(["a1", "b1"]);
  second.write("b2");
  second.end();
  expect(written).toEqual(["a1", "b1", "b2", "c1"]);
});
