import { reals } from "@sonde/checkup/files";
import { addRunning, ConfigError, type Estimate, quote, running, runningEstimate, SondeError } from "@sonde/core";
import { measureUnitsParallel, type UnitRecord } from "@sonde/vni";
import { runOn } from "../command.js";
import { thread } from "../entry-files.js";
import { oneNetwork, openRecording } from "../recorded.js";
import { type RecordedUnits, vniRecordedReport } from "../render/vni-recorded.js";
import type { VniOptions } from "./vni.js";

/** `sonde vni recorded.npz`. */
export async function vniRecorded(model: string, options: VniOptions): Promise<number> {
  const started = performance.now();
  const line = await oneNetwork(model, options, ["positions", "centring", "samplingBias", "plot", "theme"]);
  const { positions = "points", centring = "mean", samplingBias = "remove", threads } = options;
  const subject = {
    name: "vni",
    model,
    started,
    architecture: null,
    line,
    settings: { model, positions, centring, samplingBias },
    warnings: [],
  };
  return runOn(subject, options, async (context) => {
    const { progress } = context;
    const { arrays, settings, warnings } = await openRecording(model, options, context);
    const createWorker = () => thread("products-worker");
    const asked = {
      positions,
      centred: centring === "mean",
      removeBias: samplingBias === "remove",
      threads,
      createWorker,
    };
    const layers: RecordedUnits[] = [];
    for (const { name, shape, data } of arrays) {
      const record = await measureUnitsParallel({ shape, data: reals(data) }, asked).catch((error: unknown) => {
        throw error instanceof SondeError
          ? new ConfigError(`in ${quote(model)}, ${quote(name)}: ${error.message}`, { cause: error })
          : error;
      });
      layers.push({ layer: layers.length + 1, name, shape, ...asEstimates(record) });
      progress(layers.length, arrays.length, "layers");
    }
    return {
      result: { layers },
      settings,
      warnings: [
        ...warnings,
        ...layers.flatMap(({ layer, reason, warning }) =>
          [reason, warning].flatMap((text) => (text ? [`layer ${layer}: ${text}`] : [])),
        ),
      ],
      interrupted: false,
      exitCode: 0,
      figure: (plots, text) => plots.vniFigure({ layers }, text),
      report: (page) => vniRecordedReport(page, { model, layers }),
    };
  });
}

/** The numbers of one network in the form of those of many. */
function asEstimates({ vni, weighted, lengthShare, raw: _raw, ...rest }: UnitRecord) {
  return { vni: single(vni), weighted: single(weighted), lengthShare: single(lengthShare), formula: null, ...rest };
}

function single(value: number): Estimate {
  const one = running();
  if (!Number.isNaN(value)) addRunning(one, value);
  return runningEstimate(one);
}
