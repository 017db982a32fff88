import type { Interval } from "@sonde/metrics-death";
import { diagnose, type Verdict } from "@sonde/predictor";
import { runCommand } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import { loadInputs } from "../inputs.js";
import type { SharedOptions } from "../options.js";
import { checkReport } from "../render/check.js";
import { networksSetting } from "../settings.js";

/** Verdicts that make `check` exit with 1, by `--fail-on`. */
const failing: Record<"degenerate" | "at-risk" | "never", readonly Verdict[]> = {
  degenerate: ["degenerate"],
  "at-risk": ["degenerate", "at-risk"],
  never: [],
};

/** `sonde check MODEL`. */
export function check(
  model: string,
  options: SharedOptions & { domain?: Interval[]; failOn: keyof typeof failing },
): Promise<number> {
  return runCommand("check", model, options, async (architecture, context) => {
    const inputs = await loadInputs(architecture, options);
    const { failOn } = options;
    const { data, domain, settings } = inputs;
    const diagnosis = await diagnose(architecture, { ...context, data, domain, points: settings.points });
    const { verdict, findings, fixes, measurement, predictedAngles, widthLimit } = diagnosis;
    const {
      layers,
      noLivingPoint,
      bounds,
      domain: drawnFrom,
      interrupted,
      method: drawn,
      executor,
      ...bornDead
    } = measurement.death;
    const { scale, gradients } = measurement;
    const checked = layers.map((layer, l) => {
      const { slope, saturated, linear, deadUnits, constantUnits, ...signal } = scale?.layers[l] ?? {};
      return {
        ...layer,
        ...measurement.angles?.layers[l],
        ...(predictedAngles && { predicted: predictedAngles[l] }),
        ...(scale && {
          signal: { ...signal, ...(scale.predicted && { predicted: scale.predicted[l] }) },
          deadUnits,
          constantUnits,
          ...(slope && { slope }),
          ...(saturated && { saturated }),
          ...(linear && { linear }),
        }),
        ...(gradients && {
          gradient: {
            ...gradients.layers[l],
            ...(gradients.predicted && { predicted: gradients.predicted.layers[l] }),
          },
        }),
      };
    });
    return {
      result: {
        verdict,
        findings,
        fixes,
        inputs: measurement.inputs,
        outputs: scale?.output,
        structure: measurement.structure,
        growth: scale?.growth,
        gradientGrowth: gradients?.growth,
        bornDead,
        noLivingPoint,
        bounds,
        layers: checked,
        nodes: measurement.nodes,
        signal: measurement.signal,
        widthLimit,
        method: drawn,
        executor,
        domain: drawnFrom,
      },
      settings: { ...settings, networks: networksSetting(options, measurement), failOn },
      warnings: [],
      interrupted,
      exitCode: failing[failOn].includes(verdict) ? exitCodes.found : exitCodes.done,
      figure: (plots, text) => plots.checkFigure({ bornDead, bounds, layers: checked }, text),
      report: (page) => checkReport(page, { model, architecture, diagnosis, inputs: inputs.name }),
    };
  });
}
