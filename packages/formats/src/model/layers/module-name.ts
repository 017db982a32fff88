import type { ModelNode } from "../model-file.js";

/**
 * The name of the module that operators come from: by the path that PyTorch puts into their names (`/layer1/layer1.0/relu1/Relu` is `layer1.0.relu1`), else by that of their weight (`conv1.weight`), else the operator's own name.
 *
 * @example
 * moduleName([{ name: "/layer1/layer1.0/relu1/Relu", operator: "Relu", domain: "", inputs: [], outputs: [], attributes: {} }], undefined) // "layer1.0.relu1"
 */
export function moduleName(nodes: readonly ModelNode[], weight: string | undefined): string {
  const [, module] = /^([\w.]+)\.(?:weight|kernel|gamma|W)$/.exec(weight ?? "") ?? [];
  const last = nodes[nodes.length - 1];
  const path = common(nodes.map(({ name }) => (name.startsWith("/") ? name.split("/").slice(1, -1) : undefined)));
  if (path && path.length > 0) return joined(path);
  return module ?? last.name;
}

/** The path that all share. */
function common(paths: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const [first, ...rest] = paths;
  if (!first || rest.some((path) => path === undefined)) return undefined;
  const end = first.findIndex((part, k) => rest.some((path) => path?.[k] !== part));
  return end < 0 ? first : first.slice(0, end);
}

/** Containers that hold a list repeat their name: `layer1`, `layer1.0`. */
function joined(path: readonly string[]): string {
  const parts: string[] = [];
  for (const part of path)
    if (parts.length > 0 && part.startsWith(`${parts[parts.length - 1]}.`)) parts[parts.length - 1] = part;
    else parts.push(part);
  return parts.join(".");
}
