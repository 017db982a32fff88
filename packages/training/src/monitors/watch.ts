import { ConfigError, type Matrix, nearest, quote } from "@sonde/core";
import { type Network, observeNetwork } from "@sonde/nets";
import type { TrainingPlan } from "../plan.js";
import { anglesMonitor } from "./angles.js";
import { deathMonitor } from "./death.js";
import type { LayerValues, Monitor, Sight } from "./monitor.js";
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

/** Prepares watching networks of a plan at these points. */
export function watcher(
  plan: Pick<TrainingPlan, "architecture" | "inputs" | "seed">,
  points: Matrix<Float64Array>,
  names: readonly string[],
): (network: Network) => Watched {
  const chosen = names.map((name) => {
    const monitor = monitorOf(name);
    return { monitor, sights: monitor.sights(plan, points) };
  });
  const sights = chosen.flatMap(({ sights }) => sights);
  // One pass over the network for all that see the same points, one for each with points of its own.
  const together = sights.filter(({ at }) => at === undefined);
  const apart = sights.filter(({ at }) => at !== undefined);
  const passes = [...(together.length > 0 ? [together] : []), ...apart.map((one) => [one])];
  return (network) => {
    if (passes.length === 0) return { layers: {} };
    const states = new Map<Sight, unknown>();
    for (const pass of passes) {
      const { inputs = points, directions } = pass[0].at ?? {};
      for (const [m, state] of observeNetwork(network, inputs, pass, { directions }).entries()) states.set(pass[m], state);
    }
    const layers = chosen.map(({ monitor, sights }) =>
      sights.length === 0 ? {} : monitor.read(Object.fromEntries(sights.map((sight) => [sight.metric.name, states.get(sight)]))),
    );
    const units = sights.find(({ metric }) => metric.name === "unit-death");
    return {
      layers: Object.assign({}, ...layers),
      ...(units && { dead: (states.get(units) as { dead: Uint8Array[] }).dead }),
    };
  };
}
