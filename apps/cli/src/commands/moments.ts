import { linePoints } from "@sonde/checkup";
import { defaultPoints, networksSetting, settingsOf } from "@sonde/checkup/asked";
import { type Matrix, matrix } from "@sonde/core";
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  type MeasureMomentsOptions,
  type MomentsRecord,
  measureMoments,
} from "@sonde/moments";
import type { Architecture } from "@sonde/nets";
import { openCheckpoint } from "../checkpoint-file.js";
import { runCommand } from "../command.js";
import { loadInputs } from "../inputs.js";
import type { SharedOptions } from "../options.js";
import { isOneNetwork } from "../recorded.js";
import { momentsReport } from "../render/moments.js";
import { count, percent } from "../render/numbers.js";

/** What `sonde moments` understands beside the shared options. */
export interface MomentsOptions extends SharedOptions, Pick<MeasureMomentsOptions, "jacobian" | "ranks" | "batch"> {
  checkpoint?: string;
}

/** `sonde moments MODEL`, where MODEL may be recorded activations or a model file. */
export async function moments(model: string, options: MomentsOptions): Promise<number> {
  if (await isOneNetwork(model)) return (await import("./moments-recorded.js")).momentsRecorded(model, options);
  return momentsOfNetworks(model, options);
}

function momentsOfNetworks(model: string, options: MomentsOptions): Promise<number> {
  return runCommand("moments", model, options, async (architecture, context) => {
    const { jacobian = "frozen", ranks = "reported", standardize = true } = options;
    const { name, settings, data } = await momentsInputs(architecture, options);
    const chosen = { ...settings, ...(!standardize && { noStandardize: true }), jacobian, ranks };
    const file =
      options.checkpoint === undefined
        ? undefined
        : await openCheckpoint(options.checkpoint, {
            ...settingsOf(model, options),
            architecture,
            relError: undefined,
            ...chosen,
          });
    let latest: Checkpoint | undefined;
    const record = await measureMoments(architecture, {
      ...context,
      data,
      batch: settings.batch,
      standardise: standardize,
      jacobian,
      ranks,
      resume: file?.known === undefined ? undefined : decodeCheckpoint(file.known),
      checkpoint: (known) => {
        latest = known;
        file?.save(() => encodeCheckpoint(known));
      },
    });
    const last = latest;
    if (last) file?.save(() => encodeCheckpoint(last), true);
    const { interrupted, ...result } = record;
    return {
      result,
      settings: { ...chosen, networks: networksSetting(options, record) },
      warnings: warningsOf(record, architecture.input[architecture.input.length - 1]),
      interrupted,
      exitCode: 0,
      figure: (plots, text) =>
        plots.momentsFigure(result, { ...text, units: architecture.layers.some(({ kind }) => kind === "residual") }),
      report: (page) => momentsReport(page, { model, architecture, record, inputs: name }),
    };
  });
}

interface MomentsInputs {
  readonly name: string;
  readonly settings: { readonly data?: string; readonly batch: number };
  readonly data?: Matrix<Float64Array>;
}

/** Fresh normal points for every network, a batch of a data set, or for one input [-1, 1]. */
async function momentsInputs(architecture: Architecture, options: MomentsOptions): Promise<MomentsInputs> {
  const { data, batch = defaultPoints } = options;
  if (data === undefined && architecture.input.every((n) => n === 1)) {
    return { name: `${count(batch, "point")} of [-1, 1]`, settings: { batch }, data: matrix(batch, 1, linePoints(batch)) };
  }
  if (data === undefined || data === "gaussian")
    return { name: `a batch of ${count(batch, "standard normal input")} for each`, settings: { data: "gaussian", batch } };
  const inputs = await loadInputs(architecture, { ...options, standardize: undefined, points: batch });
  return { name: inputs.name, settings: { data, batch }, data: inputs.data };
}

/** What has no value, and why. */
function warningsOf({ layers, input, networks }: MomentsRecord, features: number): string[] {
  const warnings: string[] = [];
  const constant = Math.round(features * input[0].constantChannels.mean);
  if (constant > 0)
    warnings.push(
      `${constant} of ${count(features, "feature")} of the input ${constant === 1 ? "is" : "are"} constant over the batch: 0 where inputs are standardised`,
    );
  const last = layers.at(-1);
  if (!last) return warnings;
  const dead = networks - last.logNu2.networks;
  const collapsed = last.logNu2.networks - last.logChi.networks;
  if (dead > 0)
    warnings.push(
      `in ${count(dead, "network")} of ${networks} the signal is 0 at the last layer: logarithms and ranks are over the others`,
    );
  if (collapsed > 0)
    warnings.push(
      `in ${count(collapsed, "network")} of ${networks} all points are the same at the last layer, so there is no sensitivity and no effective rank`,
    );
  const norms = layers.flatMap(({ layer, locations }) =>
    locations
      .filter(({ kind, constantChannels }) => kind === "norm" && constantChannels.mean > 0)
      .map((place) => ({ layer, share: place.constantChannels.mean })),
  );
  if (norms.length > 0)
    warnings.push(
      `${percent(norms[0].share)} of the channels are constant over the batch where layer ${norms[0].layer} normalises them: they become 0, and so does their noise where epsilon is 0`,
    );
  return warnings;
}
