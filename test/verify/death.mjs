import { reference } from "./lib/reference.mjs";
import { sonde } from "./lib/sonde.mjs";

/** Half a unit of the fifth digit, and what float64 adds. */
const halfDigit = 5e-6 * (1 + 1e-9);

/** P(born dead), counted over real networks and averaged over survivors, its bounds (rounded to 5 digits in the reference), and the safe depths of many widths. */
export async function* rows() {
  for (const { width, hiddenLayers, bornDead, standardError, lowerBound, upperBound } of reference("death").cases) {
    const model = `1-${width}x${hiddenLayers}-1`;
    for (const [method, networks] of [
      ["count", "200000"],
      ["conditional", "50000"],
    ]) {
      const { bornDead: ours } = await sonde("death", model, "--networks", networks, "--method", method);
      yield {
        case: `${model} ${method}`,
        ours: ours.value,
        standardError: ours.standardError,
        reference: bornDead,
        // Where both are exact, the reference is rounded to six digits.
        referenceError: standardError,
        tolerance: 5e-7,
      };
    }
    const { bounds } = await sonde("death", model, "--networks", "100");
    yield { case: `${model} lower bound`, ours: bounds.lower, reference: lowerBound, tolerance: halfDigit };
    yield { case: `${model} upper bound`, ours: bounds.upper, reference: upperBound, tolerance: halfDigit };
  }
  const { widths, levels } = reference("death-safe-depths");
  const region = await sonde("death", "1-2-1", "--safe-region", "--widths", widths.join(","), "--depths", "1..150");
  for (const { level, hiddenLayers } of levels) {
    const { estimated } = region.contours.find((contour) => contour.level === level);
    for (const [k, width] of widths.entries())
      yield { case: `safe depth, width ${width}, ${level}`, ours: estimated[k].hiddenLayers, reference: hiddenLayers[k] };
  }
}
