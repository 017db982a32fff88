import type { Interval } from "@sonde/metrics-death";
import { diagnose } from "@sonde/predictor";
import { runCommand } from "../command.js";
import { fixRecord, usable } from "../cures.js";
import { exitCodeOf, type FailOn } from "../exit-codes.js";
import { firstPoints, loadInputs } from "../inputs.js";
import type { SharedOptions } from "../options.js";
import { isRecorded } from "../recorded.js";
import { checkReport } from "../render/check.js";
import { networksSetting } from "../settings.js";

/** What `sonde check` understands beside the shared options. */
export interface CheckOptions extends SharedOptions {
  domain?: Interval[];
  failOn: FailOn;
}

/** `sonde check MODEL`, where MODEL may be recorded activations. */
export async function check(model: string, options: CheckOptions): Promise<number> {
  if (isRecorded(model)) return (await import("./check-recorded.js")).checkRecorded(model, options);
  return runCommand("check", model, options, async (architecture, context) => {
    const inputs = await loadInputs(architecture, { ...options, points: firstPoints(architecture, options) });
    const { failOn } = options;
    const { data, domain, settings, targets } = inputs;
    const found = await diagnose(architecture, { ...context, data, domain, targets, points: settings.points });
    const fixes = await usable(model, options, found.fixes);
    const diagnosis = { ...found, fixes };
    const { verdict, failure, findings, measurement, predictedAngles, widthLimit } = diagnosis;
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
        failure,
        findings,
        fixes: fixes.map(fixRecord),
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
        conditioning: measurement.conditioning,
        widthLimit,
        method: drawn,
        executor,
        domain: drawnFrom,
      },
      settings: { ...settings, networks: networksSetting(options, measurement), failOn },
      warnings: [],
      interrupted,
      exitCode: exitCodeOf(verdict, failOn),
      figure: (plots, text) => plots.checkFigure({ bornDead, bounds, layers: checked }, text),
      report: (page) =>
        checkReport(page, { model, architecture, diagnosis, inputs: inputs.name, asked: { ...options, used: settings.points } }),
    };
  });
}
