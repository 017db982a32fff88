import { type Architecture, inferShapes, layerInitialiser } from "@sonde/nets";

/** Outputs that are drawn for one: they share the hidden layers, and average over the last layer's weights. */
const outputs = 1024;

/**
 * The same architecture with its output seen as a hidden layer, and where the output layer has independent weights with many more outputs of the same law: an
 * output's kernel does not depend on how many others there are.
 */
export function observedOutput(architecture: Architecture): Architecture {
  const shaped = inferShapes(architecture);
  const last = shaped.at(-1);
  if (last?.hidden !== undefined) return architecture;
  const before = architecture.layers.slice(0, -1);
  // A linear activation with weights behind it, which are never drawn, is a hidden layer.
  const flat = (last?.output ?? architecture.input).length > 1 ? [{ kind: "flatten" } as const] : [];
  const seen = [{ kind: "activation", activation: "linear" }, ...flat, { kind: "dense", units: 1 }] as const;
  const law = last?.layer.kind === "dense" && last.weights && layerInitialiser(last.layer).law?.(last.weights);
  if (!law) return { ...architecture, layers: [...architecture.layers, ...seen] };
  const { weightVariance, biasVariance } = law;
  const wide = { kind: "dense", units: outputs, init: "normal", weightVariance, bias: `normal:${biasVariance}` } as const;
  return { ...architecture, layers: [...before, wide, ...seen] };
}
