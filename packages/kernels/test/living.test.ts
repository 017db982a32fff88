import fc from "fast-check";
import { expect, it } from "vitest";
import { ensembleKernels, livingFlags } from "../src/index.js";

const kernels = ensembleKernels();

it("living carries along which points live, and sums their shares in order", () => {
  const value = fc.constantFrom(0, 0, 0, 0, 0, 0, -0, 1e-45, -3, Number.NaN);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 13 }),
      fc.infiniteStream(value),
      fc.infiniteStream(fc.boolean()),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      fc.boolean(),
      (points, units, values, alive, weights, weighted) => {
        kernels.release();
        const x = kernels.allocate(16 * points * units);
        kernels.floats(x, 4 * points * units).set(Array.from({ length: 4 * points * units }, () => values.next().value));
        const [through, shares] = [kernels.allocate(4 * points), kernels.allocate(8 * points)];
        const before = Array.from({ length: 4 * points }, () => +alive.next().value);
        kernels.bytes(through, 4 * points).set(before);
        const share = Array.from({ length: points }, () => weights.next().value);
        kernels.doubles(shares, points).set(share);
        const [ratios, flags] = [kernels.allocate(32), kernels.allocate(16)];
        kernels.living(x, points, units, through, weighted ? shares : 0, ratios, flags);
        const stored = kernels.floats(x, 4 * points * units);
        for (let k = 0; k < 4; k++) {
          let [here, both, count, sum] = [0, 0, 0, 0];
          for (let p = 0; p < points; p++) {
            let unit = 0;
            while (unit < units && stored[4 * (p * units + unit) + k] === 0) unit++;
            const lives = unit < units;
            const goesOn = lives && before[4 * p + k] === 1;
            if (lives) here = livingFlags.here;
            if (goesOn) both = livingFlags.through;
            if (goesOn) count++;
            if (goesOn) sum += share[p];
            expect(kernels.bytes(through, 4 * points)[4 * p + k]).toBe(+goesOn);
          }
          expect(kernels.doubles(ratios, 4)[k]).toBe(weighted ? sum : count / points);
          expect(kernels.ints(flags, 4)[k]).toBe(here | both);
        }
      },
    ),
  );
});
