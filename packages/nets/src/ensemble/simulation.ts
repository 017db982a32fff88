import { ConfigError, split, stream } from "@sonde/core";
import type { Execute } from "./executors.js";
import type { AnyMetric, SimulationName } from "./metric.js";
import type { EnsemblePlan } from "./plan.js";

/** Networks that a metric draws in its own way. */
export function simulationExecutor(
  { architecture, inputs, seed }: EnsemblePlan,
  name: SimulationName,
  metrics: readonly AnyMetric[],
): Execute {
  const simulation = metrics.map(({ simulations }) => simulations?.[name]).find((own) => own !== undefined);
  if (!simulation) throw new ConfigError(`no metric of this run can draw networks as ${name}: use the method count`);
  const draw = simulation.prepare(architecture, inputs);
  // A network can take a microsecond: as `networkStream`, with the seed's part made once.
  const networks = split(stream(seed), 0);
  return (first, count, observer) => {
    for (let k = first; k < first + count; k++) {
      observer.begin(1);
      const { living, conditional } = draw(split(networks, k));
      observer.end({ living: living && (() => living), conditional });
    }
  };
}
