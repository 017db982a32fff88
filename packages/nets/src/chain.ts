import type { Architecture } from "./architecture.js";
import { type MlpOptions, mlp } from "./mlp.js";
import { sameArchitecture } from "./same-architecture.js";
import { inferShapes } from "./shapes.js";

/** A chain dense, norm or not, activation, ..., dense with the same choices in every layer, and perhaps an activation of the output. */
export interface Chain {
  readonly input: number;
  readonly hidden: readonly number[];
  readonly outputs: number;
  /** The architecture with other hidden widths, or other choices too; those that are absent or `undefined` stay. */
  readonly rebuilt: (hidden: readonly number[], more?: MlpOptions) => Architecture;
}

/** The architecture as a chain; `undefined` for anything else, and without hidden layers. */
export function chainOf(architecture: Architecture): Chain | undefined {
  const { layers, ...rest } = architecture;
  const first = inferShapes(architecture).findIndex(({ layer, afterWeights }) => afterWeights && layer.kind === "activation");
  const output = first < 0 ? layers.length : first;
  const [before, after] = [layers.slice(0, output), layers.slice(output)];
  const last = before.at(-1);
  const widths = before.flatMap((layer) => (layer.kind === "dense" ? [layer.units] : []));
  const activated = before.find(({ kind }) => kind === "activation");
  if (last?.kind !== "dense" || activated?.kind !== "activation" || rest.input.length !== 1) return undefined;
  const norm = before.find(({ kind }) => kind === "norm");
  const { kind: _kind, units: _units, ...init } = last;
  const options = { ...init, activation: activated.activation, ...(norm?.kind === "norm" && { norm: norm.norm }) };
  const [input] = rest.input;
  const outputs = last.units;
  const rebuilt = (hidden: readonly number[], more: MlpOptions = {}): Architecture => {
    const given = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined));
    return { ...rest, layers: [...mlp([input, ...hidden, outputs], { ...options, ...given }).layers, ...after] };
  };
  const hidden = widths.slice(0, -1);
  return sameArchitecture(rebuilt(hidden), architecture) ? { input, hidden, outputs, rebuilt } : undefined;
}
