import { forward } from "../forward.js";
import { randomNetwork } from "../random-network.js";
import { tangent } from "../tangent.js";
import type { Execute } from "./executors.js";
import { inputsOf } from "./fresh.js";
import { layerViews } from "./observed-layer.js";
import { observedPart } from "./observed-part.js";
import { type EnsemblePlan, networkStream } from "./plan.js";

/** Explicit weights, one network after the other, in plain float64: every architecture, and the meaning of the other executors. */
export function referenceExecutor(plan: EnsemblePlan): Execute {
  const { seed, tangents } = plan;
  const architecture = observedPart(plan.architecture);
  const view = layerViews(architecture);
  return (first, count, observer) => {
    for (let k = first; k < first + count; k++) {
      const inputs = inputsOf(plan, k);
      const network = randomNetwork(architecture, networkStream(seed, k), { inputs });
      observer.begin(1);
      if (tangents) {
        const { directions, batchNorm } = tangents;
        tangent(network, inputs, directions, {
          batchNorm,
          observe: (seen) => observer.observe(0, view(seen.layer, seen.activations, seen.exponent, seen)),
        });
      } else {
        forward(network, inputs, {
          observe: ({ layer, activations, exponent }) => observer.observe(0, view(layer, activations, exponent)),
        });
      }
      observer.end();
    }
  };
}
