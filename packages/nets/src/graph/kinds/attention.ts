import { ShapeError } from "@sonde/core";
import type { GraphNode } from "../graph.js";
import type { CompositeKind } from "../layer-kind.js";

/**
 * Multi-head attention with its projections: softmax(q k^T / sqrt(d)) v W + b for each of `heads` parts of the units, q, k and v being dense layers of the inputs, all of `[points, tokens, units]`. One input is all three;
 * two are that of the queries and that of keys and values.
 *
 * Its parts have names and weights of their own: `NAME/query`, `NAME/key`, `NAME/value`, `NAME/output`.
 */
export interface AttentionLayer {
  readonly kind: "attention";
  readonly heads: number;
  /** Default those of the first input. */
  readonly units?: number;
  /** `causal`: no token sees a later one. Default none. */
  readonly mask?: "causal";
  /** Whether the weights of the projections are `[units, inputs]`, as PyTorch has them. */
  readonly unitsFirst?: boolean;
}

export const attention: CompositeKind<AttentionLayer> = {
  parts({ heads, units: asked, mask, unitsFirst }, name, inputs, shapes) {
    const [query, key = query, value = key] = inputs;
    const [shape] = shapes;
    if (shape.length !== 3) throw new ShapeError(`attention needs [points, tokens, units], but gets [${shape.join(", ")}]`);
    const units = asked ?? shape[2];
    if (!(Number.isInteger(heads) && heads >= 1 && units % heads === 0))
      throw new ShapeError(`${units} units do not fall into ${heads} heads: change the heads`);
    const projected = (role: string, input: string): GraphNode[] => [
      { name: `${name}/${role}`, inputs: [input], kind: "dense", units, ...(unitsFirst && { unitsFirst }) },
      { name: `${name}/${role}/apart`, inputs: [`${name}/${role}`], kind: "reshape", shape: [0, 0, heads, units / heads] },
      { name: `${name}/${role}/heads`, inputs: [`${name}/${role}/apart`], kind: "transpose", order: [0, 2, 1, 3] },
    ];
    return [
      ...projected("query", query),
      ...projected("key", key),
      ...projected("value", value),
      { name: `${name}/scores`, inputs: [`${name}/query/heads`, `${name}/key/heads`], kind: "matmul", turnSecond: true },
      { name: `${name}/scaled`, inputs: [`${name}/scores`], kind: "add", factors: [1 / Math.sqrt(units / heads)] },
      { name: `${name}/attended`, inputs: [`${name}/scaled`], kind: "softmax", ...(mask === "causal" && { causal: true }) },
      { name: `${name}/mixed`, inputs: [`${name}/attended`, `${name}/value/heads`], kind: "matmul" },
      { name: `${name}/joined`, inputs: [`${name}/mixed`], kind: "transpose", order: [0, 2, 1, 3] },
      { name: `${name}/together`, inputs: [`${name}/joined`], kind: "reshape", shape: [0, 0, units] },
      { name, inputs: [`${name}/together`], kind: "dense", units, module: `${name}/output`, ...(unitsFirst && { unitsFirst }) },
    ];
  },
};
