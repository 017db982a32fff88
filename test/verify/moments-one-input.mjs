import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../scripts/lib/root.mjs";
import { sonde } from "./lib/sonde.mjs";

const networks = 100_000;

/** A single input through plain networks, 100,000 of them drawn in law: variance and drift of ln nu_2, nu_2 as a martingale, and the collapse probability 2^-N a layer. */
export async function* rows() {
  const { oneInputLaw } = await import(pathToFileURL(join(root, "packages", "moments", "dist", "index.js")).href);
  for (const width of [32, 128, 512]) {
    const [layer] = await measure(width, 1);
    const { variance, logDrift, logVariance } = oneInputLaw(width);
    const { logNu2, nu2, theory } = layer;
    yield { case: `width ${width}: mean ln nu_2`, ours: logNu2.mean, standardError: logNu2.standardError, reference: logDrift };
    yield {
      case: `width ${width}: variance of ln nu_2`,
      ours: logNu2.sd ** 2,
      standardError: logVariance * varianceError(width),
      reference: logVariance,
    };
    yield { case: `width ${width}: theory's mean`, ours: theory.oneInput.mean, reference: logDrift, tolerance: 1e-12 };
    yield {
      case: `width ${width}: variance of nu_2`,
      ours: nu2.sd ** 2,
      standardError: variance * varianceError(width),
      reference: variance,
    };
    for (const { layer: depth, nu2: power } of await measure(width, 5))
      yield {
        case: `width ${width}: mean nu_2, layer ${depth}`,
        ours: power.mean,
        standardError: power.standardError,
        reference: 1,
      };
  }
  for (const width of [1, 2, 4, 8])
    for (const { layer, logNu2 } of await measure(width, 3)) {
      const alive = (1 - 2 ** -width) ** layer;
      yield {
        case: `width ${width}: alive after layer ${layer}`,
        ours: logNu2.networks / networks,
        standardError: Math.sqrt((alive * (1 - alive)) / networks),
        reference: alive,
      };
    }
}

/** The relative error of a sample variance: the excess kurtosis of (2 / N) chi^2_K is 558 / (25 N), that of its logarithm smaller. */
function varianceError(width) {
  return Math.sqrt((2 + 558 / (25 * width)) / networks);
}

/** One input of mean square 1 in every network: its direction does not matter. */
async function measure(width, depth) {
  const options = ["--data", join(root, "test", "verify", "reference", "one-point.csv"), "--batch", "1", "--no-standardize"];
  const sampling = ["--method", "law", "--networks", String(networks), "--seed", "2"];
  return (await sonde("moments", `4-${width}x${depth}-1`, ...options, ...sampling)).layers;
}
