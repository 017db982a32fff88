import { ConfigError } from "@sonde/core";
import { type Architecture, hiddenLayers, type Layer } from "@sonde/nets";

/** The hidden layers of an architecture that are looked at: `architecture` is the one to run, `layers` their numbers in it. */
export interface Observed {
  readonly architecture: Architecture;
  readonly layers: readonly { readonly layer: number; readonly units: number }[];
}

/**
 * Where a network is looked at: after its activations, or before them. For the latter a linear activation, which changes nothing, is put before each, so that there is something to look at.
 *
 * Throws `ConfigError` where a hidden layer is a block, which has no single pre-activation.
 */
export function observed(architecture: Architecture, where: "post" | "pre"): Observed {
  const hidden = hiddenLayers(architecture);
  if (where === "post") return { architecture, layers: hidden.map(({ layer, units }) => ({ layer, units })) };
  const block = hidden.find(({ label }) => label === "residual" || label === "concat");
  if (block)
    throw new ConfigError(
      `the hidden layer ${block.path} is a ${block.label} block, which has no pre-activations: look after it`,
    );
  const layers = architecture.layers.flatMap((layer): Layer[] =>
    layer.kind === "activation" ? [{ kind: "activation", activation: "linear" }, layer] : [layer],
  );
  return {
    architecture: { ...architecture, layers },
    layers: hidden.map(({ layer, units }) => ({ layer: 2 * layer - 1, units })),
  };
}
