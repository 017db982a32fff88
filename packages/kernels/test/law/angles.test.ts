import { describe, expect, it } from "vitest";
import { logSin2 } from "../../bench/angles.mjs";
import { lawKernels } from "../../src/index.js";

// Mean and standard deviation of ln sin^2 of the angle at the last of the hidden layers of zero-bias He ReLU networks of width 16, with their standard errors, and
// degenerate pairs, from simulations of 200 000 networks by an independent program (NumPy, exact in law, the difference of the points carried along).
const reference = [
  {
    theta0: Math.PI / 2,
    layers: 10,
    mean: -2.554467567761105,
    meanError: 0.003708664988574988,
    sd: 1.6581050882681299,
    sdError: 0.0031126872536899287,
    degenerate: 111,
  },
  {
    theta0: 0.1,
    layers: 10,
    mean: -6.523582247112122,
    meanError: 0.0056204274996940525,
    sd: 2.511186628328178,
    sdError: 0.0040821578503335435,
    degenerate: 373,
  },
  {
    theta0: Math.PI / 4,
    layers: 50,
    mean: -11.035158935600876,
    meanError: 0.011204589606914277,
    sd: 4.989880672789795,
    sdError: 0.007845563069935127,
    degenerate: 1670,
  },
];

describe("angles in networks drawn in law", () => {
  it.each(reference)("agree with an independent simulation: width 16, $layers layers from $theta0", (expected) => {
    const { layers, theta0 } = expected;
    const got = logSin2(lawKernels(), { width: 16, layers, theta0, networks: 20000 });
    expect(Math.abs(got.mean - expected.mean)).toBeLessThan(4.5 * Math.hypot(got.meanError, expected.meanError));
    expect(Math.abs(got.sd - expected.sd)).toBeLessThan(4.5 * Math.hypot(got.sdError, expected.sdError));
    const share = expected.degenerate / 200000;
    const shareError = Math.sqrt(share * (1 / 200000 + 1 / 20000));
    expect(Math.abs(got.degenerate / 20000 - share)).toBeLessThan(4.5 * shareError);
  });
});
