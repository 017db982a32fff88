import { ConfigError, DomainError } from "@sonde/core";
import { deathDomain } from "@sonde/metrics-death";
import type { Architecture } from "@sonde/nets";
import { type PredictedLayer, predictAngles } from "./angles/index.js";
import type { MeasureOptions } from "./measurement.js";

/** What theory says of the pairs of inputs whose angles are measured, layer by layer; `undefined` where it says nothing of such an architecture or such inputs. */
export function predictedAngles(
  architecture: Architecture,
  options: MeasureOptions,
): readonly PredictedLayer["finiteWidth"][] | undefined {
  const { inputs } = deathDomain(architecture, options);
  if (inputs.rows < 2) return undefined;
  const { pairs, seed } = options;
  try {
    return predictAngles(architecture, { data: inputs, pairs, seed, published: "none" }).layers.map(
      ({ finiteWidth }) => finiteWidth,
    );
  } catch (error) {
    if (error instanceof ConfigError || error instanceof DomainError) return undefined;
    throw error;
  }
}
