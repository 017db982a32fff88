import { activation } from "@sonde/core";
import { type KernelActivation, kernelActivations } from "@sonde/kernels";
import { layerInitialiser } from "../../layer-initialiser.js";
import type { ShapedLayer } from "../../shapes.js";

/** The kernels' name and parameter of an activation, if they know it. */
export function kernelActivation(text: string): { activation: KernelActivation; parameter?: number } | undefined {
  const [family, parameter] = activation(text).name.split(":");
  // The slope of PReLU is that of leaky ReLU until it is learned.
  const name = family === "prelu" ? "leaky-relu" : family;
  const known = (kernelActivations as readonly string[]).includes(name);
  return known
    ? { activation: name as KernelActivation, ...(parameter !== undefined && { parameter: Number(parameter) }) }
    : undefined;
}

/** The same of one that the kernels are sure to know. */
export function knownActivation(text: string): { activation: KernelActivation; parameter?: number } {
  const known = kernelActivation(text);
  if (!known) throw new TypeError(`the kernels do not know the activation ${text}`);
  return known;
}

/** Why the float32 kernels cannot run a layer: `undefined` if they can. */
export function whyNotInKernels({ layer, weights, path }: ShapedLayer): string | undefined {
  if (layer.kind === "activation" && !kernelActivation(layer.activation)) return `${path} has the activation ${layer.activation}`;
  if (weights && !layerInitialiser(layer).law?.(weights)) return `${path} has weights that are not independent`;
  return undefined;
}

/** Why the float32 kernels cannot carry gradients back through a layer: `undefined` if they can. */
export function whyNotBackInKernels({ layer, weights, path }: ShapedLayer): string | undefined {
  if (layer.kind === "activation" && !kernelActivation(layer.activation)) return `${path} has the activation ${layer.activation}`;
  if (weights && layerInitialiser(layer).needsInput) return `${path} has weights that follow the data`;
  return undefined;
}

/** Why the float64 kernels cannot run a layer in law: `undefined` if they can. */
export function whyNotInLawKernels(shaped: ShapedLayer): string | undefined {
  const { layer, path } = shaped;
  if (layer.kind === "activation" && !kernelActivation(layer.activation)) return `${path} has the activation ${layer.activation}`;
  if (layer.kind === "pool") return `${path} pools`;
  return whyNotInLaw(shaped);
}

/** Why a layer cannot be drawn exactly in law: `undefined` if it can. */
export function whyNotInLaw({ layer, weights, path, input }: ShapedLayer): string | undefined {
  if (!weights) return undefined;
  if (layer.kind === "conv" || input.length > 1) return `${path} shares its weights between positions`;
  const init = layerInitialiser(layer);
  if (init.name === "orthogonal" && init.zeroBias) return undefined;
  const law = init.law?.(weights);
  return law?.distribution === "normal"
    ? undefined
    : `${path} is initialised with ${init.name}, which is neither normal nor orthogonal without bias`;
}

/** The first reason found, blocks included. */
export function firstReason(
  layers: readonly ShapedLayer[],
  reason: (layer: ShapedLayer) => string | undefined,
): string | undefined {
  for (const shaped of layers) {
    const found = reason(shaped) ?? firstReason(shaped.branches.flat(), reason);
    if (found) return found;
  }
  return undefined;
}
