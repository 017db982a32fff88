import { ConfigError, quote, SondeError } from "@sonde/core";
import { examineActivations } from "@sonde/metrics-death";
import { runOn } from "../command.js";
import { type OpenedRecording, oneNetwork, openRecording } from "../recorded.js";
import { recordedReport } from "../render/recorded.js";
import type { DeathOptions } from "./death.js";

/** `sonde death recorded.npz`. */
export async function deathRecorded(model: string, options: DeathOptions): Promise<number> {
  const started = performance.now();
  const line = await oneNetwork(model, options, ["tau", "plot", "theme"]);
  const { tau = 0.025 } = options;
  const subject = {
    name: "death",
    model,
    started,
    architecture: null,
    line,
    settings: { model, tau },
    warnings: [],
  };
  return runOn(subject, options, async (context) => {
    const { arrays, settings, warnings } = await openRecording(model, options, context);
    const examined = examine(model, arrays, tau);
    const layers = examined.layers.map(({ deadUnits, dormantUnits, ...layer }, l) => ({
      ...layer,
      name: arrays[l].name,
      shape: arrays[l].shape,
      deadUnits: { ...deadUnits, firingRate: [...deadUnits.firingRate] },
      dormantUnits: { ...dormantUnits, scores: [...dormantUnits.scores] },
    }));
    return {
      result: { ...examined, layers },
      settings,
      warnings,
      interrupted: false,
      exitCode: 0,
      figure: (plots, text) => plots.recordedDeathFigure({ layers }, text),
      report: (page) => recordedReport(page, { model, examined, layers }),
    };
  });
}

function examine(model: string, arrays: OpenedRecording["arrays"], tau: number) {
  try {
    return examineActivations(arrays, { tau });
  } catch (error) {
    throw error instanceof SondeError ? new ConfigError(`in ${quote(model)}: ${error.message}`, { cause: error }) : error;
  }
}
