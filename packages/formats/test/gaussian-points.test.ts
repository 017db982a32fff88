import { normals, ShapeError, stream } from "@sonde/core";
import { expect, it } from "vitest";
import { gaussianPoints } from "../src/index.js";

it("gaussianPoints takes the draws of the stream in order", () => {
  const { rows, cols, data } = gaussianPoints(stream(5), 3, 2);
  expect([rows, cols]).toEqual([3, 2]);
  expect(data).toEqual(normals(stream(5), new Float64Array(6)));
  expect(gaussianPoints(stream(5), 2, 2).data).toEqual(data.subarray(0, 4));
});

it("gaussianPoints refuses sizes that are not whole", () => {
  expect(() => gaussianPoints(stream(5), 1.5, 2)).toThrow(ShapeError);
});
