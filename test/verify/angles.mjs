import { reference } from "./lib/reference.mjs";
import { sonde } from "./lib/sonde.mjs";

const theta0s = { "pi/2": Math.PI / 2, "pi/4": Math.PI / 4, 0.1: 0.1 };

/** ln sin^2 theta: real networks by both draws, and one layer at many more samples. */
export async function* rows() {
  const { networks, explicitWeights, oneStep } = reference("angles");
  yield* whole(networks, "law");
  yield* whole(explicitWeights, "weights");
  for (const wanted of oneStep) {
    const [layer] = await measure({
      width: wanted.width,
      hiddenLayers: 1,
      theta0: wanted.theta,
      networks: 200_000,
      method: "law",
    });
    const sd = Math.sqrt(wanted.variance);
    const share = wanted.degenerate / (wanted.samples + wanted.degenerate);
    const label = `one layer of ${wanted.width} from ${wanted.theta}`;
    yield* compared(label, layer, {
      mean: wanted.mean,
      meanError: wanted.meanStandardError,
      sd,
      sdError: wanted.varianceStandardError / (2 * sd),
      samples: wanted.samples,
      share,
    });
  }
}

/** Networks of one width and angle are simulated once, to the deepest layer that the reference has. */
async function* whole(cases, method) {
  const keys = new Set(cases.map(key));
  for (const one of keys) {
    const group = cases.filter((wanted) => key(wanted) === one);
    const hiddenLayers = Math.max(...group.map((wanted) => wanted.hiddenLayers));
    const { theta0, width, networks } = group[0];
    const layers = await measure({ width, hiddenLayers, theta0: theta0s[theta0], networks, method });
    for (const wanted of group)
      yield* compared(`${method}, ${theta0}, width ${width}, layer ${wanted.hiddenLayers}`, layers[wanted.hiddenLayers - 1], {
        mean: wanted.mean,
        meanError: wanted.meanStandardError,
        sd: wanted.sd,
        sdError: wanted.sdStandardError,
        samples: wanted.networks,
        share: wanted.degenerate / wanted.networks,
      });
  }
}

function key({ theta0, width }) {
  return `${theta0} ${width}`;
}

async function measure({ width, hiddenLayers, theta0, networks, method }) {
  const options = ["--theta0", String(theta0), "--networks", String(networks), "--method", method];
  return (await sonde("angles", `2-${width}x${hiddenLayers}-1`, ...options)).layers;
}

function* compared(label, { logSin2, degenerate }, { mean, meanError, sd, sdError, samples, share }) {
  yield {
    case: `${label}: mean`,
    ours: logSin2.value,
    standardError: logSin2.standardError,
    reference: mean,
    referenceError: meanError,
  };
  // The spread of ours has the same law as the reference's, so its error follows from the number of networks.
  yield {
    case: `${label}: sd`,
    ours: logSin2.sd,
    standardError: sdError * Math.sqrt(samples / logSin2.networks),
    reference: sd,
    referenceError: sdError,
  };
  // A count of 0 has an error too: that of one.
  const error = (n) => Math.sqrt(Math.max(share, 1 / n) / n);
  yield {
    case: `${label}: degenerate`,
    ours: degenerate,
    standardError: error(logSin2.networks),
    reference: share,
    referenceError: error(samples),
  };
}
