import { carry } from "./carry.js";
import { hiddenLayer } from "./hidden-layers.js";
import type { Points } from "./layers/operator.js";
import type { LayerOutput, Observers } from "./observation.js";
import { joinedScaled, rescale, type Scaled, unscaled } from "./scaled.js";
import type { ShapedLayer } from "./shapes.js";

/** What a walk through an architecture does at each layer. */
export interface Steps {
  readonly layers: readonly ShapedLayer[];
  /** What a layer without branches makes of the values that arrive. */
  readonly operate: (shaped: ShapedLayer, x: Points) => Points;
  /** Whether powers of two may be taken out of the values, because all layers are positively homogeneous. */
  readonly homogeneous: boolean;
}

/**
 * Carries points through the layers of an architecture and shows every layer to the observers. Explicit weights and draws in law walk the same way; they differ in what a
 * layer does.
 */
export function walk({ layers, operate, homogeneous }: Steps, inputs: Points, observers: Observers): Points {
  const settle = homogeneous ? rescale : (value: Scaled) => value;
  const output = carry<Scaled>(layers, settle({ values: inputs, exponent: 0 }), {
    operate: (shaped, { values, exponent }) => ({ values: operate(shaped, values), exponent }),
    join: (_, join, ends) => joinedScaled(join, ends),
    finish(shaped, result) {
      const settled = settle(result);
      show(observers, shaped, { activations: settled.values, exponent: settled.exponent });
      return settled;
    },
  });
  return unscaled(output);
}

/** Shows what came out of a layer, with anything carried beside it. */
export function show<Extra>(
  { observe, trace }: Observers<Extra>,
  shaped: ShapedLayer,
  values: Pick<LayerOutput, "activations" | "exponent"> & Extra,
): void {
  const output = { path: shaped.path, kind: shaped.layer.kind, shape: shaped.output, ...values };
  trace?.(output);
  if (shaped.hidden !== undefined) observe?.({ ...output, ...hiddenLayer(shaped, shaped.hidden) });
}
