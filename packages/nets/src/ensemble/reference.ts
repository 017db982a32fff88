import type { Matrix } from "@sonde/core";
import { forwardThrough } from "../forward.js";
import type { Network } from "../network.js";
import type { LayerOutput, Observation, Observers } from "../observation.js";
import { randomNetwork } from "../random-network.js";
import type { ShapedLayer } from "../shapes.js";
import { type TangentOptions, type Tangents, tangentThrough } from "../tangent.js";
import type { Execute } from "./executors.js";
import type { AnyMetric } from "./metric.js";
import { networkInputs } from "./network-inputs.js";
import { layerViews, placeView } from "./observed-layer.js";
import { observedLayers } from "./observed-part.js";
import { demandsOf, type Observer } from "./observer.js";
import { type EnsemblePlan, networkStream } from "./plan.js";

/** Explicit weights, one network after the other, in plain float64: every architecture, and the meaning of the other executors. */
export function referenceExecutor(plan: EnsemblePlan, metrics: readonly AnyMetric[]): Execute {
  const { architecture } = plan;
  const view = layerViews(architecture);
  const { visits, outputs } = demandsOf(metrics);
  const layers = observedLayers(architecture, outputs);
  const show = (observer: Observer) => ({
    observe: (seen: Observation & Partial<Tangents>) =>
      observer.observe(0, view(seen.layer, seen.activations, seen.exponent, seen)),
    ...(visits && { trace: (seen: LayerOutput & Partial<Tangents>) => observer.visit(0, placeView(seen)) }),
  });
  return (first, count, observer) => {
    for (let k = first; k < first + count; k++) {
      const { inputs, directions } = networkInputs(plan, k);
      const network = randomNetwork(architecture, networkStream(plan.seed, k), { inputs });
      observer.begin(1);
      if (visits) observer.visit(0, placeView({ path: "input", activations: inputs, exponent: 0, tangents: directions }));
      walkThrough(layers, network, { inputs, directions }, { batchNorm: plan.tangents?.batchNorm, ...show(observer) });
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
