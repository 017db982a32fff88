import type { AnyWorker, Matrix } from "@sonde/core";
import {
  type AnglesRecord,
  type AnglesState,
  angles,
  anglesLayers,
  anglesOptions,
  anglesSteps,
} from "@sonde/metrics-correlation";
import {
  type DeathRecord,
  type DeathState,
  type DomainPoints,
  death,
  deathDomain,
  deathRecord,
  type Interval,
} from "@sonde/metrics-death";
import { type Architecture, type EnsembleRequest, planEnsemble, runEnsemble } from "@sonde/nets";

export interface MeasureOptions {
  /** One interval for a single input, or one for each input. Default: [-1, 1] for every input. */
  readonly domain?: Interval | readonly Interval[];
  /** A finite data set `[points, inputs]` instead of a domain. */
  readonly data?: Matrix<Float64Array>;
  /** Points of a grid or sample where the domain needs one. Default 512. */
  readonly points?: number;
  /** Networks drawn; with `relativeError` at most. Default: by the size of the model, from 16 to 10 000. */
  readonly networks?: number;
  /** Pairs of points whose angle is measured, see `measureAngles`. Default 256. */
  readonly pairs?: number;
  /** Elementary steps to spend where `networks` is not given, see `EnsembleRequest`. Default 10^10. */
  readonly budget?: number;
  /** Draw networks until standardError <= relativeError * value for P(born dead). */
  readonly relativeError?: number;
  /** A whole number from 0. Default 0. */
  readonly seed?: number;
  readonly method?: EnsembleRequest["method"];
  /** Worker threads, default 1; used with `createWorker`. The numbers do not depend on them. */
  readonly threads?: number;
  /** Makes a worker whose entry file calls `serveWorker([death, angles])`. Default: everything on this thread. */
  readonly createWorker?: () => AnyWorker;
  readonly signal?: AbortSignal;
  readonly progress?: (networks: number, most: number) => void;
}

/** What is known of an architecture after one pass over an ensemble. */
export interface Measurement {
  readonly death: DeathRecord;
  /** Absent where the inputs are a single point or ray, which has no angles. */
  readonly angles?: AnglesRecord;
  readonly networks: number;
  readonly interrupted: boolean;
}

/** Measures death and angles of an architecture in one pass. */
export async function measure(architecture: Architecture, options: MeasureOptions = {}): Promise<Measurement> {
  const { seed = 0, points = 512, method = "auto", relativeError } = options;
  const domain: DomainPoints = deathDomain(architecture, { ...options, points, seed });
  const hasAngles = domain.inputs.rows >= 2;
  const pairs = hasAngles ? anglesOptions(domain.inputs, options.pairs, seed) : undefined;
  const plan = planEnsemble({
    architecture,
    inputs: domain.inputs,
    seed,
    method,
    precision: domain.inputs.rows <= 16 ? "float64" : "float32",
    networks: options.networks ?? (relativeError === undefined ? undefined : 1e7),
    budget: options.budget,
    metricSteps: pairs && anglesSteps(architecture, pairs.pairs.length),
    metrics: [
      { name: death.name, options: { shares: domain.shares } },
      ...(pairs ? [{ name: angles.name, options: pairs }] : []),
    ],
  });
  const run = await runEnsemble(plan, {
    ...options,
    metrics: [death, angles],
    stop: ([state]) => {
      const { bornDead, networks } = state as DeathState;
      // For a count, (standardError / value)^2 = (1 - p) / (p n).
      return relativeError !== undefined && bornDead > 0 && 1 / bornDead - 1 / networks <= relativeError ** 2;
    },
  });
  const { networks, interrupted } = run;
  return {
    death: { ...deathRecord(run.states[0] as DeathState, architecture, domain), method: plan.executor, interrupted },
    angles: pairs && {
      layers: anglesLayers(run.states[1] as AnglesState),
      networks,
      pairs: pairs.pairs.length,
      method: plan.executor,
      interrupted,
    },
    networks,
    interrupted,
  };
}
