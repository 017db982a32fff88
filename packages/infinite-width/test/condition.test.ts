import { matrixFromRows } from "@sonde/core";
import { expect, it } from "vitest";
import { kernelCondition } from "../src/index.js";

it("a kernel's condition is infinite from where its smallest eigenvalue is rounding: n times 2^-52 of the largest", () => {
  const condition = (smallest: number) =>
    kernelCondition(
      matrixFromRows([
        [1, 0],
        [0, smallest],
      ]),
    )?.condition;
  expect(condition(3 * 2 ** -52)).toBe(2 ** 52 / 3);
  expect(condition(2 * 2 ** -52)).toBe(Number.POSITIVE_INFINITY);
});
