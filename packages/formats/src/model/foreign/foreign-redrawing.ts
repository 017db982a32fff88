import type { Stream } from "@sonde/core";
import { drawWeights, type Graph, type GraphLayer, type GraphNode, type LayerInit } from "@sonde/nets";
import { redrawnBy } from "../graph/redraw.js";
import type { RecognisedModel } from "../initialiser/recognise-initialiser.js";
import { type ModelLayer, tensorsByName } from "../layers/layer.js";
import { modelLayers } from "../layers/model-layers.js";
import { hasUnitsFirst } from "../layers/unknown-layer.js";
import type { ModelFile, ModelTensor } from "../model-file.js";
import { tensorsWithin } from "../onnx/captured.js";
import type { RewrittenTensor } from "./session.js";

/** How networks like a model that another program runs are drawn: in the bytes of its file. */
export interface ForeignRedrawing {
  /** In words. */
  readonly initialiser: string;
  /** Whether that was recognised, or is what such files usually begin with. */
  readonly recognised: boolean;
  /** Tensors of weights that are drawn. */
  readonly drawn: number;
  /** Tensors of weights that stay as they are: those within the branches of `If` and bodies of `Loop`, those that are computed, and what is no real number. */
  readonly kept: readonly string[];
  /** The numbers of one network. */
  readonly draw: (random: Stream) => RewrittenTensor[];
}

/** A tensor of weights as a layer of a graph of such layers, each with an input of its own, so that it is drawn as the weights of any graph are. */
interface Drawable {
  readonly layer: GraphLayer;
  /** Of its input. */
  readonly shape: readonly number[];
}

/** What parameters of norms begin with. */
const ofNorms: Readonly<Record<string, number>> = { scale: 1, shift: 0, mean: 0, variance: 1 };

/** The law that the weights of a model were drawn by, as `redrawing` finds it, and how to draw them anew where they lie. Norms begin with scale 1, shift 0 and running statistics 0 and 1; constants and tables stay as they are. */
export function foreignRedrawing(model: ModelFile, recognised: RecognisedModel, asked?: LayerInit): ForeignRedrawing {
  const tensors = tensorsByName(model);
  const nodes: GraphNode[] = [];
  const inputs: { name: string; shape: readonly number[] }[] = [];
  const places = new Map<string, Readonly<Record<string, ModelTensor>>>();
  const constants: RewrittenTensor[] = [];
  const kept = (model.nodes ?? [])
    .flatMap(tensorsWithin)
    .filter(isMatrix)
    .map(({ name }) => name);
  const seen = new Set<string>();
  const rewritable = (name: string | undefined): ModelTensor | undefined => {
    const tensor = name === undefined ? undefined : tensors.get(name);
    return tensor && isRewritable(tensor) ? tensor : undefined;
  };
  for (const layer of modelLayers(model)) {
    const { name: module, weights, kind } = layer;
    if (kind === "norm")
      for (const [role, value] of Object.entries(ofNorms)) {
        const tensor = rewritable(weights[role]);
        if (tensor) constants.push({ tensor, data: new Float64Array(sizeOf(tensor)).fill(value) });
      }
    if (kind === "norm" || kind === "embedding") continue;
    for (const role of Object.keys(weights).filter((role) => /^weight\d*$/.test(role))) {
      const name = weights[role];
      if (seen.has(name)) continue;
      seen.add(name);
      const tensor = rewritable(name);
      const found = tensor && drawable(layer, tensor);
      if (!found) {
        kept.push(name);
        continue;
      }
      const unique = `${module}:${name}`;
      nodes.push({ ...found.layer, name: unique, module, inputs: [`${unique}/input`] });
      inputs.push({ name: `${unique}/input`, shape: found.shape });
      const [bias, recurrentWeight] = [weights[role.replace("weight", "bias")], weights.recurrentWeight].map(rewritable);
      places.set(unique, { weight: tensor, ...(bias && { bias }), ...(recurrentWeight && { recurrentWeight }) });
    }
  }
  const graph: Graph = { inputs, nodes, outputs: nodes.map(({ name }) => name) };
  const { initialiser, recognised: known, init } = redrawnBy(model, graph, recognised, asked);
  return {
    initialiser,
    recognised: known,
    drawn: nodes.length,
    kept,
    draw: (random) => {
      const drawn = drawWeights(graph, random, { init });
      const fresh = nodes.flatMap(({ name }) => {
        const values = drawn(name);
        return Object.entries(places.get(name) ?? {}).flatMap(([role, tensor]) => {
          // The biases of a recurrent layer are those of the values and of the state together, and begin at 0.
          const own = role === "bias" && values.recurrentBias ? new Float64Array(sizeOf(tensor)) : values[role]?.values();
          return own?.length === sizeOf(tensor) ? [{ tensor, data: Float64Array.from(own) }] : [];
        });
      });
      return [...constants, ...fresh];
    },
  };
}

function sizeOf({ shape }: Pick<ModelTensor, "shape">): number {
  return shape.reduce((product, n) => product * n, 1);
}

function isMatrix({ shape, type }: ModelTensor): boolean {
  return shape.length > 1 && type.startsWith("float");
}

/** Whether other numbers may be put in place of a tensor's. */
function isRewritable({ place, type }: ModelTensor): boolean {
  return place !== undefined && (type === "float32" || type === "float64");
}

function drawable({ kind, options }: ModelLayer, { name, shape }: ModelTensor): Drawable | undefined {
  const kernel = shape.slice(2);
  const [first, second] = shape;
  const groups = Number(options.groups ?? 1);
  const windows = { kernel, groups, channelsFirst: true, pads: "valid" } as const;
  if (kind === "recurrent") {
    const cell = options.cell as "lstm" | "gru" | "rnn";
    const units = second / { lstm: 4, gru: 3, rnn: 1 }[cell];
    return shape.length === 3
      ? { layer: { kind, cell, units, direction: first === 2 ? "both" : "forward" }, shape: [1, 1, shape[2]] }
      : undefined;
  }
  if (kind === "conv-transpose") return { layer: { kind, channels: second * groups, ...windows }, shape: [1, first, ...kernel] };
  if (kind === "conv" || (kind === "other" && shape.length > 2))
    return { layer: { kind: "conv", channels: first, ...windows }, shape: [1, second * groups, ...kernel] };
  if (shape.length !== 2) return undefined;
  const unitsFirst = kind === "other" ? hasUnitsFirst({ name, shape }) || options.rows === "units" : options.rows === "units";
  const [inputs, units] = unitsFirst ? [second, first] : [first, second];
  return { layer: { kind: "dense", units, ...(unitsFirst && { unitsFirst }) }, shape: [1, inputs] };
}
