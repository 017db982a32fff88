import { hiddenLayer } from "./hidden-layers.js";
import type { Points } from "./layers/operator.js";
import type { Observers } from "./observation.js";
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
 * Carries points through the layers of an architecture, blocks included, and shows every layer to the observers. Explicit weights and draws in law walk the same way;
 * they differ in what a layer does.
 */
export function walk({ layers, operate, homogeneous }: Steps, inputs: Points, { observe, trace }: Observers): Points {
  const settle = homogeneous ? rescale : (value: Scaled) => value;

  const run = (layers: readonly ShapedLayer[], start: Scaled): Scaled =>
    layers.reduce((value, shaped) => {
      const result = settle(apply(shaped, value));
      const output = {
        path: shaped.path,
        kind: shaped.layer.kind,
        shape: shaped.output,
        activations: result.values,
        exponent: result.exponent,
      };
      trace?.(output);
      if (shaped.hidden !== undefined) observe?.({ ...output, ...hiddenLayer(shaped, shaped.hidden) });
      return result;
    }, start);

  const apply = (shaped: ShapedLayer, x: Scaled): Scaled => {
    const ends = shaped.branches.map((branch) => run(branch, x));
    return shaped.join ? joinedScaled(shaped.join, ends) : { values: operate(shaped, x.values), exponent: x.exponent };
  };

  return unscaled(run(layers, settle({ values: inputs, exponent: 0 })));
}
