import type { ShapedLayer } from "./shapes.js";

/** What happens to a value (points, with tangents or with what their gradient needs) on its way through an architecture. */
export interface Carrier<Value> {
  /** What a layer without a body makes of it. */
  readonly operate: (shaped: ShapedLayer, value: Value) => Value;
  /** The sum with what a residual block's body made of it. */
  readonly add: (shaped: ShapedLayer, value: Value, branch: Value) => Value;
  /** The values joined along the channels with what a concat block's body made of them. */
  readonly join: (shaped: ShapedLayer, value: Value, branch: Value) => Value;
  /** Called with the output of every layer, blocks included; what it returns goes on. */
  readonly finish: (shaped: ShapedLayer, output: Value) => Value;
}

/** Carries a value through the layers of an architecture, blocks included: forward, tangent and gradient all walk this way. */
export function carry<Value>(layers: readonly ShapedLayer[], start: Value, carrier: Carrier<Value>): Value {
  const apply = (shaped: ShapedLayer, value: Value): Value => {
    switch (shaped.layer.kind) {
      case "residual":
        return carrier.add(shaped, value, carry(shaped.body, value, carrier));
      case "concat":
        return carrier.join(shaped, value, carry(shaped.body, value, carrier));
      default:
        return carrier.operate(shaped, value);
    }
  };
  return layers.reduce((value, shaped) => carrier.finish(shaped, apply(shaped, value)), start);
}
