import { ConfigError } from "@sonde/core";
import { type Architecture, branchesOf, hiddenLayers, inferShapes, type Layer, mapBranches } from "@sonde/nets";

/**
 * The architecture with so many hidden layers (residual units count as one) of so many units, all of the kind of its first; the layers after the last hidden one stay.
 *
 * Throws `ConfigError` if it has no hidden layer, if its hidden layers are of several kinds, or if some of them have no width to vary.
 */
export function resized(architecture: Architecture, width: number, depth: number): Architecture {
  const { layers } = architecture;
  const hidden = inferShapes(architecture).map(({ hidden: number }) => number !== undefined);
  if (!hidden.includes(true)) throw new ConfigError("a safe region varies hidden layers, but the model has none: add one");
  const embedding = layers.find(({ kind }) => kind === "embedding");
  const segments: Layer[][] = [[]];
  layers.forEach((layer, l) => {
    if (layer.kind !== "embedding") segments[segments.length - 1].push(layer);
    if (hidden[l]) segments.push([]);
  });
  const tail = segments.pop() as Layer[];
  const [segment, ...others] = segments.map((own) => own.map((layer) => withUnits(layer, width)));
  const kind = JSON.stringify(segment);
  const other = others.findIndex((own) => JSON.stringify(own) !== kind);
  if (other >= 0)
    throw new ConfigError(
      `a safe region varies hidden layers of one kind, but layer ${other + 2} is made differently from layer 1: describe them alike`,
    );
  const needed = segment[0].kind === "residual" && architecture.input[0] !== width;
  const first: Layer[] =
    embedding && (needed || !("implied" in embedding))
      ? [withUnits(embedding, width)]
      : needed
        ? [{ kind: "embedding", units: width, implied: true }]
        : [];
  const result = { ...architecture, layers: [...first, ...new Array(depth).fill(segment).flat(), ...tail] };
  if (hiddenLayers(result).some(({ units, label }) => units !== width && label !== "concat"))
    throw new ConfigError("a safe region varies the width of dense layers, but this model has hidden layers without one");
  return result;
}

function withUnits(layer: Layer, units: number): Layer {
  if (branchesOf(layer).length > 0) return mapBranches(layer, (layers) => layers.map((inner) => withUnits(inner, units)));
  if (layer.kind === "conv" || layer.kind === "pool")
    throw new ConfigError(`a safe region varies the width of dense layers, but this model has a ${layer.kind} layer`);
  return layer.kind === "dense" || layer.kind === "embedding" ? { ...layer, units } : layer;
}
