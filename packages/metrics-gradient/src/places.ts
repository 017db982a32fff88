import { type Architecture, inferShapes, type ShapedLayer, size } from "@sonde/nets";

/** Where the gradients of a network are looked at, as plain data: paths of layers, see `ObservedGradient`. */
export interface GradientPlaces {
  readonly layers: readonly {
    /** The hidden layer's output. */
    readonly activations: string;
    /** What goes into its activation; absent for blocks. */
    readonly preActivations?: string;
    /** The layers with weights behind the hidden layer before it, up to this one. */
    readonly weights: readonly WeightPlace[];
  }[];
  /** The layers with weights behind the last hidden layer. */
  readonly outputWeights: readonly WeightPlace[];
}

interface WeightPlace {
  readonly path: string;
  /** The number of weights. */
  readonly count: number;
}

/** The places of an architecture's hidden layers. */
export function gradientPlaces(architecture: Architecture): GradientPlaces {
  const layers: GradientPlaces["layers"][number][] = [];
  let before = "input";
  let weights: WeightPlace[] = [];
  for (const shaped of inferShapes(architecture)) {
    weights.push(...weightPlaces(shaped));
    if (shaped.hidden !== undefined) {
      const preActivations = shaped.layer.kind === "activation" ? before : undefined;
      layers.push({ activations: shaped.path, ...(preActivations !== undefined && { preActivations }), weights });
      weights = [];
    }
    before = shaped.path;
  }
  return { layers, outputWeights: weights };
}

function weightPlaces({ path, weights, branches }: ShapedLayer): WeightPlace[] {
  const own = weights ? [{ path, count: size(weights.kernel) * weights.inputs * weights.outputs }] : [];
  return [...own, ...branches.flat().flatMap(weightPlaces)];
}
