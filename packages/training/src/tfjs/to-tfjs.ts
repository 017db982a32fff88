import type { TensorFlow } from "@sonde/core/tfjs";
import { inferShapes, type Network } from "@sonde/nets";
import type { Tensor, Tensor2D, Variable } from "@tensorflow/tfjs-core";
import { allParameters, parameterBlocks } from "../parameters.js";
import { type LayerVariables, layerVariables, rowsOfOutput, runLayers, shapedInput } from "./layers.js";

/** A network of Sonde as TensorFlow.js sees it. */
export interface TfjsNetwork {
  /** The weights `[fan_in, outputs]` and biases `[outputs]` of each layer with weights, in the order of `Network.parameters`, then the scales and shifts of `Network.norms`. */
  readonly layers: readonly LayerVariables[];
  /** What an optimiser of tfjs may train: weights and biases, except for the bias of an embedding, which stays 0. */
  readonly trainable: readonly Variable[];
  /** The outputs for a batch of points, `[points, size of input] -> [points, size of output]`; differentiable. */
  readonly forward: (points: Tensor) => Tensor2D;
  readonly dispose: () => void;
}

/**
 * A network as variables of TensorFlow.js and a forward function, so that a tfjs user can start from Sonde's architectures and initialisers: `toTfjs(tf, randomNetwork(architecture, stream(0)))`. It means what `forward` means, in
 * float32; `tf` is what `useBackend` of `@sonde/core/tfjs` returns, or the namespace of `@tensorflow/tfjs-core` itself.
 *
 * Dispose of it when it is no longer needed.
 */
export function toTfjs(tf: TensorFlow, network: Network): TfjsNetwork {
  const { architecture, norms } = network;
  const shaped = inferShapes(architecture);
  const { blocks } = parameterBlocks({ architecture, trainNorms: norms !== undefined });
  const layers = allParameters(network).map((own) => layerVariables(tf, own));
  const all = { layers, norms: norms && layers.slice(network.parameters.length) };
  return {
    layers,
    trainable: layers.flatMap(({ weights, bias }, p) => (blocks[p].embedding ? [weights] : [weights, bias])),
    forward: (points) =>
      tf.tidy(() => rowsOfOutput(tf, runLayers(tf, shaped, all, shapedInput(tf, points, architecture.input))) as Tensor2D),
    dispose: () => {
      for (const { weights, bias } of layers) {
        weights.dispose();
        bias.dispose();
      }
    },
  };
}
