import type { Architecture } from "./architecture.js";
import { type MlpOptions, mlp } from "./mlp.js";

/** A chain dense, activation, ..., dense with the same choices in every layer. */
export interface Chain {
  readonly hidden: readonly number[];
  /** The architecture with other hidden widths, or other choices too. */
  readonly rebuilt: (hidden: readonly number[], more?: MlpOptions) => Architecture;
}

/** The architecture as a chain; `undefined` for anything else, and without hidden layers. */
export function chainOf({ input, layers }: Architecture): Chain | undefined {
  const last = layers.at(-1);
  const first = layers[1];
  if (last?.kind !== "dense" || first?.kind !== "activation" || input.length !== 1) return undefined;
  const { kind: _kind, units: outputs, ...init } = last;
  const hidden: number[] = [];
  for (let l = 0; l + 1 < layers.length; l += 2) {
    const [dense, activation] = [layers[l], layers[l + 1]];
    if (dense.kind !== "dense" || activation.kind !== "activation" || activation.activation !== first.activation)
      return undefined;
    if (dense.init !== init.init || dense.bias !== init.bias || dense.weightVariance !== init.weightVariance) return undefined;
    hidden.push(dense.units);
  }
  const options = { ...init, activation: first.activation };
  return { hidden, rebuilt: (widths, more = {}) => mlp([input[0], ...widths, outputs], { ...options, ...more }) };
}
