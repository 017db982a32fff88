import { type Matrix, NumericalError } from "@sonde/core";
import { log } from "@sonde/core/math";
import { forwardThrough } from "../forward.js";
import { gradient, type LayerGradient } from "../gradient.js";
import type { Network } from "../network.js";
import type { LayerOutput, Observation, Observers } from "../observation.js";
import { randomNetwork } from "../random-network.js";
import type { ShapedLayer } from "../shapes.js";
import { type TangentOptions, type Tangents, tangentThrough } from "../tangent.js";
import type { Execute } from "./executors.js";
import type { AnyMetric, ObservedGradient } from "./metric.js";
import { networkErrors, networkInputs } from "./network-inputs.js";
import { layerViews, placeView } from "./observed-layer.js";
import { observedLayers, observedPaths } from "./observed-part.js";
import { demandsOf, type Observer } from "./observer.js";
import { type EnsemblePlan, networkStream } from "./plan.js";

/** Explicit weights, one network after the other, in plain float64: every architecture, and the meaning of the other executors. */
export function referenceExecutor(plan: EnsemblePlan, metrics: readonly AnyMetric[]): Execute {
  const { architecture } = plan;
  const view = layerViews(architecture);
  const { visits, outputs, backward } = demandsOf(metrics);
  const layers = observedLayers(architecture, outputs || backward);
  const observed = observedPaths(architecture, outputs);
  const show = (observer: Observer) => ({
    observe: (seen: Observation & Partial<Tangents>) =>
      observer.observe(0, view(seen.layer, seen.activations, seen.exponent, seen)),
    ...(visits && {
      trace: (seen: LayerOutput & Partial<Tangents>) => {
        if (observed.has(seen.path)) observer.visit(0, placeView(seen));
      },
    }),
  });
  return (first, count, observer) => {
    for (let k = first; k < first + count; k++) {
      const { inputs, directions } = networkInputs(plan, k);
      const network = randomNetwork(architecture, networkStream(plan.seed, k), { inputs });
      observer.begin(1);
      if (visits) observer.visit(0, placeView({ path: "input", activations: inputs, exponent: 0, tangents: directions }));
      walkThrough(layers, network, { inputs, directions }, { batchNorm: plan.tangents?.batchNorm, ...show(observer) });
      if (backward)
        gradient(network, inputs, networkErrors(plan, k), { observe: (seen) => observer.backward(0, gradientView(seen)) });
      observer.end();
    }
  };
}

function walkThrough(
  layers: readonly ShapedLayer[],
  network: Network,
  { inputs, directions }: { readonly inputs: Matrix; readonly directions?: Matrix },
  options: Observers & TangentOptions,
): void {
  if (directions) tangentThrough(layers, network, { inputs, directions }, options);
  else forwardThrough(layers, network, inputs, options);
}

function gradientView({ path, gradients, gradientExponent, weights }: LayerGradient): ObservedGradient {
  return {
    path,
    points: gradients.rows,
    units: gradients.cols,
    gradients: () => gradients,
    gradientExponent,
    logMeanSquare: () => logMeanSquare(gradients, gradientExponent),
    ...(weights && { weightLogMeanSquare: () => logMeanSquare(weights.gradients, weights.exponent) }),
  };
}

/** ln of the mean square of values over 2^exponent, in two steps, since the square of 2^exponent may leave float64's range. */
function logMeanSquare({ data }: Matrix, exponent: number): number {
  let sum = 0;
  for (let k = 0; k < data.length; k++) sum += data[k] * data[k];
  if (!Number.isFinite(sum))
    throw new NumericalError("gradients overflow float64 within one layer: take a smaller weight variance or a larger epsilon");
  return log(sum / data.length) + 2 * Math.LN2 * exponent;
}
