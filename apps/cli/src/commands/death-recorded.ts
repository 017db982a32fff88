import { ConfigError, quote, SondeError } from "@sonde/core";
import { readArrays } from "@sonde/formats/node";
import { examineActivations } from "@sonde/metrics-death";
import { runOn } from "../command.js";
import { recordedReport } from "../render/recorded.js";
import type { DeathOptions } from "./death.js";

/** Options that do something to recorded activations; every other one is about random networks. */
const understood = ["tau", "json", "out", "quiet", "seed", "threads", "method"];

/** `sonde death recorded.npz`. */
export function deathRecorded(model: string, options: DeathOptions): Promise<number> {
  const started = performance.now();
  const other = Object.keys(options).find(
    (name) => !understood.includes(name) || (name === "method" && options.method !== "auto"),
  );
  if (other)
    throw new ConfigError(
      `--${other.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)} is about random networks, but ${quote(model)} holds recorded activations: leave it out`,
    );
  const { tau = 0.025 } = options;
  const subject = {
    name: "death",
    model,
    started,
    architecture: null,
    line: "recorded activations",
    settings: { model, tau },
    warnings: [],
  };
  return runOn(subject, options, async () => {
    const arrays = await readArrays(model);
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
      settings: {},
      warnings: [],
      interrupted: false,
      exitCode: 0,
      report: (page) => recordedReport(page, { model, examined, layers }),
    };
  });
}

function examine(model: string, arrays: Awaited<ReturnType<typeof readArrays>>, tau: number) {
  try {
    return examineActivations(arrays, { tau });
  } catch (error) {
    throw error instanceof SondeError ? new ConfigError(`in ${quote(model)}: ${error.message}`, { cause: error }) : error;
  }
}
