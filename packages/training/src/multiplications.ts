import { type Architecture, inferShapes, type ShapedLayer, size } from "@sonde/nets";

/** Multiplications by weights that one point takes on its way forward, those of convolutions apart. */
export function multiplications(architecture: Architecture): { readonly dense: number; readonly conv: number } {
  const sum = { dense: 0, conv: 0 };
  const visit = (shaped: readonly ShapedLayer[]): void => {
    for (const { layer, weights, output, branches } of shaped) {
      if (weights) sum[layer.kind === "conv" ? "conv" : "dense"] += size(weights.kernel) * weights.inputs * size(output);
      branches.forEach(visit);
    }
  };
  visit(inferShapes(architecture));
  return sum;
}
