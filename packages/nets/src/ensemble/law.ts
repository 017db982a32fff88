import { matrix, multiply, normals, row, type Stream, split } from "@sonde/core";
import type { LayerShape } from "@sonde/init";
import type { Layer } from "../architecture.js";
import { isHomogeneousPart } from "../homogeneous.js";
import { layerInitialiser, orthogonalGain } from "../layer-initialiser.js";
import type { Points } from "../layers/operator.js";
import { operatorOf } from "../layers/operator-of.js";
import type { ShapedLayer } from "../shapes.js";
import { walk } from "../walk.js";
import type { Execute } from "./executors.js";
import { inputsOf } from "./fresh.js";
import type { AnyMetric } from "./metric.js";
import { layerViews, placeView } from "./observed-layer.js";
import { observedLayers } from "./observed-part.js";
import { demandsOf } from "./observer.js";
import { type EnsemblePlan, networkStream } from "./plan.js";
import { thinQr } from "./thin-qr.js";

/**
 * Exact in law, without weights: for i.i.d. normal weights the pre-activations of P points are R^T G, with H = R^T Q^T the points' coordinates in an
 * orthonormal basis of their span (`thinQr`) and G `[rank, outputs]` normal with the variance of a weight. Costs n P random numbers instead of n^2, in float64.
 * All other layers are computed as they are.
 */
export function lawExecutor(plan: EnsemblePlan, metrics: readonly AnyMetric[]): Execute {
  const { visits, outputs } = demandsOf(metrics);
  const layers = observedLayers(plan.architecture, outputs);
  const homogeneous = isHomogeneousPart(layers);
  const view = layerViews(plan.architecture);
  return (first, count, observer) => {
    for (let k = first; k < first + count; k++) {
      const network = networkStream(plan.seed, k);
      const inputs = inputsOf(plan, k);
      const operate = (shaped: ShapedLayer, x: Points): Points =>
        shaped.parameters === undefined
          ? operatorOf(shaped, { parameters: [] }).forward(x)
          : drawDense(shaped, x, split(network, shaped.parameters));
      observer.begin(1);
      if (visits) observer.visit(0, placeView({ path: "input", activations: inputs, exponent: 0 }));
      walk({ layers, operate, homogeneous }, inputs, {
        ...(visits && { trace: (seen) => observer.visit(0, placeView(seen)) }),
        observe: ({ layer, activations, exponent }) => observer.observe(0, view(layer, activations, exponent)),
      });
      observer.end();
    }
  };
}

/** The outputs of a dense layer with normal weights and biases, or orthogonal weights, in law. */
function drawDense({ layer, weights, path }: ShapedLayer, x: Points, random: Stream): Points {
  const init = layerInitialiser(layer);
  const law = weights && init.law?.(weights);
  if (!weights || (law?.distribution !== "normal" && init.name !== "orthogonal"))
    throw new TypeError(`${path} cannot be drawn in law`);
  const coordinates = thinQr(x);
  if (!law) return multiply(coordinates, orthonormalRows(coordinates, weights, layer, random));
  const g = normalRows(coordinates, weights.outputs, random);
  const scale = Math.sqrt(law.weightVariance / weights.inputs);
  for (let k = 0; k < g.data.length; k++) g.data[k] *= scale;
  const y = multiply(coordinates, g);
  if (law.biasVariance > 0) addBias(y, normals(split(random, 1), new Float64Array(y.cols)), Math.sqrt(law.biasVariance));
  return y;
}

/** A row of so many normals for every direction: that of point p takes the draws from p * length on, whatever directions the points before it add. The float64 kernels draw the same. */
function normalRows(coordinates: Points, length: number, random: Stream): Points {
  const g = matrix(coordinates.cols, length);
  for (let k = 0; k < g.rows; k++) normals(split(random, 0), row(g, k), addedBy(coordinates, k) * length);
  return g;
}

/** The first columns of as many orthonormal rows of a Haar matrix as there are directions, times the gain. */
function orthonormalRows(coordinates: Points, { inputs, outputs }: LayerShape, layer: Layer, random: Stream): Points {
  const rows = normalRows(coordinates, Math.max(inputs, outputs), random);
  const gain = orthogonalGain(layer);
  // Rows in terms of their own orthonormal basis, R^T: the basis is R^-T times the rows.
  const r = thinQr(rows);
  const g = matrix(rows.rows, outputs);
  for (let k = 0; k < rows.rows; k++) {
    const out = row(g, k);
    out.set(row(rows, k).subarray(0, outputs));
    for (let m = 0; m < k; m++) for (let j = 0; j < outputs; j++) out[j] -= r.data[k * r.cols + m] * g.data[m * outputs + j];
    for (let j = 0; j < outputs; j++) out[j] /= r.data[k * r.cols + k];
  }
  for (let k = 0; k < g.data.length; k++) g.data[k] *= gain;
  return g;
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
