import type { Join, ShapedLayer } from "./shapes.js";

/** What happens to a value (points, with tangents or with what their gradient needs) on its way through an architecture. */
export interface Carrier<Value> {
  /** What a layer without branches makes of it. */
  readonly operate: (shaped: ShapedLayer, value: Value) => Value;
  /** What a block makes of the ends of its branches; that of an empty branch is the value itself. */
  readonly join: (shaped: ShapedLayer, join: Join, ends: readonly Value[]) => Value;
  /** Called with the output of every layer, blocks included; what it returns goes on. */
  readonly finish: (shaped: ShapedLayer, output: Value) => Value;
}

/** Carries a value through the layers of an architecture, blocks included: forward, tangent and gradient all walk this way. */
export function carry<Value>(layers: readonly ShapedLayer[], start: Value, carrier: Carrier<Value>): Value {
  const apply = (shaped: ShapedLayer, value: Value): Value => {
    if (!shaped.join) return carrier.operate(shaped, value);
    const ends = shaped.branches.map((branch) => carry(branch, value, carrier));
    return carrier.join(shaped, shaped.join, ends);
  };
  return layers.reduce((value, shaped) => carrier.finish(shaped, apply(shaped, value)), start);
}
