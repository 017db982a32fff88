import { matrix, multiply, normals, row, type Stream, split } from "@sonde/core";
import { isHomogeneous } from "../homogeneous.js";
import { layerInitialiser } from "../layer-initialiser.js";
import type { Points } from "../layers/operator.js";
import { operatorOf } from "../layers/operator-of.js";
import { inferShapes, type ShapedLayer } from "../shapes.js";
import { walk } from "../walk.js";
import type { Execute } from "./executors.js";
import { layerViews } from "./observed-layer.js";
import { observedPart } from "./observed-part.js";
import { type EnsemblePlan, networkStream } from "./plan.js";
import { thinQr } from "./thin-qr.js";

/**
 * Exact in law, without weights: for i.i.d. normal weights the pre-activations of P points are R^T G, with H = R^T Q^T the points' coordinates in an
 * orthonormal basis of their span (`thinQr`) and G `[rank, outputs]` normal with the variance of a weight. Costs n P random numbers instead of n^2, in float64.
 * All other layers are computed as they are.
 */
export function lawExecutor({ inputs, seed, ...plan }: EnsemblePlan): Execute {
  const architecture = observedPart(plan.architecture);
  const layers = inferShapes(architecture);
  const homogeneous = isHomogeneous(architecture);
  const view = layerViews(architecture);
  return (first, count, observer) => {
    for (let k = first; k < first + count; k++) {
      const network = networkStream(seed, k);
      const operate = (shaped: ShapedLayer, x: Points): Points =>
        shaped.parameters === undefined
          ? operatorOf(shaped, []).forward(x)
          : drawDense(shaped, x, split(network, shaped.parameters));
      observer.begin(1);
      walk({ layers, operate, homogeneous }, inputs, {
        observe: ({ layer, activations }) => observer.observe(0, view(layer, activations)),
      });
      observer.end();
    }
  };
}

/** The outputs of a dense layer with normal weights and biases, in law. */
export function drawDense({ layer, weights, path }: ShapedLayer, x: Points, random: Stream): Points {
  const law = weights && layerInitialiser(layer).law?.(weights);
  if (!weights || law?.distribution !== "normal") throw new TypeError(`${path} cannot be drawn in law`);
  const coordinates = thinQr(x);
  const g = matrix(coordinates.cols, weights.outputs);
  // The direction that point p adds takes the draws from p * outputs on, whatever directions the points before it add: the float64 kernels draw the same.
  for (let k = 0; k < g.rows; k++) normals(split(random, 0), row(g, k), addedBy(coordinates, k) * weights.outputs);
  const scale = Math.sqrt(law.weightVariance / weights.inputs);
  for (let k = 0; k < g.data.length; k++) g.data[k] *= scale;
  const y = multiply(coordinates, g);
  if (law.biasVariance > 0) addBias(y, normals(split(random, 1), new Float64Array(y.cols)), Math.sqrt(law.biasVariance));
  return y;
}

/** The point that adds direction k: the first that has a component along it. */
function addedBy({ cols, data }: Points, k: number): number {
  let p = 0;
  while (data[p * cols + k] === 0) p++;
  return p;
}

function addBias(y: Points, bias: Float64Array, scale: number): void {
  for (let k = 0; k < y.data.length; k++) y.data[k] += scale * bias[k % y.cols];
}
