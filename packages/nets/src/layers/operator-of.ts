import { activation } from "@sonde/core";
import type { LayerParameters } from "@sonde/init";
import type { ShapedLayer } from "../shapes.js";
import { activate } from "./activate.js";
import { conv } from "./conv.js";
import { dense, densePerPosition } from "./dense.js";
import { normalise } from "./norm.js";
import type { Operator, Points } from "./operator.js";
import { pool } from "./pool.js";
import { softmax } from "./softmax.js";

/** What a layer without branches does, given the parameters of the network; `frozen` concerns the derivatives of batch norm alone. */
export function operatorOf(
  shaped: ShapedLayer,
  { parameters, norms }: { readonly parameters: readonly LayerParameters[]; readonly norms?: readonly LayerParameters[] },
  frozen = false,
): Operator {
  const { layer, input } = shaped;
  const own = parameters[shaped.parameters ?? -1];
  switch (layer.kind) {
    case "dense":
      return dense(own);
    case "embedding":
      return densePerPosition(own);
    case "conv":
      return conv(own, layer, input);
    case "activation":
      return activate(activation(layer.activation));
    case "norm":
      return normalise(layer, input[input.length - 1], frozen, norms?.[shaped.norm ?? -1]);
    case "pool":
      return pool(layer, input);
    case "softmax":
      return softmax(input[input.length - 1]);
    case "flatten":
      return identity;
    case "residual":
    case "concat":
      throw new TypeError(`a ${layer.kind} block has no operator of its own`);
  }
}

/** Flattening changes the shape alone: the values of a point lie in a row already. */
const identity: Operator = {
  forward: (x) => x,
  tangent: (_x: Points, dx: Points) => dx,
  gradient: (_x, dy) => ({ input: dy }),
};
