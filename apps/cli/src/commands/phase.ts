import { activation as activationOf, ConfigError } from "@sonde/core";
import { type MeanField, meanField, type PhaseDiagram, phaseDiagram } from "@sonde/infinite-width";
import { type Finished, runOn } from "../command.js";
import type { SharedOptions } from "../options.js";
import { phaseReport } from "../render/phase.js";
import type { Variance } from "../variances.js";

export interface PhaseOptions extends Pick<SharedOptions, "json" | "out" | "plot" | "theme" | "quiet" | "host"> {
  activation?: string;
  weightVariance?: Variance;
  biasVariance?: Variance;
  grid?: number;
}

/** Ranges of a diagram of which only one is given, and values in each. */
const usual = { weights: [0.5, 4], biases: [0, 0.5], grid: 41 } as const;

/** `sonde phase`. */
export async function phase({ activation: name = "tanh", ...options }: PhaseOptions): Promise<number> {
  const started = performance.now();
  const activation = activationOf(name);
  const { plot, grid } = options;
  const diagram = Array.isArray(options.weightVariance) || Array.isArray(options.biasVariance);
  if (!diagram && grid !== undefined)
    throw new ConfigError("--grid is for a diagram: give a range too, as in --weight-variance 0.5..4");
  if (!diagram && plot !== undefined)
    throw new ConfigError("--plot draws a diagram: give ranges, as in --weight-variance 0.5..4 --bias-variance 0..0.5");
  const subject = {
    name: "phase",
    model: activation.name,
    started,
    architecture: null,
    line: "infinite width",
    settings: {},
    warnings: [],
  };
  // Nothing is drawn at random here.
  const shared = { ...options, weightVariance: undefined, seed: 0, method: "auto", threads: 1 } as const;
  return runOn(subject, shared, ({ signal, progress }) => {
    if (!diagram) return Promise.resolve(finishedPoint(activation.name, onePoint(activation, options)));
    const axes = diagramAxes(options);
    return phaseDiagram(activation, {
      weightVariances: axes.weights,
      biasVariances: axes.biases,
      signal,
      progress: (done, all) => progress(done, all, "points"),
    }).then((found) => finishedDiagram(activation.name, found, axes.settings));
  });
}

function onePoint(
  activation: Parameters<typeof meanField>[0],
  { weightVariance = 1, biasVariance = 0 }: PhaseOptions,
): MeanField {
  return meanField(activation, { weightVariance: weightVariance as number, biasVariance: biasVariance as number });
}

function diagramAxes({ weightVariance = usual.weights, biasVariance = usual.biases, grid = usual.grid }: PhaseOptions) {
  const values = (variance: Variance): number[] => {
    if (typeof variance === "number") return [variance];
    const [low, high] = variance;
    return Array.from({ length: grid }, (_, k) => low + ((high - low) * k) / (grid - 1));
  };
  const text = (variance: Variance): string => (typeof variance === "number" ? String(variance) : variance.join(".."));
  const settings = { weightVariance: text(weightVariance), biasVariance: text(biasVariance), grid };
  return { weights: values(weightVariance), biases: values(biasVariance), settings };
}

function finishedPoint(activation: string, point: MeanField): Finished {
  const { weightVariance, biasVariance, reason, ...result } = point;
  return {
    result,
    settings: { activation, weightVariance, biasVariance },
    warnings: reason ? [reason] : [],
    interrupted: false,
    exitCode: 0,
    report: (page) => phaseReport(page, activation, { point }),
  };
}

function finishedDiagram(activation: string, diagram: PhaseDiagram, settings: object): Finished {
  const { interrupted, qStar, chi1, cStar, xiC, xiQ, ...rest } = diagram;
  const arrays = { qStar, chi1, cStar, xiC, xiQ };
  const result = { ...rest, ...Object.fromEntries(Object.entries(arrays).map(([field, values]) => [field, Array.from(values)])) };
  return {
    result,
    settings: { activation, ...settings },
    warnings: rest.phase.includes("unbounded")
      ? ["at some points the variance grows without bound: there values that depend on it are null"]
      : [],
    interrupted,
    exitCode: 0,
    figure: (plots, text) =>
      plots.phaseFigure({ ...diagram, xiC: Array.from(xiC), chi1: Array.from(chi1) }, { ...text, activation }),
    report: (page) => phaseReport(page, activation, { diagram }),
  };
}
