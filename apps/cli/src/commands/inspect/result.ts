import type { ModelFile, ModelLayer, RecognisedModel } from "@sonde/formats";

/** What `sonde inspect --json` says. */
export type Inspected = ReturnType<typeof inspected>;

/** Tensors that training does not change by the gradient: running statistics. */
const fixedRoles = ["mean", "variance"];

/** What a model file holds, as plain data. */
export function inspected(file: ModelFile, layers: readonly ModelLayer[], recognised: RecognisedModel) {
  const sizes = new Map(file.tensors.map(({ name, shape }) => [name, shape.reduce((product, size) => product * size, 1)]));
  const parameters = (weights: ModelLayer["weights"]) =>
    Object.entries(weights).reduce((sum, [role, name]) => sum + (fixedRoles.includes(role) ? 0 : (sizes.get(name) ?? 0)), 0);
  // A tensor that several layers share counts once.
  const distinct = new Map(layers.flatMap(({ weights }) => Object.entries(weights).map(([role, name]) => [name, role] as const)));
  const total = [...distinct].reduce((sum, [name, role]) => sum + (fixedRoles.includes(role) ? 0 : (sizes.get(name) ?? 0)), 0);
  const operators: Record<string, number> = {};
  for (const { operator } of file.nodes ?? []) operators[operator] = (operators[operator] ?? 0) + 1;
  return {
    format: file.format,
    version: file.version,
    producer: file.producer,
    inputs: file.inputs,
    outputs: file.outputs,
    parameters: total,
    graph: file.nodes !== null,
    operators: file.nodes ? operators : null,
    layers: layers.map((layer) => ({ ...layer, parameters: parameters(layer.weights) })),
    tensors: file.tensors.map(({ name, shape, type }) => ({ name, shape, type })),
    initialiser: {
      name: recognised.initialiser,
      trained: recognised.trained,
      evidence: recognised.evidence,
      layers: recognised.layers,
    },
    unsupported: layers.flatMap(({ name, unsupported }) =>
      unsupported === undefined ? [] : [{ layer: name, reason: unsupported }],
    ),
    metadata: file.metadata,
  };
}
