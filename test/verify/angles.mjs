import { reference } from "./lib/reference.mjs";
import { sonde } from "./lib/sonde.mjs";

const theta0s = { "pi/2": Math.PI / 2, "pi/4": Math.PI / 4, 0.1: 0.1 };

/** Mean and spread of ln sin^2 theta at the last hidden layer, and the share of degenerate pairs. */
export async function* rows() {
  for (const { theta0, width, hiddenLayers, ...wanted } of reference("angles").networks) {
    const model = `2-${width}x${hiddenLayers}-1`;
    const result = await sonde("angles", model, "--theta0", String(theta0s[theta0]), "--networks", String(wanted.networks));
    const { logSin2, degenerate } = result.layers.at(-1);
    const label = `${model} from ${theta0}`;
    yield {
      case: `${label}: mean`,
      ours: logSin2.value,
      standardError: logSin2.standardError,
      reference: wanted.mean,
      referenceError: wanted.meanStandardError,
    };
    // The spread of ours has the same law as the reference's, so its error follows from the number of networks.
    yield {
      case: `${label}: sd`,
      ours: logSin2.sd,
      standardError: wanted.sdStandardError * Math.sqrt(wanted.networks / logSin2.networks),
      reference: wanted.sd,
      referenceError: wanted.sdStandardError,
    };
    const share = wanted.degenerate / wanted.networks;
    const shareError = Math.sqrt(Math.max(share, 1 / wanted.networks) / wanted.networks);
    yield {
      case: `${label}: degenerate`,
      ours: degenerate.value ?? degenerate,
      standardError: shareError,
      reference: share,
      referenceError: shareError,
    };
  }
}
