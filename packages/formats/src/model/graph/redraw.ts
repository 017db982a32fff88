import type { Stream } from "@sonde/core";
import { initialiserNames } from "@sonde/init";
import { drawWeights, type Graph, type GraphNode, type GraphWeights, graphShapes, type LayerInit, moduleOf } from "@sonde/nets";
import type { RecognisedInitialiser, RecognisedModel } from "../initialiser/recognise-initialiser.js";
import type { ModelFile } from "../model-file.js";
import type { ModelGraph } from "./model-graph.js";

/** How networks like a model are drawn. */
export interface Redrawing {
  /** In words. */
  readonly initialiser: string;
  /** Whether that was recognised, or is what such files usually begin with. */
  readonly recognised: boolean;
  /** How the weights of a layer are drawn, by its name. */
  readonly init: (layer: string) => LayerInit | undefined;
  /** The weights of one of them. */
  readonly draw: (random: Stream) => GraphWeights;
}

/**
 * The law that the weights of a model were drawn by, as far as it is known: from the configuration in the file, else recognised from the weights. Where these were trained it is what the program that wrote the file begins with:
 * PyTorch's default, else he-normal. `asked` takes the place of all.
 *
 * Norms begin with scale 1, shift 0 and running statistics 0 and 1; constants and tables stay as they are.
 */
export function redrawing(model: ModelFile, network: ModelGraph, recognised: RecognisedModel, asked?: LayerInit): Redrawing {
  const found = redrawnBy(model, network.graph, recognised, asked);
  return { ...found, draw: (random) => drawWeights(network.graph, random, { init: found.init, given: network.weights }) };
}

/** The same of any graph whose layers have the names of the model's. */
export function redrawnBy(
  model: ModelFile,
  graph: Graph,
  recognised: RecognisedModel,
  asked?: LayerInit,
): Omit<Redrawing, "draw"> {
  const byModule = new Map(recognised.layers.map((layer) => [layer.layer, layer]));
  const usual = asked ?? (isTorch(model) ? { init: "pytorch" } : { init: "he-normal" });
  const chosen = new Map<string, LayerInit>();
  let known = 0;
  let all = 0;
  const names = new Set<string>();
  for (const { node, weights } of graphShapes(graph)) {
    if (!weights.weight) continue;
    all++;
    const found = byModule.get(moduleOf(node)) ?? byModule.get(node.name);
    const own = asked === undefined && found ? initOf(found, recognised) : undefined;
    if (own) known++;
    chosen.set(node.name, lawOfKind(node, own ?? usual));
    names.add(nameOf(own ?? usual));
  }
  return {
    initialiser: [...names].join(", ") || nameOf(usual),
    recognised: all > 0 && known === all,
    init: (layer) => chosen.get(layer),
  };
}

/** PyTorch draws all weights of a recurrent layer by the number of its units. */
function lawOfKind(node: GraphNode, law: LayerInit): LayerInit {
  return node.kind === "recurrent" && law.init === "pytorch" ? { init: `uniform:std=${1 / Math.sqrt(3 * node.units)}` } : law;
}

function isTorch({ format, producer }: ModelFile): boolean {
  return format === "pytorch" || /torch/i.test(producer ?? "");
}

function nameOf({ init = "he-normal", bias }: LayerInit): string {
  return bias === undefined || bias === "zeros" || init === "pytorch" ? init : `${init} with bias ${bias.replace(/:.*/, "")}`;
}

/** The initialiser that a layer's weights fit, of several that of most layers. */
function initOf(
  { configured, candidates, bias, fanIn, fanOut }: RecognisedInitialiser,
  { initialiser, trained }: RecognisedModel,
): LayerInit | undefined {
  const usual = initialiser?.split(", ") ?? [];
  // Trained weights fit a law by chance.
  const name = configured ?? (trained ? undefined : (usual.find((law) => candidates?.includes(law)) ?? candidates?.[0]));
  if (name === undefined) return undefined;
  const law = lawOf(name, fanIn, fanOut);
  if (!law) return undefined;
  if (law.init === "pytorch") return bias === "pytorch" || bias === "none" ? law : { init: "uniform", weightVariance: 1 / 3 };
  return bias === "pytorch" && !trained ? { ...law, bias: `uniform:${1 / Math.sqrt(fanIn)}` } : law;
}

/** A law by the name that recognition gives it. */
function lawOf(name: string, fanIn: number, fanOut: number): LayerInit | undefined {
  const [, byOut] = /^(he-[\w-]+) by fan-out$/.exec(name) ?? [];
  if (byOut) return { init: byOut, weightVariance: (2 * fanIn) / fanOut };
  const [, sd] = /^normal of standard deviation ([\d.]+)$/.exec(name) ?? [];
  if (sd) return { init: `normal:std=${sd}` };
  if (name === "uniform up to 0.05") return { init: `uniform:std=${0.05 / Math.sqrt(3)}` };
  return initialiserNames.includes(name) ? { init: name } : undefined;
}
