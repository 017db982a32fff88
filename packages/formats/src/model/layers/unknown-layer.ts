import type { ModelNode, ModelTensor } from "../model-file.js";
import { capturedValues } from "../onnx/captured.js";
import { fansOfColumns, fansOfRows, type LayerParts } from "./layer.js";
import type { OnnxGraph } from "./onnx-graph.js";

/** An operator of which it is not known what it computes. Real tensors that it takes are its weights (`weight`, `weight2` ...: those with two axes or more) and biases (`bias`, `bias2` ...). */
export function unknownLayer(node: ModelNode, graph: OnnxGraph, unsupported: string): LayerParts {
  const taken = [...new Set([...node.inputs, ...capturedValues(node)])];
  const tensors = taken.flatMap((name) => {
    const tensor = graph.tensor(name);
    return tensor && (tensor.type === "float32" || tensor.type === "float64") ? [{ name, tensor }] : [];
  });
  const matrices = tensors.filter(({ tensor }) => tensor.shape.length > 1);
  const lists = tensors.filter(({ tensor }) => tensor.shape.length === 1 && tensor.shape[0] > 1);
  const [first] = matrices;
  const values = taken.filter((name) => name !== "" && !graph.tensor(name));
  if (!first) return { kind: "other", unsupported };
  const rows = hasUnitsFirst(first.tensor, graph.model.shapes[values[0] ?? ""]);
  return {
    kind: "other",
    unsupported,
    inputs: values,
    weights: {
      ...Object.fromEntries(matrices.map(({ name }, k) => [k === 0 ? "weight" : `weight${k + 1}`, name])),
      ...Object.fromEntries(lists.map(({ name }, k) => [k === 0 ? "bias" : `bias${k + 1}`, name])),
    },
    fans: rows ? fansOfRows(first.tensor.shape) : fansOfColumns(first.tensor.shape),
    options: { rows: rows ? "units" : "inputs" },
  };
}

/** Whether a tensor of weights is [units, inputs, ...positions]: kernels are, of matrices what fits the values, else what PyTorch's names tell. */
export function hasUnitsFirst(
  { name, shape }: Pick<ModelTensor, "name" | "shape">,
  value?: readonly (number | string)[],
): boolean {
  if (shape.length > 2) return true;
  const inputs = value?.[value.length - 1];
  if (typeof inputs === "number" && shape[0] !== shape[1] && shape.includes(inputs)) return shape[1] === inputs;
  return /weight$/.test(name);
}
