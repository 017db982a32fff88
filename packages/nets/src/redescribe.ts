import { activation as activationOf, ConfigError } from "@sonde/core";
import { initialiserName } from "@sonde/init";
import type { Architecture, Layer, LayerInit } from "./architecture.js";
import { branchesOf } from "./branches.js";
import { chainOf } from "./chain.js";
import { mapLayers, reinitialised, someLayer } from "./map-layers.js";
import type { MlpOptions } from "./mlp.js";
import { type NormName, normName } from "./norm-name.js";
import { lastWithWeights } from "./shapes.js";
import { validateArchitecture } from "./validate.js";

/**
 * The architecture with the choices that are given made in all of its layers, blocks included; what is not given stays.
 *
 * - `activation` takes the place of every activation but those after the last layer with weights, which belong to the output.
 * - `init` takes the place of the whole initialisation of every layer with weights: variance and bias too are then the given ones, or the defaults. `weightVariance` or `bias` alone change just that.
 * - `norm` takes the place of every normalisation (`none` removes them); where there is none, one comes before every activation but the output's.
 * - `skip`, `block` and `embedding` rebuild a chain of dense layers and activations, all alike, as `mlp` does.
 *
 * Throws `ConfigError` for names that are unknown and for choices that find nothing to change.
 *
 * @example
 * redescribed(mlp("2-8-1"), { activation: "tanh" }).layers[1] // { kind: "activation", activation: "tanh" }
 */
export function redescribed(architecture: Architecture, options: MlpOptions): Architecture {
  const { activation, init, weightVariance, bias, norm, skip, block, embedding } = options;
  let layers: readonly Layer[] = architecture.layers;
  if (activation !== undefined) layers = withActivation(layers, activationOf(activation).name);
  if (init !== undefined || weightVariance !== undefined || bias !== undefined)
    layers = withInit(layers, { ...(init !== undefined && { init: initialiserName(init) }), weightVariance, bias });
  const rebuilds = (skip !== undefined && skip !== "none") || block !== undefined || embedding === true;
  if (skip === "none" && someLayer(layers, (layer) => branchesOf(layer).length > 0))
    throw new ConfigError("skip connections are not taken out of an architecture with blocks: write its layers without them");
  if (rebuilds) return rebuilt({ ...architecture, layers }, options);
  if (norm !== undefined) layers = withNorm(layers, normName(norm));
  // Names that were known one by one may exclude each other.
  return validateArchitecture({ ...architecture, layers });
}

/** The layers up to the last with weights, and those after it, whose activations are the output's. */
function beforeOutput(layers: readonly Layer[]): readonly [hidden: readonly Layer[], output: readonly Layer[]] {
  const end = lastWithWeights(layers) + 1;
  return [layers.slice(0, end), layers.slice(end)];
}

function withActivation(layers: readonly Layer[], activation: string): readonly Layer[] {
  const [hidden, output] = beforeOutput(layers);
  if (!someLayer(hidden, ({ kind }) => kind === "activation"))
    throw new ConfigError("there is no activation to replace before the last layer with weights: write it into the architecture");
  return [...mapLayers(hidden, (layer) => (layer.kind === "activation" ? { ...layer, activation } : layer)), ...output];
}

function withInit(layers: readonly Layer[], chosen: LayerInit): readonly Layer[] {
  if (chosen.init !== undefined) return reinitialised(layers, () => chosen);
  const { weightVariance, bias } = chosen;
  return reinitialised(layers, (now) => ({
    ...now,
    ...(weightVariance !== undefined && { weightVariance }),
    ...(bias !== undefined && { bias }),
  }));
}

function withNorm(layers: readonly Layer[], norm: NormName): readonly Layer[] {
  if (someLayer(layers, ({ kind }) => kind === "norm"))
    return mapLayers(layers, (layer) => (layer.kind !== "norm" ? layer : norm === "none" ? [] : { ...layer, norm }));
  if (norm === "none") return layers;
  const [hidden, output] = beforeOutput(layers);
  if (!someLayer(hidden, ({ kind }) => kind === "activation"))
    throw new ConfigError("there is no activation to normalise before: write the norm into the architecture");
  return [...mapLayers(hidden, (layer) => (layer.kind === "activation" ? [{ kind: "norm", norm }, layer] : layer)), ...output];
}

function rebuilt(architecture: Architecture, { norm, skip, block, embedding }: MlpOptions): Architecture {
  const chain = chainOf(architecture);
  if (!chain)
    throw new ConfigError(
      "skip connections and an embedding are built into a chain of dense layers and one activation, all with one initialisation and the last without an activation: write them into the architecture",
    );
  return { ...architecture, ...chain.rebuilt(chain.hidden, { norm, skip, block, embedding }) };
}
