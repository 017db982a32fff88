import { type Architecture, inferShapes, type ShapedLayer, size } from "@sonde/nets";
import { type Steepness, steepness } from "./steepness.js";

/** An activation and where its pre-activations are seen. */
interface ActivationPlace extends Steepness {
  readonly activation: string;
  /** Path of the layer that its pre-activations come out of, or `input`. */
  readonly path: string;
  readonly units: number;
}

/** A hidden layer and where it is seen. */
interface LayerPlace {
  /** Counted from 1. */
  readonly layer: number;
  readonly path: string;
  /** Units, or channels. */
  readonly units: number;
  /** Its activation; of a block the first inside; absent where there is none. */
  readonly slope?: ActivationPlace;
}

/** Where the outputs are seen. */
interface OutputPlace {
  readonly path: string;
  /** Values of one point. */
  readonly outputs: number;
  /** The activation after the last layer with weights, or `softmax`, if there is one. */
  readonly activation?: string;
  /** Where the values before that activation are seen: the logits of a classifier. */
  readonly logits: string;
}

/** Everything that a run looks at, as plain data. */
export interface SignalPlaces {
  readonly layers: readonly LayerPlace[];
  readonly output: OutputPlace;
}

/** Where the hidden layers of an architecture, the pre-activations before them and its outputs are seen. */
export function signalPlaces(architecture: Architecture): SignalPlaces {
  const shaped = inferShapes(architecture);
  const before = (index: number) => shaped[index - 1]?.path ?? "input";
  const layers = shaped.flatMap((layer, index): LayerPlace[] => {
    if (layer.hidden === undefined) return [];
    const slope = firstActivation([layer], before(index));
    return [{ layer: layer.hidden, path: layer.path, units: channels(layer.output), ...(slope && { slope }) }];
  });
  const last = shaped.at(-1);
  const outer = shaped.findIndex(
    ({ layer, afterWeights }) => afterWeights && (layer.kind === "activation" || layer.kind === "softmax"),
  );
  const own = shaped[outer]?.layer;
  const activation = own?.kind === "activation" ? own.activation : own?.kind;
  return {
    layers,
    output: {
      path: last?.path ?? "input",
      outputs: size(last?.output ?? architecture.input),
      ...(activation !== undefined && { activation }),
      logits: outer < 0 ? (last?.path ?? "input") : before(outer),
    },
  };
}

/** The first activation among these layers, blocks included; `start` is where what arrives at them is seen. */
function firstActivation(layers: readonly ShapedLayer[], start: string): ActivationPlace | undefined {
  let path = start;
  for (const { layer, input, branches, path: own } of layers) {
    if (layer.kind === "activation")
      return { activation: layer.activation, path, units: channels(input), ...steepness(layer.activation) };
    const inside = branches.map((branch) => firstActivation(branch, path)).find((place) => place !== undefined);
    if (inside) return inside;
    path = own;
  }
  return undefined;
}

function channels(shape: readonly number[]): number {
  return shape[shape.length - 1];
}
