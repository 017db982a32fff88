import { linePoints } from "@sonde/checkup";
import { networksSetting } from "@sonde/checkup/asked";
import { ConfigError, type Matrix, matrix } from "@sonde/core";
import type { Architecture } from "@sonde/nets";
import { defaultVniPoints, type MeasureVniOptions, measureVni } from "@sonde/vni";
import { runCommand } from "../command.js";
import { loadInputs } from "../inputs.js";
import type { SharedOptions } from "../options.js";
import { isOneNetwork } from "../recorded.js";
import { vniReport } from "../render/vni.js";

/** What `sonde vni` understands beside the shared options. */
export interface VniOptions extends SharedOptions, Pick<MeasureVniOptions, "where" | "positions"> {
  centring?: "mean" | "none";
  samplingBias?: "remove" | "keep";
}

/** `sonde vni MODEL`, where MODEL may be recorded activations or a model file. */
export async function vni(model: string, options: VniOptions): Promise<number> {
  if (await isOneNetwork(model)) return (await import("./vni-recorded.js")).vniRecorded(model, options);
  return runCommand("vni", model, options, async (architecture, context) => {
    const { name, settings, data } = await vniInputs(architecture, options);
    const { where = "post", positions = "points", centring = "mean", samplingBias = "remove" } = options;
    const record = await measureVni(architecture, {
      ...context,
      data,
      points: settings.points,
      where,
      positions,
      centred: centring === "mean",
      removeBias: samplingBias === "remove",
    });
    const { layers, warnings, interrupted, ...rest } = record;
    const shown = layers.map((layer) => ({ ...layer, formula: layer.formula ?? null }));
    return {
      result: { layers: shown, ...rest },
      settings: { ...settings, where, positions, centring, samplingBias, networks: networksSetting(options, record) },
      warnings,
      interrupted,
      exitCode: 0,
      figure: (plots, text) => plots.vniFigure({ layers: shown }, text),
      report: (page) => vniReport(page, { model, architecture, record, inputs: name }),
    };
  });
}

/** Fresh normal points for every network, a data set, or for one input [-1, 1]. */
async function vniInputs(
  architecture: Architecture,
  options: VniOptions,
): Promise<{ name: string; settings: { data?: string; points: number; standardize?: true }; data?: Matrix<Float64Array> }> {
  const { data, points = defaultVniPoints, standardize } = options;
  if (standardize && (data === undefined || data === "gaussian"))
    throw new ConfigError("--standardize is for data, and the inputs are not: give --data, or leave it out");
  if (data === undefined && architecture.input.every((n) => n === 1)) {
    return { name: `${points} points of [-1, 1]`, settings: { points }, data: matrix(points, 1, linePoints(points)) };
  }
  if (data === undefined || data === "gaussian")
    return { name: `${points} standard normal inputs for each`, settings: { data: "gaussian", points } };
  const inputs = await loadInputs(architecture, { ...options, points });
  return { ...inputs, settings: { ...inputs.settings, data, points } };
}
