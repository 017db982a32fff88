import { activation } from "@sonde/core";
import { type Architecture, inferShapes, layerInitialiser, type ShapedLayer } from "@sonde/nets";
import { isStandard } from "./standard-norm.js";

/** A place where moments are measured: the input, or the output of a layer. */
export interface Place {
  /** `input`, or where the layer stands in the description. */
  readonly path: string;
  /** `input`, or the kind of the layer. */
  readonly kind: string;
  readonly channels: number;
  /** Its layer or unit, from 1; 0 before the first. */
  readonly layer: number;
  /** Whether the effective ranks of signal and noise are found here. */
  readonly ranks: boolean;
}

/** Where the quantities of one hidden layer or unit are read, as indices of places. */
export interface LayerPlaces {
  /** The layer's or unit's output. */
  readonly output: number;
  /** The output of the layer before it, or what goes into the first. */
  readonly before: number;
  /** Where the effective ranks are read: the (first) activation's output. */
  readonly rank: number;
  /** What the (first) activation sees. */
  readonly pre: number;
  /** The (first) normalised pre-activation. */
  readonly norm?: number;
  /** Where the increment is read: the output, in a block that of its first layer. */
  readonly increment: number;
  /** The end of a block's branch, before the skip connection is added. */
  readonly branch?: number;
  /** sigma_w^2 of the layer whose output the activation sees, where that is ReLU and nothing is in between. */
  readonly reluOf?: number;
  /** Whether the activation is ReLU of a batch-normalised value. */
  readonly reluOfBatchNorm: boolean;
}

/** Quantities that only some layers have: those of a normalised pre-activation, of a block's branch, and increments that are predicted for ReLU. */
export type PartialQuantity =
  | "deltaChiNorm"
  | "deltaChiActivation"
  | "deltaChiBranch"
  | "deltaChiPredicted"
  | "deltaChiActivationPredicted"
  | "kurtosis"
  | "meanAbsZ";

/** Whether a layer has a quantity at all, whatever its value. */
export function hasQuantity({ norm, branch, reluOf, reluOfBatchNorm }: LayerPlaces, name: string): boolean {
  const has: Readonly<Record<PartialQuantity, boolean>> = {
    deltaChiNorm: norm !== undefined,
    deltaChiActivation: norm !== undefined,
    kurtosis: norm !== undefined,
    meanAbsZ: norm !== undefined,
    deltaChiBranch: branch !== undefined,
    deltaChiPredicted: reluOf !== undefined,
    deltaChiActivationPredicted: reluOfBatchNorm,
  };
  return has[name as PartialQuantity] ?? true;
}

/** Everywhere that moments are measured in networks of an architecture, in the order in which they are visited. */
export interface MomentsPlan {
  readonly places: readonly Place[];
  readonly layers: readonly LayerPlaces[];
  /** What layer 1 begins with: the embedding's output if there is one, else the input. */
  readonly start: number;
}

/** The places of an architecture. With `ranks: "everywhere"` effective ranks are found at every place, otherwise where the layers' own are read. */
export function planPlaces(architecture: Architecture, ranks: "reported" | "everywhere" = "reported"): MomentsPlan {
  const shaped = inferShapes(architecture);
  const last = shaped.map(({ hidden }) => hidden !== undefined).lastIndexOf(true);
  const places: Omit<Place, "ranks">[] = [
    { path: "input", kind: "input", channels: architecture.input[architecture.input.length - 1], layer: 0 },
  ];
  const visit = (layer: ShapedLayer, number: number): number => {
    for (const inner of layer.branches.flat()) visit(inner, number);
    const { path, output } = layer;
    places.push({ path, kind: layer.layer.kind, channels: output[output.length - 1], layer: number });
    return places.length - 1;
  };
  let first = 0;
  while (shaped[first]?.layer.kind === "embedding") visit(shaped[first++], 0);
  const start = places.length - 1;
  const layers: LayerPlaces[] = [];
  let span: Visited[] = [];
  for (const layer of shaped.slice(first, last + 1)) {
    const before = layers.at(-1)?.output ?? start;
    const from = places.length;
    const place = visit(layer, layers.length + 1);
    span.push(...flatten(layer, from));
    if (layer.hidden === undefined) continue;
    layers.push(layerPlaces(span, place, before, layer));
    span = [];
  }
  const wanted = new Set([0, start, ...layers.map(({ rank }) => rank)]);
  return { places: places.map((place, p) => ({ ...place, ranks: ranks === "everywhere" || wanted.has(p) })), layers, start };
}

/** What is known of the places, by the number of their layer. */
export function byLayer<Known>({ places }: Pick<MomentsPlan, "places">, known: readonly Known[]): Known[][] {
  const layers: Known[][] = [];
  places.forEach(({ layer }, p) => {
    layers[layer] ??= [];
    layers[layer].push(known[p]);
  });
  return layers;
}

interface Visited {
  readonly layer: ShapedLayer;
  readonly place: number;
}

/** A layer and those inside it, in the order of their visits, the first of which is `from`. */
function flatten(layer: ShapedLayer, from: number): Visited[] {
  const inner: Visited[] = [];
  for (const child of layer.branches.flat()) inner.push(...flatten(child, from + inner.length));
  return [...inner, { layer, place: from + inner.length }];
}

function layerPlaces(span: readonly Visited[], output: number, before: number, hidden: ShapedLayer): LayerPlaces {
  const block = hidden.branches.some((branch) => branch.length > 0);
  const firstActivation = span.findIndex(({ layer }) => layer.layer.kind === "activation");
  const at = block ? (firstActivation < 0 ? span.length - 1 : firstActivation) : span.length - 1;
  const act = span[at];
  const source = at > 0 ? span[at - 1] : undefined;
  const norm = span.slice(0, at).find(({ layer }) => layer.layer.kind === "norm");
  const weighted = block ? span.slice(at).find(({ layer }) => layer.weights !== undefined) : undefined;
  const relu = act.layer.layer.kind === "activation" && activation(act.layer.layer.activation).name === "relu";
  const law = source?.layer.weights && layerInitialiser(source.layer.layer).law?.(source.layer.weights);
  const normed = source?.layer.layer;
  return {
    output,
    before,
    rank: act.place,
    pre: source?.place ?? before,
    ...(norm && { norm: norm.place }),
    increment: block ? (weighted?.place ?? act.place) : output,
    ...(block && { branch: output - 1 }),
    ...(relu && law && law.biasVariance === 0 && { reluOf: law.weightVariance }),
    reluOfBatchNorm: relu && normed?.kind === "norm" && normed.norm === "batch" && isStandard(normed),
  };
}
