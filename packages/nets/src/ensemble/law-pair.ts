import { activation, type Matrix, normals, split } from "@sonde/core";
import type { Architecture } from "../architecture.js";
import { isHomogeneousPart } from "../homogeneous.js";
import { layerInitialiser } from "../layer-initialiser.js";
import { type ShapedLayer, size } from "../shapes.js";
import type { Execute } from "./executors.js";
import { inputsOf } from "./fresh.js";
import type { AnyMetric } from "./metric.js";
import { layerViews, placeView } from "./observed-layer.js";
import { observedLayers } from "./observed-part.js";
import { demandsOf } from "./observer.js";
import { type EnsemblePlan, networkStream } from "./plan.js";
import { activatePair, drawPair, pairAngle, pairRoom, startPair } from "./point-pair.js";

/**
 * Two points exactly in law, with their difference carried beside them (`PointPair`), so that angles far below 1e-16 are as good as large ones. The same draws as
 * `lawExecutor`, for what `carriesPairs` admits.
 */
export function lawPairExecutor(plan: EnsemblePlan, metrics: readonly AnyMetric[]): Execute {
  const { architecture } = plan;
  const { visits, outputs } = demandsOf(metrics);
  const layers = observedLayers(architecture, outputs);
  const view = layerViews(architecture);
  const widest = layers.reduce((most, { output }) => Math.max(most, size(output)), size(architecture.input));
  const pair = pairRoom(widest);
  const draws = new Float64Array(2 * widest);
  const angle = () => pairAngle(pair);
  const steps = layers.map((shaped) => ({ shaped, step: stepOf(shaped) }));
  return (first, count, observer) => {
    for (let k = first; k < first + count; k++) {
      const network = networkStream(plan.seed, k);
      const inputs = inputsOf(plan, k);
      observer.begin(1);
      if (visits) observer.visit(0, placeView({ path: "input", activations: inputs, exponent: 0 }));
      startPair(pair, inputs);
      for (const { shaped, step } of steps) {
        if (step.kind === "activation") activatePair(pair, step.above, step.below);
        else {
          normals(split(split(network, step.parameters), 0), draws.subarray(0, 2 * step.units));
          drawPair(pair, step.units, draws, step.sd);
        }
        if (!visits && shaped.hidden === undefined) continue;
        const activations = { rows: 2, cols: pair.units, data: pair.values.subarray(0, 2 * pair.units) };
        if (visits) observer.visit(0, placeView({ path: shaped.path, activations, exponent: pair.exponent }));
        if (shaped.hidden !== undefined)
          observer.observe(0, Object.assign(view(shaped.hidden, activations, pair.exponent), { pairAngle: angle }));
      }
      observer.end();
    }
  };
}

type Step =
  | { readonly kind: "draw"; readonly parameters: number; readonly units: number; readonly sd: number }
  | { readonly kind: "activation"; readonly above: number; readonly below: number };

/** What a layer does to a pair, worked out once; `undefined` if it cannot be done to one. */
function pairStep({ layer, weights, parameters = 0, input }: ShapedLayer): Step | undefined {
  if (layer.kind === "activation") {
    const { value, homogeneous } = activation(layer.activation);
    return homogeneous ? { kind: "activation", above: value(1), below: -value(-1) } : undefined;
  }
  const law = weights && weights.kernel.length === 0 && input.length === 1 ? layerInitialiser(layer).law?.(weights) : undefined;
  if (!weights || law?.distribution !== "normal") return undefined;
  return { kind: "draw", parameters, units: weights.outputs, sd: Math.sqrt(law.weightVariance / weights.inputs) };
}

function stepOf(shaped: ShapedLayer): Step {
  const step = pairStep(shaped);
  if (!step) throw new TypeError(`${shaped.path} cannot carry a pair of points`);
  return step;
}

/** Whether the difference of these two points can be carried through the architecture: a chain of dense layers with normal weights and homogeneous activations, without bias. */
export function carriesPairs(architecture: Architecture, inputs: Matrix): boolean {
  if (inputs.rows !== 2) return false;
  const layers = observedLayers(architecture);
  return isHomogeneousPart(layers) && layers.every((shaped) => pairStep(shaped) !== undefined);
}
