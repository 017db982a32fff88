import { expect, it } from "vitest";
import { angleBetween } from "../src/index.js";

it("angles near 0 and pi keep every digit, down to a millionth of a millionth", () => {
  // (3, 4) turned by the angle whose tangent is t, and longer: exact in float64 for powers of two.
  for (let power = 1; power <= 40; power++) {
    const t = 2 ** -power;
    const turned = [3 - 4 * t, 4 + 3 * t];
    const near = angleBetween([3, 4], turned)?.theta ?? 0;
    expect(Math.abs(near / Math.atan(t) - 1), `tangent 2^-${power}`).toBeLessThan(2e-15);
    const opposite = angleBetween([-3, -4], turned);
    // Of an angle near pi its sine tells the digits: sin^2 = t^2 / (1 + t^2).
    expect(Math.abs((opposite?.logSin2 ?? 0) - (2 * Math.log(t) - Math.log1p(t * t))), `pi - 2^-${power}`).toBeLessThan(2e-14);
  }
});
