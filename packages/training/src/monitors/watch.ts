import { ConfigError, type Matrix, nearest, quote } from "@sonde/core";
import { type Architecture, type Network, observeNetwork } from "@sonde/nets";
import { anglesMonitor } from "./angles.js";
import { deathMonitor } from "./death.js";
import type { LayerValues, Monitor } from "./monitor.js";
import { vniMonitor } from "./vni.js";

const monitors: readonly Monitor[] = [deathMonitor, vniMonitor, anglesMonitor];

/** The names of monitors. */
export const monitorNames: readonly string[] = monitors.map(({ name }) => name);

/** The monitor of that name; throws `ConfigError` for another. */
export function monitorOf(name: string): Monitor {
  const monitor = monitors.find((one) => one.name === name);
  if (monitor) return monitor;
  const near = nearest(name, monitorNames);
  throw new ConfigError(
    `unknown monitor ${quote(name)}: ${near ? `did you mean ${near}?` : `the names are ${monitorNames.join(", ")}`}`,
  );
}

/** What monitors see of a network, all in one pass over it. */
export interface Watched {
  readonly layers: LayerValues;
  /** Which units are dead in each hidden layer, 1 for each; where death is watched. */
  readonly dead?: readonly Uint8Array[];
}

/** Prepares watching networks of an architecture at these points. */
export function watcher(
  architecture: Architecture,
  points: Matrix<Float64Array>,
  names: readonly string[],
): (network: Network) => Watched {
  const chosen = names.map((name) => {
    const monitor = monitorOf(name);
    return { monitor, metrics: monitor.metrics(architecture, points) };
  });
  const metrics = chosen.flatMap(({ metrics }) => metrics);
  return (network) => {
    if (metrics.length === 0) return { layers: {} };
    const states = observeNetwork(network, points, metrics);
    let first = 0;
    const layers = chosen.map(({ monitor, metrics }) => {
      const own = states.slice(first, first + metrics.length);
      first += metrics.length;
      return monitor.read(own);
    });
    const units = metrics.findIndex(({ metric }) => metric.name === "unit-death");
    return {
      layers: Object.assign({}, ...layers),
      ...(units >= 0 && { dead: (states[units] as { dead: Uint8Array[] }).dead }),
    };
  };
}
