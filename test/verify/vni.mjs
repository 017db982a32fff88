import { reference } from "./lib/reference.mjs";
import { sonde } from "./lib/sonde.mjs";

/** What the reference's first-order removal of the sampling bias leaves, and standard errors that are only rounding. */
const allowance = 0.005;

/** Networks behind the reference's values. */
const referenceNetworks = 50;

/** VNI, weighted and local VNI, constant units and the formula; networks of one kind are simulated once, to the deepest layer that the reference has. */
export async function* rows() {
  const { cases } = reference("vni");
  for (const one of new Set(cases.map(kind))) {
    const group = cases.filter((wanted) => kind(wanted) === one);
    const layers = await measure(group[0], Math.max(...group.map(({ hiddenLayers }) => hiddenLayers)));
    for (const wanted of group) yield* compared(`${one} layer ${wanted.hiddenLayers}`, layers[wanted.hiddenLayers - 1], wanted);
  }
}

function kind({ activation, weights, width, biasVariance }) {
  return `${activation} ${weights}${biasVariance > 0 ? " bias" : ""} ${width}`;
}

async function measure({ activation, weights, width, weightVariance, biasVariance }, depth) {
  // Orthogonal weights of width 256 take a tenth of a second a layer.
  const networks = weights === "orthogonal" && width > 64 ? 16 : 64;
  const { layers } = await sonde(
    "vni",
    `${width}-${width}x${depth}-1`,
    ...["--activation", activation, "--init", weights === "orthogonal" ? "orthogonal" : "lecun-normal"],
    ...["--weight-variance", String(weightVariance), "--bias", `normal:${biasVariance}`, "--networks", String(networks)],
  );
  return layers;
}

function* compared(label, layer, wanted) {
  for (const name of ["vni", "weighted", "local"])
    yield {
      case: `${label}: ${name}`,
      ours: layer[name].value,
      standardError: layer[name].standardError,
      reference: wanted[name].value,
      referenceError: wanted[name].standardError,
      tolerance: allowance * wanted[name].value,
    };
  // The reference states no error of this count: it has the same spread as ours.
  const { value, standardError, networks } = layer.constantUnits;
  yield {
    case: `${label}: constant units`,
    ours: value,
    standardError,
    reference: wanted.constantUnits,
    referenceError: standardError * Math.sqrt(networks / referenceNetworks),
    tolerance: allowance * wanted.constantUnits,
  };
  // The reference's biases are rounded to five digits.
  yield { case: `${label}: formula`, ours: layer.formula, reference: wanted.formula, tolerance: 2e-6 * wanted.formula };
}
