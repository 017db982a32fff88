import { type Matrix, ShapeError } from "@sonde/core";
import { forward, type LayerOutput, type Network, size, type Tangents, tangent } from "@sonde/nets";
import {
  type LayerQuantity,
  layerQuantities,
  type PlaceQuantity,
  placeQuantities,
  placeValues,
  quantitiesOfLayer,
  quantitiesOfPlace,
} from "./network-values.js";
import { byLayer, planPlaces } from "./plan-places.js";

export interface NetworkMomentsOptions {
  /** Directions of the noise, one for every point, `[points, inputs]`; without them everything about noise is NaN. */
  readonly noise?: Matrix;
  /** See `measureMoments`. */
  readonly jacobian?: "frozen" | "full";
}

/** The quantities of one place of one network. */
export type NetworkPlace = Readonly<Record<PlaceQuantity, number>> & { readonly path: string; readonly kind: string };

/** The quantities of one layer or unit of one network, and its places; NaN where one does not exist. */
export type NetworkLayer = Readonly<Record<LayerQuantity, number>> & {
  readonly layer: number;
  readonly locations: readonly NetworkPlace[];
};

/**
 * The moments of signal and noise through one given network, in float64, with effective ranks at every place: `measureMoments` for weights of your own. The points are taken as they are.
 *
 * Throws `ShapeError` if parameters do not fit the architecture, or points or noise the input.
 *
 * @example
 * const network = randomNetwork(mlp("2-8x3-1"), stream(0));
 * networkMoments(network, matrixFromRows([[1, 0], [0, 1]]), { noise: matrixFromRows([[1, 1], [1, -1]]) }).layers.length // 3
 */
export function networkMoments(
  network: Network,
  inputs: Matrix,
  { noise, jacobian }: NetworkMomentsOptions = {},
): { readonly input: readonly NetworkPlace[]; readonly layers: readonly NetworkLayer[] } {
  const { architecture } = network;
  if (inputs.cols !== size(architecture.input))
    throw new ShapeError(`a point needs ${size(architecture.input)} values, got ${inputs.cols}`);
  const { places, layers } = planPlaces(architecture, "everywhere");
  const measure = (
    p: number,
    seen: Pick<LayerOutput, "exponent"> & { activations: Matrix } & Partial<Omit<Tangents, "tangents">> & { tangents?: Matrix },
  ) =>
    placeValues(
      {
        activations: () => seen.activations,
        exponent: seen.exponent,
        tangents: () => seen.tangents as Matrix,
        tangentExponent: seen.tangentExponent ?? 0,
      },
      places[p],
      noise !== undefined,
    );
  const values = [measure(0, { activations: inputs, exponent: 0, tangents: noise })];
  const trace = (seen: LayerOutput & Partial<Tangents>): void => {
    if (values.length < places.length) values.push(measure(values.length, seen));
  };
  if (noise) tangent(network, inputs, noise, { trace, batchNorm: jacobian });
  else forward(network, inputs, { trace });
  const located = places.map(({ path, kind }, p) => ({
    path,
    kind,
    ...named(placeQuantities, quantitiesOfPlace(values[p], values[0])),
  }));
  const byNumber = byLayer({ places }, located);
  const at = (layer: number) => byNumber[layer] ?? [];
  return {
    input: at(0),
    layers: layers.map((layer, l) => ({
      layer: l + 1,
      ...named(layerQuantities, quantitiesOfLayer(values, layer)),
      locations: at(l + 1),
    })),
  };
}

function named<Name extends string>(names: readonly Name[], values: readonly number[]): Record<Name, number> {
  return Object.fromEntries(names.map((name, q) => [name, values[q]])) as Record<Name, number>;
}
