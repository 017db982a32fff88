import { ConfigError, type Stream, split } from "@sonde/core";
import type { Points } from "../layers/operator.js";
import { operatorOf } from "../layers/operator-of.js";
import { rescale } from "../scaled.js";
import { inferShapes, type ShapedLayer } from "../shapes.js";
import type { Execute } from "./executors.js";
import { drawDense } from "./law.js";
import type { AnyMetric } from "./metric.js";
import { layerViews } from "./observed-layer.js";
import { observedPart } from "./observed-part.js";
import { type EnsemblePlan, networkStream } from "./plan.js";

/**
 * Networks in which a metric's event never happens, with the exact probability of the event in each layer: a layer in which it happened is drawn again, in law. For chains of layers that are positively homogeneous
 * (the metric's `refusal` sees to that), so that powers of two can be dropped on the way.
 */
export function survivorsExecutor({ inputs, seed, ...plan }: EnsemblePlan, metrics: readonly AnyMetric[]): Execute {
  const architecture = observedPart(plan.architecture);
  const event = metrics.find((metric) => metric.event)?.event;
  if (!event) throw new ConfigError("no metric of this run has an event with a closed form: use another method than conditional");
  const segments = segmentsOf(inferShapes(architecture));
  const view = layerViews(architecture);
  return (first, count, observer) => {
    for (let k = first; k < first + count; k++) {
      const network = networkStream(seed, k);
      observer.begin(1);
      let given: Points = inputs;
      const conditional = segments.map((segment, l) => {
        const probability = event.probability(given, segment[0].output[segment[0].output.length - 1]);
        // Of a layer that cannot be survived there is no survivor to go on with: what follows does not count.
        if (probability < 1) {
          given = survive(segment, given, network, (values) => !event.happened(view(l + 1, values)));
          observer.observe(0, view(l + 1, given));
        }
        return probability;
      });
      observer.end({ conditional });
    }
  };
}

/** Draws a segment until the event does not happen: a bounded number of times with overwhelming probability, since the event is no certainty. */
function survive(segment: readonly ShapedLayer[], given: Points, network: Stream, survives: (values: Points) => boolean): Points {
  for (let attempt = 0; ; attempt++) {
    let values = given;
    for (const shaped of segment) {
      if (shaped.parameters === undefined) values = operatorOf(shaped, []).forward(values);
      else {
        const layer = split(network, shaped.parameters);
        values = drawDense(shaped, values, attempt === 0 ? layer : split(layer, attempt + 1));
      }
    }
    values = rescale({ values, exponent: 0 }).values;
    if (survives(values)) return values;
  }
}

/** The layers between one hidden layer and the next, the latter included. */
function segmentsOf(layers: readonly ShapedLayer[]): ShapedLayer[][] {
  const segments: ShapedLayer[][] = [];
  let current: ShapedLayer[] = [];
  for (const shaped of layers) {
    current.push(shaped);
    if (shaped.hidden === undefined) continue;
    segments.push(current);
    current = [];
  }
  return segments;
}
