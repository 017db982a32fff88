import { firstPoints, fixRecord, type Inputs, standardisedText, usableFixes } from "@sonde/checkup";
import { networksSetting } from "@sonde/checkup/asked";
import { ConfigError } from "@sonde/core";
import type { Interval } from "@sonde/metrics-death";
import type { Architecture } from "@sonde/nets";
import { type Advice, advise as adviseOn, type Change, changeBy, verdictOn } from "@sonde/predictor";
import { architectureText } from "../architecture-file.js";
import { runCommand } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import { loadInputs } from "../inputs.js";
import type { SharedOptions } from "../options.js";
import { openOutput } from "../output.js";
import { adviseReport } from "../render/advise.js";

interface AdviseOptions extends SharedOptions {
  domain?: Interval[];
  /** Where the changed architecture goes. */
  save?: string;
  /** The remedies that make it, joined by +. */
  cure?: string;
}

/** `sonde advise MODEL`. */
export function advise(model: string, options: AdviseOptions): Promise<number> {
  const { save, cure } = options;
  return runCommand("advise", model, options, async (architecture, context, source) => {
    if (cure !== undefined && save === undefined)
      throw new ConfigError("--cure says which change --save writes: give --save a file too, or leave it out");
    const inputs = await loadInputs(architecture, { ...options, points: firstPoints(architecture, options) });
    const { name, data, domain, settings, targets } = inputs;
    const asked = cure === undefined ? undefined : changeNamed(cure, architecture, inputs);
    const write = save === undefined ? undefined : await openOutput(save, "--save");
    const found = await adviseOn(architecture, { ...context, data, domain, targets, points: settings.points });
    const { measurement, interrupted, vitals, parameters, leftOut } = found;
    const cures = usableFixes(source, options, found.cures);
    const compared = usableFixes(source, options, found.compared);
    const advice = { ...found, cures, compared, smallest: cures.at(0) };
    const { findings } = verdictOn(architecture, measurement);
    const change = asked ? (sized(cure, found) ?? asked) : found.cures.at(0);
    if (change) await write?.(architectureText(change.architecture));
    const saved = write &&
      change && { file: save, change: change.change, with: change.standardise ? standardisedText(architecture, options) : "" };
    const records = {
      smallest: cures.map(fixRecord).at(0) ?? null,
      cures: cures.map(fixRecord),
      compared: compared.map(fixRecord),
    };
    return {
      result: {
        verdict: vitals.verdict,
        findings,
        vitals,
        parameters,
        ...records,
        leftOut,
        ...(saved && { saved }),
      },
      settings: { ...settings, networks: networksSetting(options, measurement) },
      warnings: [
        ...(leftOut.length > 0
          ? [
              `not computed, since ${leftOut.length === 1 ? "it" : "they"} would take long: ${leftOut.join("; ")}${options.networks === undefined ? `; --networks ${measurement.networks} computes what fits into some seconds each` : ""}`,
            ]
          : []),
        ...(write && !change ? [`nothing was saved: ${nothing(found)}`] : []),
      ],
      interrupted,
      exitCode: write && !change ? exitCodes.found : exitCodes.done,
      figure: (plots, text) => plots.remediesFigure({ vitals, compared: found.compared }, text),
      report: (page) => adviseReport(page, { model, architecture, advice, findings, inputs: name, saved }),
    };
  });
}

function changeNamed(cure: string, architecture: Architecture, inputs: Inputs): Change {
  const change = changeBy(cure.split("+"), architecture, inputs);
  if (change) return change;
  throw new ConfigError(`--cure ${cure} changes nothing of this model: sonde advise lists the remedies that do`);
}

/** A remedy that comes in sizes, at the size that was found. */
function sized(cure: string | undefined, { cures, compared }: Advice): Change | undefined {
  return [...cures, ...compared].find(({ remedies }) => remedies.join("+") === cure);
}

function nothing({ vitals, interrupted }: Advice): string {
  if (interrupted) return "the search was interrupted";
  return vitals.verdict === "healthy"
    ? "the model is healthy as it is; --cure names a change to save all the same"
    : "no change that was tried makes it healthy; --cure names one to save all the same";
}
