import type { Join, ShapedLayer } from "./shapes.js";

/** What happens to a value (points, with tangents or with what their gradient needs) on its way through an architecture. */
export interface Carrier<Value> {
  /** What a layer without branches makes of it. */
  readonly operate: (shaped: ShapedLayer, value: Value) => Value;
  /** What a block makes of the ends of its branches; an empty branch ends with the block's own input. */
  readonly join: (shaped: ShapedLayer, ends: readonly Value[], join: Join) => Value;
  /** Called with the output of every layer, blocks included; what it returns goes on. */
  readonly finish: (shaped: ShapedLayer, output: Value) => Value;
}

/** Carries a value through the layers of an architecture, blocks included: forward, tangent and gradient all walk this way. */
export function carry<Value>(layers: readonly ShapedLayer[], start: Value, carrier: Carrier<Value>): Value {
  const apply = (shaped: ShapedLayer, value: Value): Value => {
    const { branches, join } = shaped;
    if (!join) return carrier.operate(shaped, value);
    const ends = branches.map((branch) => carry(branch, value, carrier));
    return carrier.join(shaped, ends, join);
  };
  return layers.reduce((value, shaped) => carrier.finish(shaped, apply(shaped, value)), start);
}
