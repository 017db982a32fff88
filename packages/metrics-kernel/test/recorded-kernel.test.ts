import { normals, stream } from "@sonde/core";
import { describe, expect, it } from "vitest";
import { recordedKernel } from "../src/index.js";

describe("recordedKernel", () => {
  it("is the mean product of the values of two points, of matrices larger than what is packed at a time", () => {
    const [points, units] = [5, 700];
    const data = normals(stream(1), new Float64Array(points * units));
    const { data: kernel, rows } = recordedKernel({ shape: [points, 7, 100], data: Float32Array.from(data) });
    expect(rows).toBe(points);
    const h = Float32Array.from(data);
    for (let p = 0; p < points; p++)
      for (let q = 0; q < points; q++) {
        let sum = 0;
        for (let k = 0; k < units; k++) sum += h[p * units + k] * h[q * units + k];
        expect(kernel[p * points + q]).toBeCloseTo(sum / units, 12);
        expect(kernel[p * points + q]).toBe(kernel[q * points + p]);
      }
  });

  it("takes no array without units", () => {
    expect(() => recordedKernel({ shape: [3], data: new Float64Array(3) })).toThrow(/activations have the shape/);
  });
});
