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

/** The same without what is not known, which JSON has as absent, and with numbers that JSON cannot write as text. */
export function plain(value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return value.map((entry) => plain(entry ?? "open"));
  if (typeof value !== "object" || value === null) return value;
  // A tensor or a graph within an attribute is told by its name.
  if ("values" in value || "nodes" in value) return "name" in value ? value.name : "graph";
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) => (entry === null || entry === undefined ? [] : [[key, plain(entry)]])),
  );
}
