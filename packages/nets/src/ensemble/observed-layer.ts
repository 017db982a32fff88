import { activation, ConfigError, type Matrix, NumericalError } from "@sonde/core";
import type { Architecture } from "../architecture.js";
import { hiddenLayers } from "../hidden-layers.js";
import type { LayerOutput } from "../observation.js";
import type { Tangents } from "../tangent.js";
import type { ObservedLayer, ObservedPlace } from "./metric.js";

/** Makes what metrics see of float64 activations, layer by layer. */
export function layerViews(
  architecture: Architecture,
): (layer: number, activations: Matrix, exponent?: number, carried?: Partial<Tangents>) => ObservedLayer {
  const vanishes = hiddenLayers(architecture).map(({ label }) => canVanish(label));
  return (layer, activations, exponent = 0, carried) => {
    if (!allFinite(activations))
      throw new NumericalError(
        `the activations of layer ${layer} overflow float64: take a smaller weight variance or fewer layers`,
      );
    return {
      layer,
      points: activations.rows,
      units: activations.cols,
      exponent,
      activations: () => activations,
      alive: () => (vanishes[layer - 1] ? nonZeroRows(activations) : new Uint8Array(activations.rows).fill(1)),
      tangentExponent: carried?.tangentExponent ?? 0,
      tangents: () => carried?.tangents ?? noTangents(),
    };
  };
}

/** Makes what metrics see of float64 activations at any place. */
export function placeView({
  path,
  activations,
  exponent,
  tangents,
  tangentExponent = 0,
}: Pick<LayerOutput, "path" | "activations" | "exponent"> & Partial<Tangents>): ObservedPlace {
  return {
    path,
    points: activations.rows,
    units: activations.cols,
    exponent,
    activations: () => activations,
    tangentExponent,
    tangents: () => tangents ?? noTangents(),
  };
}

function allFinite({ data }: Matrix): boolean {
  // 0 times a finite number is 0, times anything else NaN.
  let sum = 0;
  for (let k = 0; k < data.length; k++) sum += 0 * data[k];
  return sum === 0;
}

/** Says that nobody asked for tangents. */
export function noTangents(): never {
  throw new ConfigError("this run carries no tangents: give planEnsemble their directions");
}

/**
 * Whether a layer with this label (see `HiddenLayer`) can be zero other than by underflow. Of an activation that is zero nowhere but at single points, such as tanh or
 * softplus, a zero is an accident of arithmetic and never death.
 */
export function canVanish(label: string): boolean {
  return label === "residual" || label === "concat" || activation(label).vanishes;
}

export function nonZeroRows({ rows, cols, data }: Matrix): Uint8Array {
  const result = new Uint8Array(rows);
  for (let p = 0; p < rows; p++) {
    let k = p * cols;
    const end = k + cols;
    while (k < end && data[k] === 0) k++;
    if (k < end) result[p] = 1;
  }
  return result;
}
