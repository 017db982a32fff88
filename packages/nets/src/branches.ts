import type { Layer } from "./architecture.js";

/** Layers of a block that its input goes through on their own, and where they stand in it, such as `body` or `branches[1]`. */
export interface Branch {
  readonly place: string;
  readonly layers: readonly Layer[];
}

/** The branches of a block, in the order in which their parameters are drawn and their ends are joined; none for other layers. */
export function branchesOf(layer: Layer): readonly Branch[] {
  if (layer.kind === "residual")
    return [
      { place: "shortcut", layers: layer.shortcut ?? [] },
      { place: "body", layers: layer.body },
    ];
  if (layer.kind !== "concat") return [];
  if ("body" in layer)
    return [
      { place: "input", layers: [] },
      { place: "body", layers: layer.body },
    ];
  return layer.branches.map((layers, index) => ({ place: `branches[${index}]`, layers }));
}

/**
 * The layer with a change made to each of its branches; a layer without any as it is.
 *
 * @example
 * mapBranches({ kind: "residual", body: [] }, () => [{ kind: "flatten" }]) // { kind: "residual", body: [{ kind: "flatten" }] }
 */
export function mapBranches(layer: Layer, change: (layers: readonly Layer[]) => readonly Layer[]): Layer {
  if (layer.kind === "residual")
    return { ...layer, body: change(layer.body), ...(layer.shortcut && { shortcut: change(layer.shortcut) }) };
  if (layer.kind !== "concat") return layer;
  return "body" in layer ? { ...layer, body: change(layer.body) } : { ...layer, branches: layer.branches.map(change) };
}
