import { ConfigError } from "@sonde/core";
import { limits } from "../limits.js";

/** Elementary steps in a second. */
const perSecond = 1e10;

/**
 * Throws `ConfigError` where so many networks take more than `limits.steps`, or `limits.stepsAsked` where somebody asked for them: what takes that long is only done on request.
 */
export function checkSteps(stepsOfNetwork: number, networks: number, asked: boolean): void {
  const most = asked ? limits.stepsAsked : limits.steps;
  const steps = stepsOfNetwork * networks;
  if (!(steps > most)) return;
  const affordable = Math.floor(most / stepsOfNetwork);
  const fewer = affordable < 1 ? "" : `--networks ${affordable} or fewer, `;
  const anyway = asked ? "" : `, or --networks ${networks} to wait for it`;
  throw new ConfigError(
    `${networks} networks of this model take about ${duration(steps / perSecond)} of one core, more than ${duration(most / perSecond)}: give ${fewer}fewer points or pairs, a smaller model${anyway}`,
  );
}

function duration(seconds: number): string {
  const [size, unit] = (
    [
      [86_400, "day"],
      [3600, "hour"],
      [60, "minute"],
    ] as const
  ).find(([size]) => seconds >= 2 * size) ?? [1, "second"];
  const count = Math.ceil(seconds / size);
  return count > 1e6 ? `more than a million ${unit}s` : `${count} ${unit}${count === 1 ? "" : "s"}`;
}
