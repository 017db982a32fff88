import type { LayerKind } from "../layer-kind.js";

/** A tensor that is not computed but given, as the weights `value`: a shift that a file adds, a class token. */
export interface ConstantLayer {
  readonly kind: "constant";
  readonly shape: readonly number[];
}

/** What arrives: dropout and noise, once a network is not trained. */
export interface IdentityLayer {
  readonly kind: "identity";
}

export const constant: LayerKind<ConstantLayer> = {
  takes: [0, 0],
  shape: ({ shape }) => shape,
  weights: ({ shape }) => ({ value: { shape, begin: { kind: "given" } } }),
  forward: ({ shape }, _inputs, { value }) => ({ shape, data: Float64Array.from(value?.values() ?? []) }),
  gradient: (_layer, { error }) => ({ inputs: [], weights: { value: error } }),
};

export const identity: LayerKind<IdentityLayer> = {
  shape: (_layer, [input]) => input,
  forward: (_layer, [x]) => x,
  gradient: (_layer, { error }) => ({ inputs: [error] }),
};
