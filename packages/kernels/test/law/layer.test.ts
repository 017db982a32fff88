import { describe, expect, it } from "vitest";
import { streams } from "../oracle.js";
import { kernels, put, somePoints, take } from "./group.js";

describe("a whole layer in law", () => {
  it.each([
    { orthogonal: false, tangents: false, biasScale: 0.3 },
    { orthogonal: false, tangents: true, biasScale: 0.3 },
    { orthogonal: true, tangents: false, biasScale: 0 },
    { orthogonal: true, tangents: true, biasScale: 0.2 },
  ])("is its parts one after the other: %j", ({ orthogonal, tangents, biasScale }) => {
    kernels.release();
    const [points, inputs, units, index] = [5, 4, 7, 3];
    const rows = tangents ? 2 * points : points;
    const count = 4 * points * units;
    const x = put(somePoints(rows, inputs));
    const roots = kernels.allocate(64);
    kernels.setStreams(roots, streams);
    const zeros = () => put([0, 0, 0, 0]);
    const [expected, out] = [0, 0].map(() => kernels.allocate(32 * rows * units));
    const results = (slack: number) => ({ exponents: zeros(), flags: zeros(), slack });
    const through = () => {
      const address = kernels.allocate(4 * points);
      kernels.bytes(address, 4 * points).fill(1);
      return address;
    };
    const [a, b] = [0, 0].map(() => ({
      rescale: results(100),
      tangents: results(0),
      through: through(),
      ratios: zeros(),
      flags: zeros(),
    }));

    const [own, use, bias] = [kernels.allocate(64), kernels.allocate(64), kernels.allocate(32 * units)];
    kernels.split(roots, index, own);
    kernels.split(own, 1, use);
    kernels.fillLanes({ streams: use, scale: biasScale }, 0, units, bias);
    kernels.split(own, 0, use);
    const sizes = { points, inputs, units };
    const options = { activation: "relu", bias: biasScale ? bias : undefined, tangents } as const;
    if (orthogonal) kernels.orthogonal(x, sizes, { streams: use, gain: 2 ** 200 }, expected, options);
    else kernels.dense(x, sizes, { streams: use, scale: 2 ** 200 }, expected, options);
    kernels.living(expected, points, units, a.through, 0, a.ratios, a.flags);
    kernels.rescale(expected, points * units, a.rescale.exponents, a.rescale.flags, a.rescale.slack);
    if (tangents) kernels.rescale(expected + 8 * count, points * units, a.tangents.exponents, a.tangents.flags);

    kernels.layer(
      kernels.defineLayer({
        ...{ x, out, points, inputs, units, roots, index, orthogonal, scale: 2 ** 200, biasScale, activation: "relu" },
        ...{ rescale: b.rescale, tangents: tangents ? b.tangents : undefined, living: b },
        scratch: kernels.allocate(kernels.layerScratch(inputs, units, rows)),
      }),
    );
    expect(take(out, 4 * rows * units)).toEqual(take(expected, 4 * rows * units));
    const reports = (r: typeof a) => [
      ...[r.rescale, r.tangents].flatMap(({ exponents, flags }) => [...kernels.ints(exponents, 4), ...kernels.ints(flags, 4)]),
      ...[...kernels.bytes(r.through, 4 * points), ...kernels.doubles(r.ratios, 4), ...kernels.ints(r.flags, 4)],
    ];
    expect(reports(b)).toEqual(reports(a));
    expect(Math.min(...kernels.ints(b.rescale.exponents, 4))).toBeGreaterThan(100);
  });
});
