import { reference } from "./lib/reference.mjs";
import { sonde } from "./lib/sonde.mjs";

/** Half a unit of the fifth digit, and what float64 adds. */
const halfDigit = 5e-6 * (1 + 1e-9);

/** Counted over real networks; the bounds are rounded to 5 digits in the reference. */
export async function* rows() {
  for (const { width, hiddenLayers, bornDead, standardError, lowerBound, upperBound } of reference("death").cases) {
    const model = `1-${width}x${hiddenLayers}-1`;
    const result = await sonde("death", model, "--networks", "200000", "--method", "count");
    const ours = result.bornDead;
    yield {
      case: model,
      ours: ours.value,
      standardError: ours.standardError,
      reference: bornDead,
      referenceError: standardError,
    };
    yield { case: `${model} lower bound`, ours: result.bounds.lower, reference: lowerBound, tolerance: halfDigit };
    yield { case: `${model} upper bound`, ours: result.bounds.upper, reference: upperBound, tolerance: halfDigit };
  }
}
