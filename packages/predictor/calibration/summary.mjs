import { hiddenLayers, parameterCount } from "@sonde/nets";

/** The numbers of a measurement that may foretell what becomes of a network; null where there is none. */
export function summary(architecture, { inputs, death, scale, gradients, conditioning, angles, nodes, signal, logSpread }) {
  const hidden = hiddenLayers(architecture);
  const units = hidden.map(({ units }) => units);
  const layers = scale?.layers ?? [];
  const of = (key) =>
    layers.map((layer) => layer[key]?.value).filter((value) => value !== undefined && value !== null && !Number.isNaN(value));
  const most = (values) => (values.length > 0 ? Math.max(...values) : null);
  const least = (values) => (values.length > 0 ? Math.min(...values) : null);
  const weights = (gradients?.layers ?? [])
    .map(({ weights }) => weights?.mean)
    .filter((value) => value !== undefined)
    .map((value) => value / 2);
  const last = layers.at(-1);
  const numbers = {
    depth: hidden.length,
    width: least(units),
    meanLogWidth: units.reduce((sum, n) => sum + Math.log(n), 0) / units.length,
    logParameters: Math.log(parameterCount(architecture)),
    inputMeanSquare: Math.log(inputs.meanSquare),
    inputMeanShare: inputs.meanShare,
    inputDeviation: Math.log(inputs.standardDeviation),
    inputVariance: scale?.inputs.logVariance,
    effectiveColumns: inputs.effectiveColumns,
    normalised: inputs.normalised ? 1 : 0,
    rescaled: scale?.rescaled ? 1 : 0,
    bornDead: death.value,
    livingRatio: death.layers.at(-1)?.livingRatio.value,
    degenerate: angles?.layers.at(-1)?.degenerate,
    logSin2: angles?.layers.at(-1)?.logSin2.value,
    inputLogSin2: angles?.inputLogSin2,
    angle: angles?.layers.at(-1)?.angle.value,
    vni: nodes?.layers.at(-1)?.vni.value,
    fewestNodes: nodes?.fewest.atRisk,
    firstVariance: layers[0]?.logVariance.value,
    lastVariance: last?.logVariance.value,
    leastVariance: least(of("logVariance")),
    mostVariance: most(of("logVariance")),
    lastMeanSquare: last?.logMeanSquare.value,
    mostMeanSquare: most(of("logMeanSquare")),
    largest: most(of("logLargest")),
    deadUnits: most(of("deadUnits")),
    constantUnits: most(of("constantUnits")),
    copiedUnits: most(of("copiedUnits")),
    saturated: most(of("saturated")),
    slope: least(of("slope")),
    linear: least(of("linear")),
    outputRms: Math.log(scale?.output.rootMeanSquare.value),
    outputMean: scale?.output.mean.value,
    outputSpread: Math.log(scale?.output.spread.value),
    outputConstant: scale?.output.constant.value,
    crossEntropy: scale?.output.crossEntropy.value,
    growth: scale?.growth?.value,
    firstOverLast: gradients?.firstOverLast?.value,
    gradientZero: gradients ? (gradients.layers[0]?.activations.zero ?? 0) / gradients.networks : null,
    mostWeights: most(weights),
    leastWeights: least(weights),
    firstWeights: weights[0],
    lastWeights: weights.at(-1),
    outputWeights: gradients?.outputWeights?.mean / 2,
    inputGradient: gradients?.inputs.mean,
    logChi: signal?.logChi.mean,
    gamma: signal?.gamma.mean,
    logSpread: logSpread?.value,
    logCondition: conditioning?.logCondition.value,
    logConditionError: conditioning?.logCondition.standardError,
    logTop: conditioning?.logLargest.value,
    logRank: conditioning?.logRank.value,
    singular: conditioning ? conditioning.singular / conditioning.networks : null,
  };
  return Object.fromEntries(
    Object.entries(numbers).map(([name, value]) => [
      name,
      Number.isFinite(value) ? Number(value.toPrecision(6)) : value === Infinity ? "inf" : value === -Infinity ? "-inf" : null,
    ]),
  );
}
