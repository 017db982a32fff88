import { ConfigError, SondeError, split } from "@sonde/core";
import {
  type AssumedSizes,
  describedNetwork,
  type ForeignNetwork,
  type ForeignRedrawing,
  foreignNetwork,
  foreignRedrawing,
  type ModelFile,
  type ModelGraph,
  modelArchitecture,
  modelGraph,
  modelLayers,
  type Redrawing,
  recogniseInitialiser,
  redrawing,
} from "@sonde/formats";
import {
  type Architecture,
  drawWeights,
  type GraphWeights,
  graphShapes,
  type LayerInit,
  limits,
  readGraph,
  sharedStream,
} from "@sonde/nets";
import type { AskedOptions } from "../asked/options.js";

/** What is known of a network's weights. */
export interface WeightsAbout {
  readonly initialiser: string | null;
  readonly trained: boolean | null;
  readonly evidence: readonly string[];
  /** Layers whose weights have shrunk to next to nothing. */
  readonly negligible?: readonly string[];
  /** Whether they were drawn for this run, since the file describes a network and holds none. */
  readonly drawn?: boolean;
}

/** Where a network that is looked at comes from: a model file, or a description of which it is drawn. */
export interface NetworkSource {
  readonly notes: readonly string[];
  /** The network for so many points at a time. */
  readonly network: (points: number) => ModelGraph;
  readonly weights: WeightsAbout;
  /** How networks like it are drawn. */
  readonly redrawing: (network: ModelGraph) => Pick<Redrawing, "initialiser" | "recognised" | "draw">;
  /** How another program runs it, where it does; throws `FormatError` where there is no input to give. */
  readonly foreign?: () => ForeignSource;
  /** The list of layers that its graph is, drawn likewise; nothing where it is none. */
  readonly list?: () => Architecture | undefined;
}

/** A network as another program runs it. */
export interface ForeignSource {
  /** With sizes of open axes that are no points. */
  readonly network: (assumed?: AssumedSizes) => ForeignNetwork;
  readonly file: ModelFile;
  readonly redrawing: ForeignRedrawing;
}

/** How weights are drawn, where the options say it. */
export type DrawingOptions = Pick<AskedOptions, "seed"> & {
  readonly init?: string;
  readonly weightVariance?: number | "default";
  readonly bias?: string;
};

function asked({ init, weightVariance, bias }: DrawingOptions): LayerInit | undefined {
  const variance = typeof weightVariance === "number" ? weightVariance : undefined;
  if (init === undefined && bias === undefined && variance === undefined) return undefined;
  return {
    ...(init !== undefined && { init }),
    ...(bias !== undefined && { bias }),
    ...(variance !== undefined && { weightVariance: variance }),
  };
}

/** The network that a model file holds. The file must stay open. */
export function fileSource(
  file: ModelFile,
  options: DrawingOptions & Pick<AskedOptions, "activation"> & { readonly architecture?: Readonly<Record<string, unknown>> },
): NetworkSource {
  const recognised = recogniseInitialiser(file, modelLayers(file));
  return {
    notes: file.notes,
    network: (points) => modelGraph(file, { points, activation: options.activation, architecture: options.architecture }),
    weights: recognised,
    redrawing: (network) => redrawing(file, network, recognised, asked(options)),
    ...(file.format === "onnx" && {
      foreign: () => ({
        network: (assumed) => foreignNetwork(file, assumed),
        file,
        redrawing: foreignRedrawing(file, recognised, asked(options)),
      }),
    }),
    list: () => {
      try {
        const { activation, architecture } = options;
        return modelArchitecture(file, { activation, architecture, init: asked(options) }).architecture;
      } catch (error) {
        if (error instanceof SondeError) return undefined;
        throw error;
      }
    },
  };
}

/**
 * The k-th network that is drawn of an architecture file in graph form. Throws `ConfigError` or `ShapeError` for what is wrong with the file, and for graphs beyond what a run may take.
 */
export function describedSource(value: Readonly<Record<string, unknown>>, options: DrawingOptions, k = 0): NetworkSource {
  const one = readGraph(value);
  const shaped = graphShapes(one.graph);
  const weights = shaped.reduce(
    (sum, own) => sum + Object.values(own.weights).reduce((all, { shape }) => all + shape.reduce((a, b) => a * b, 1), 0),
    0,
  );
  if (8 * weights > limits.bytes)
    throw new ConfigError(
      `its ${weights} weights take ${Math.round((8 * weights) / 2 ** 20)} MiB, more than the ${limits.bytes / 2 ** 20} that a run may: make its layers smaller`,
    );
  const work = shaped.reduce((sum, own) => sum + own.work, 0);
  if (work > limits.steps)
    throw new ConfigError(
      `one point takes ${work.toExponential(1)} multiplications, more than a run may: make its layers smaller`,
    );
  const chosen = asked(options);
  const init = (layer: string) => ({ ...one.init(layer), ...chosen });
  const names = [...new Set(shaped.filter((own) => own.weights.weight).map(({ node }) => init(node.name).init ?? "he-normal"))];
  const initialiser = names.join(", ") || "he-normal";
  const draw =
    ({ graph }: Pick<ModelGraph, "graph">, given: GraphWeights): Redrawing["draw"] =>
    (random) =>
      drawWeights(graph, random, { init, given });
  return {
    notes: [],
    network: (points) =>
      describedNetwork({ ...readGraph(value, { points }), init }, split(split(sharedStream(options.seed), 9), k)),
    weights: {
      initialiser,
      trained: false,
      evidence: ["the file describes a network and holds no weights: they were drawn as it says"],
      drawn: true,
    },
    redrawing: (network) => ({ initialiser, recognised: true, draw: draw(network, one.given) }),
  };
}
