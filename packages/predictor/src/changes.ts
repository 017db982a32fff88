import { log2 } from "@sonde/core/math";
import { type Architecture, type Layer, type MlpOptions, mlp } from "@sonde/nets";
import { thresholds } from "./thresholds.js";

/** A change to an architecture that may cure it. */
export interface Change {
  /** In words, with the option of the command line where there is one. */
  readonly change: string;
  readonly architecture: Architecture;
}

/** The changes worth trying, each to the architecture as it is; only those that apply. */
export function candidateChanges(architecture: Architecture): Change[] {
  const { layers } = architecture;
  const changes: Change[] = [];
  const add = (change: string, changed: readonly Layer[]): void => {
    changes.push({ change, architecture: { ...architecture, layers: changed } });
  };
  if (hasRelu(layers)) {
    add("leaky ReLU instead of ReLU (--activation leaky-relu:0.01)", mapLayers(layers, leaky));
    if (!hasNorm(layers)) add("randomized asymmetric initialisation (--init rai)", mapLayers(layers, rai));
  }
  if (hasActivation(layers) && !hasNorm(layers))
    add("batch normalisation before each activation (--norm batch)", normalised(layers));
  const chain = plainChain(layers);
  if (chain) {
    const { hidden, options } = chain;
    const depth = hidden.length;
    const [inputs, outputs] = [architecture.input[0], chain.outputs];
    const rebuilt = (widths: readonly number[], more: MlpOptions = {}) =>
      mlp([inputs, ...widths, outputs], { ...options, ...more });
    const safe = Math.ceil(log2(depth / thresholds.bornDead.atRisk));
    if (hidden.some((width) => width < safe))
      changes.push({
        change: `at least ${safe} units in every hidden layer`,
        architecture: rebuilt(hidden.map((width) => Math.max(width, safe))),
      });
    if (depth >= 2) {
      const half = hidden.slice(0, Math.ceil(depth / 2));
      changes.push({ change: `${half.length} hidden layers instead of ${depth}`, architecture: rebuilt(half) });
    }
    if (hidden.every((width) => width === hidden[0])) {
      const block = depth % 2 === 0 ? 2 : 1;
      changes.push({
        change: `residual connections (--skip residual --block ${block})`,
        architecture: rebuilt(hidden, { skip: "residual", block }),
      });
    }
  }
  return changes;
}

/** The hidden widths of a chain dense, activation, ..., dense with the same choices in every layer; `undefined` for anything else. */
function plainChain(layers: readonly Layer[]): { hidden: number[]; outputs: number; options: MlpOptions } | undefined {
  const last = layers.at(-1);
  if (last?.kind !== "dense" || layers.length < 3) return undefined;
  const { kind: _kind, units: outputs, ...options } = last;
  const hidden: number[] = [];
  const [, first] = layers;
  for (let l = 0; l + 1 < layers.length; l += 2) {
    const [dense, act] = [layers[l], layers[l + 1]];
    if (dense.kind !== "dense" || act.kind !== "activation" || first.kind !== "activation" || act.activation !== first.activation)
      return undefined;
    if (dense.init !== options.init || dense.bias !== options.bias || dense.weightVariance !== options.weightVariance)
      return undefined;
    hidden.push(dense.units);
  }
  return first.kind === "activation" ? { hidden, outputs, options: { ...options, activation: first.activation } } : undefined;
}

function mapLayers(layers: readonly Layer[], change: (layer: Layer) => Layer): Layer[] {
  return layers.map((layer) => ("body" in layer ? { ...layer, body: mapLayers(layer.body, change) } : change(layer)));
}

function leaky(layer: Layer): Layer {
  return layer.kind === "activation" && layer.activation === "relu" ? { ...layer, activation: "leaky-relu:0.01" } : layer;
}

function rai(layer: Layer): Layer {
  if (layer.kind !== "dense" && layer.kind !== "conv") return layer;
  const { weightVariance: _variance, bias: _bias, ...rest } = layer;
  return { ...rest, init: "rai" };
}

function normalised(layers: readonly Layer[]): Layer[] {
  return layers.flatMap((layer): Layer[] => {
    if ("body" in layer) return [{ ...layer, body: normalised(layer.body) }];
    return layer.kind === "activation" ? [{ kind: "norm", norm: "batch" }, layer] : [layer];
  });
}

function hasRelu(layers: readonly Layer[]): boolean {
  return someLayer(layers, (layer) => layer.kind === "activation" && layer.activation === "relu");
}

function hasActivation(layers: readonly Layer[]): boolean {
  return someLayer(layers, ({ kind }) => kind === "activation");
}

function hasNorm(layers: readonly Layer[]): boolean {
  return someLayer(layers, ({ kind }) => kind === "norm");
}

/** Whether some layer, inside blocks too, is as asked. */
function someLayer(layers: readonly Layer[], asked: (layer: Layer) => boolean): boolean {
  return layers.some((layer) => asked(layer) || ("body" in layer && someLayer(layer.body, asked)));
}
