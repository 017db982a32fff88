import {
  aliveFigure,
  anglesFigure,
  checkFigure,
  coordinateFigure,
  deathFigure,
  type Figure,
  kernelFigure,
  logMomentsFigure,
  momentsFigure,
  oneStepFigure,
  phaseFigure,
  recordedCheckFigure,
  recordedDeathFigure,
  remediesFigure,
  safeRegionFigure,
  spectrumFigure,
  trainingFigure,
  vniFigure,
  vniMapFigure,
  vniWidthsFigure,
} from "../src/index.js";

/** Turns the k-th of a record's numbers into the number, or its absence, that is tested. */
export type Fill = (k: number, usual: number) => number | null;

/** Makers of every figure of a record, of records of so many layers whose numbers come from `fill`. */
export function figures(count: number, fill: Fill = (_, usual) => usual): Readonly<Record<string, () => Figure>> {
  let k = 0;
  const number = (usual: number) => fill(k++, usual);
  const estimate = (value: number, error = 0.01) => ({
    value: number(value),
    low: number(value - error),
    high: number(value + error),
  });
  const over = <Item>(item: (layer: number) => Item) => Array.from({ length: count }, (_, l) => item(l + 1));
  const moment = (mean: number) => ({ mean: number(mean), p16: number(mean - 0.1), p84: number(mean + 0.1) });
  const death = () => ({
    bornDead: estimate(0.5),
    bounds: { lower: number(0.4), upper: number(0.6) },
    layers: over((layer) => ({ layer, livingRatio: estimate(1 / layer), deadHere: estimate(0.5 / count) })),
  });
  const measured = () => ({
    layers: over((layer) => ({
      layer,
      logSin2: { ...estimate(-layer / 10), sd: number(0.3) },
      angle: estimate(1 / layer),
      degenerate: number(layer / count / 2),
    })),
  });
  const predicted = () => ({
    layers: over((layer) => ({
      layer,
      infiniteWidth: { angle: number(1 / layer), logSin2: number(-layer / 20) },
      finiteWidth: { mean: number(-layer / 10), sd: number(0.3), degenerate: number(0.001) },
      published: { mean: number(-layer / 5), sd: number(0.2) },
    })),
  });
  const vni = () => ({
    layers: over((layer) => ({
      layer,
      vni: estimate(layer / (count + 1)),
      weighted: estimate(layer / (count + 2)),
      local: estimate(layer / (count + 3)),
      formula: number((1 + 2 * layer) / 64),
      lengthShare: estimate(0.5),
    })),
  });
  const places = over((layer) => layer);
  const side = Math.min(count, 40);
  const grid = (n: number) => Array.from({ length: n * n }, (_, j) => number(1 + (j % 7)));
  const rising = Array.from({ length: side }, (_, j) => 1 + j / 4);
  const moments = () => ({
    layers: over((layer) => ({
      layer,
      deltaChi: moment(1.2),
      deltaChiNorm: moment(1.05),
      deltaChiActivation: moment(1.15),
      logChi: moment(0.18 * layer),
      effectiveRank: moment(10),
      noiseEffectiveRank: moment(20),
      kurtosis: moment(3.5),
      meanAbsZ: moment(0.75),
      theory: { deltaChi: number(1.21) },
    })),
    gamma: moment(0.18),
    tau: moment(1),
    pathologies: [{ pathology: "exploding-sensitivity", present: true }],
    samples: [1, 2].map((layer) => ({ layer, logNu2: over(number), logNoise: over(number) })),
  });
  const alive = (layer: number) => ({ alive: estimate(1 / layer), lower: number(0.5 / layer), upper: number(1) });
  return {
    death: () => deathFigure(death()),
    check: () => {
      const { layers, ...rest } = death();
      const angles = measured().layers;
      return checkFigure({ ...rest, layers: layers.map((layer, l) => ({ ...layer, ...angles[l] })) });
    },
    angles: () => anglesFigure({ measured: measured() }),
    predict: () => anglesFigure({ predicted: predicted() }),
    both: () => anglesFigure({ measured: measured(), predicted: predicted() }),
    vni: () => vniFigure(vni()),
    vniWidths: () => vniWidthsFigure([16, 64].map((width) => ({ width, result: vni() }))),
    vniMap: () => vniMapFigure({ widths: rising, depths: rising, values: grid(side) }),
    spectrum: () => spectrumFigure([{ name: "layer 1", eigenvalues: over((layer) => number(1 / layer)) }]),
    moments: () => momentsFigure(moments()),
    logMoments: () => logMomentsFigure(moments()),
    kernel: () => kernelFigure({ points: side, nngp: grid(side), ntk: grid(side) }),
    phase: () =>
      phaseFigure({
        weightVariances: rising,
        biasVariances: rising,
        xiC: grid(side),
        chi1: grid(side),
        criticalLine: rising.map((weightVariance) => ({ weightVariance, biasVariance: weightVariance })),
      }),
    safeRegion: () => {
      const safe = () =>
        places.map((layer) => ({
          hiddenLayers: number(layer),
          low: number(layer),
          high: number(layer + 1),
          openEnded: layer > 3,
        }));
      return safeRegionFigure({
        widths: places,
        depths: rising,
        rows: places.map(() => ({ bornDead: rising.map(() => estimate(0.1)) })),
        contours: [{ level: 0.01, estimated: safe(), guaranteed: safe() }],
      });
    },
    recordedCheck: () =>
      recordedCheckFigure({
        layers: over((layer) => ({
          layer,
          livingRatio: { value: number(1 / layer) },
          deadUnits: { value: number(0.2) },
          constantUnits: { value: number(0.3) },
          logSin2: estimate(-layer),
        })),
      }),
    recordedDeath: () =>
      recordedDeathFigure({
        layers: over((layer) => ({
          layer,
          livingRatio: number(1 / layer),
          deadUnits: { deadShare: number(0.2), zeroEntries: number(0.5) },
          dormantUnits: { dormantShare: number(0.3) },
        })),
      }),
    alive: () =>
      aliveFigure({
        byDepth: [{ name: "width 3", rows: places.map((layer) => ({ hiddenLayers: layer, ...alive(layer) })) }],
        byInputSet: [{ name: "width 3", rows: places.map((layer) => ({ radius: 1 / layer, ...alive(layer) })) }],
      }),
    oneStep: () =>
      oneStepFigure({
        simulated: places.map((layer) => number(-layer / count)),
        laws: [{ name: "law", x: places, density: places.map(() => number(0.5)) }],
      }),
    training: () => {
      const quantiles = (middle: number) => ({
        p05: number(middle / 2),
        p25: number(middle / 1.2),
        p50: number(middle),
        p75: number(1.2 * middle),
        p95: number(2 * middle),
      });
      return trainingFigure({
        shares: { learned: estimate(0.2), collapsedMean: estimate(0.7), undecided: estimate(0.1) },
        constants: { loss: number(0.5) },
        curves: {
          steps: places.map((layer) => layer - 1),
          loss: places.map((layer) => quantiles(1 / layer)),
          accuracy: places.map((layer) => quantiles(layer / count / 2)),
          monitors: { vni: places.map((layer) => quantiles(layer / count / 2)) },
        },
      });
    },
    coordinates: () => {
      const at = (width: number) => ({ p05: null, p25: null, p50: number(width / 10), p75: null, p95: null });
      return coordinateFigure({
        widths: rising,
        steps: [0, 1, 2],
        layers: [1, "output"].map((layer) => ({ layer, values: rising.map((width) => [0, 1, 2].map(() => at(width))) })),
      });
    },
    remedies: () => {
      const after = () => ({
        bornDead: estimate(0.3),
        livingRatio: estimate(0.4),
        degenerate: estimate(0.1),
        logSin2: estimate(-2),
      });
      const compared = Array.from({ length: Math.min(count, 20) }, (_, j) => ({
        change: `change ${j} (--option x)`,
        after: after(),
      }));
      return remediesFigure({ vitals: after(), compared });
    },
  };
}
