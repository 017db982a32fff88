import { angleRecursion } from "../../packages/infinite-width/dist/index.js";
import { layerLaw, mixedMoment, publishedStep } from "../../packages/predictor/dist/angles/index.js";
import { comparisons, distributionTests } from "../../packages/predictor/scripts/accuracy.mjs";
import { reference } from "./lib/reference.mjs";
import { sonde } from "./lib/sonde.mjs";

const theta0s = { "pi/2": Math.PI / 2, "pi/4": Math.PI / 4, 0.1: 0.1 };

/** Predicted angles: every closed form of the reference, its simulated layers and networks, and networks simulated here. */
export async function* rows() {
  const { mixedMoments, publishedFormula, infiniteWidth, oneStep, networks, explicitWeights } = reference("angles");
  for (const { theta, ...moments } of mixedMoments)
    for (const [name, value] of Object.entries(moments))
      yield exactly(`${name}(${theta})`, mixedMoment(Number(name[1]), Number(name[2]), Number(theta)), Number(value), 1e-12);
  for (const { theta, width, mean, variance } of publishedFormula) {
    const ours = publishedStep(width)(theta);
    yield exactly(`published mean, width ${width}, angle ${theta}`, ours.mean, Number(mean), 1e-12);
    yield exactly(`published variance, width ${width}, angle ${theta}`, ours.variance, Number(variance), 1e-10);
  }
  for (const { theta0, hiddenLayers, theta, lnSin2 } of infiniteWidth) {
    const { angle, logSin2 } = angleRecursion(theta0s[theta0], Number(hiddenLayers))[hiddenLayers - 1];
    yield exactly(`infinite width, ${theta0}, layer ${hiddenLayers}: angle`, angle, Number(theta), 1e-12);
    yield exactly(`infinite width, ${theta0}, layer ${hiddenLayers}: ln sin^2`, logSin2, Number(lnSin2), 1e-12);
  }
  for (const { width, theta, mean, meanStandardError, variance, varianceStandardError } of oneStep) {
    const law = layerLaw(width)(theta);
    const label = `one layer of ${width} from ${theta}`;
    yield { case: `${label}: mean`, ours: law.mean, reference: mean, referenceError: meanStandardError };
    const table = 1e-3 * variance;
    yield {
      case: `${label}: variance`,
      ours: law.variance,
      standardError: table,
      reference: variance,
      referenceError: varianceStandardError,
    };
  }
  // Layers of one width and angle are predicted once, to the deepest that the reference has.
  const simulated = [...networks, ...explicitWeights];
  const predicted = new Map();
  for (const wanted of simulated) {
    const { theta0, width } = wanted;
    const key = `${theta0} ${width}`;
    if (!predicted.has(key)) {
      const same = simulated.filter((other) => other.theta0 === theta0 && other.width === width);
      const depth = Math.max(...same.map(({ hiddenLayers }) => hiddenLayers));
      predicted.set(key, (await sonde("predict", `2-${width}x${depth}-1`, "--theta0", String(theta0s[theta0]))).layers);
    }
    const { finiteWidth } = predicted.get(key)[wanted.hiddenLayers - 1];
    const label = `${wanted.theta0}, width ${wanted.width}, layer ${wanted.hiddenLayers}`;
    yield* close(label, finiteWidth, wanted.mean, wanted.meanStandardError, wanted.sd, wanted.sdStandardError);
  }
  for await (const { name, width, layer, logSin2, finiteWidth } of comparisons()) {
    const { value, standardError, sd, networks: left } = logSin2;
    // Laws that lean to one side have a larger error of the spread than normal ones.
    yield* close(
      `simulated, ${name}, width ${width}, layer ${layer}`,
      finiteWidth,
      value,
      standardError,
      sd,
      sd / Math.sqrt(left),
    );
  }
  for await (const { name, law, pValue } of distributionTests())
    if (law === "tabulated") yield { case: `p of Kolmogorov-Smirnov, ${name}`, ours: pValue, reference: 0.5, tolerance: 0.4995 };
}

function exactly(name, ours, wanted, share) {
  return { case: name, ours, reference: wanted, tolerance: share * Math.abs(wanted) };
}

/** The mean within 1 % or 0.005, the spread within 2 %, beyond the errors of the simulation. */
function* close(label, { mean, sd }, wanted, wantedError, wantedSd, wantedSdError) {
  const tolerance = Math.max(0.01 * Math.abs(wanted), 0.005);
  yield { case: `${label}: mean`, ours: mean, reference: wanted, referenceError: wantedError, tolerance };
  yield { case: `${label}: sd`, ours: sd, reference: wantedSd, referenceError: wantedSdError, tolerance: 0.02 * wantedSd + 1e-6 };
}
