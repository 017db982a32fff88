import { describe, expect, it } from "vitest";
import { draws, inner, kernels, lane, put, putStreams, somePoints, take } from "./group.js";

function orthogonal(x: ArrayLike<number>, sizes: { points: number; inputs: number; units: number }, gain: number): Float64Array {
  kernels.release();
  const address = put(x);
  const out = kernels.allocate(32 * sizes.points * sizes.units);
  kernels.orthogonal(address, sizes, { streams: putStreams(), gain }, out);
  return take(out, 4 * sizes.points * sizes.units);
}

describe("orthogonal weights in law", () => {
  it.each([
    [3, 4, 4],
    [5, 6, 11],
    [9, 3, 8],
    [40, 16, 16],
  ])("keep inner products times the squared gain: %d points, %d inputs, %d units", (points, inputs, units) => {
    const x = somePoints(points, inputs);
    // A zero point and a copy, in two of the lanes.
    for (let u = 0; u < inputs; u++) {
      x[4 * u + 1] = 0;
      x[4 * (inputs + u) + 2] = -x[4 * u + 2];
    }
    const y = orthogonal(x, { points, inputs, units }, 1.5);
    for (let l = 0; l < 4; l++) {
      const [h, rows] = [lane(x, inputs, l), lane(y, units, l)];
      for (let p = 0; p < points; p++)
        for (let q = 0; q <= p; q++)
          expect(Math.abs(inner(rows[p], rows[q]) - 2.25 * inner(h[p], h[q]))).toBeLessThan(1e-13 * inputs * 2.25);
    }
  });

  it("are R times Gram and Schmidt's rows of the float32 normals", () => {
    const [points, inputs, units] = [3, 9, 5];
    const x = somePoints(points, inputs);
    const y = orthogonal(x, { points, inputs, units }, 1);
    kernels.release();
    const r = kernels.allocate(32 * points * points);
    kernels.coordinates(put(x), { points, units: inputs }, r);
    const coordinates = take(r, 4 * points * points);
    const normals = draws(0, points * inputs);
    for (let l = 0; l < 4; l++) {
      const frame = lane(normals, inputs, l);
      frame.forEach((row, k) => {
        for (const earlier of frame.slice(0, k)) {
          const along = inner(earlier, row);
          row.forEach((_, i) => {
            row[i] -= along * earlier[i];
          });
        }
        const size = Math.sqrt(inner(row, row));
        row.forEach((_, i) => {
          row[i] /= size;
        });
      });
      const own = lane(coordinates, points, l);
      lane(y, units, l).forEach((row, p) => {
        row.forEach((value, j) => {
          const column = frame.map((directions) => directions[j]);
          expect(Math.abs(value - inner(own[p], column))).toBeLessThan(1e-12);
        });
      });
    }
  });

  it("narrowing from n to m keeps a Beta(m / 2, (n - m) / 2) part of a squared length", () => {
    // One point a network; a thousand groups of streams.
    const [n, m, groups] = [6, 2, 1000];
    kernels.release();
    const x = put(new Float64Array(4 * n).fill(1));
    const [out, streams] = [kernels.allocate(32 * m), kernels.allocate(64)];
    const parts: number[] = [];
    for (let g = 0; g < groups; g++) {
      kernels.roots({ k0: 1, k1: 2, s0: 3, s1: 4 }, 4 * g, streams);
      kernels.orthogonal(x, { points: 1, inputs: n, units: m }, { streams, gain: 1 }, out);
      const y = take(out, 4 * m);
      for (let l = 0; l < 4; l++) parts.push((y[l] ** 2 + y[4 + l] ** 2) / n);
    }
    const mean = parts.reduce((sum, part) => sum + part, 0) / parts.length;
    const second = parts.reduce((sum, part) => sum + part * part, 0) / parts.length;
    // Moments of Beta(1, 2): E B^k = 2 / ((k + 1) (k + 2)).
    const moment = (k: number) => 2 / ((k + 1) * (k + 2));
    expect(Math.abs(mean - moment(1))).toBeLessThan(4.5 * Math.sqrt((moment(2) - moment(1) ** 2) / parts.length));
    expect(Math.abs(second - moment(2))).toBeLessThan(4.5 * Math.sqrt((moment(4) - moment(2) ** 2) / parts.length));
  });
});
