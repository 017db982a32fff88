import { entriesOf } from "../graph/from-onnx.js";
import { type InputShapes, inputShapes } from "../graph/input-shapes.js";
import { onnxGraph } from "../layers/onnx-graph.js";
import type { ModelFile, TensorType } from "../model-file.js";
import { type ForeignPlaces, foreignPlaces } from "./foreign-places.js";

/** An input of a model that another program runs. */
export interface ForeignInput {
  readonly name: string;
  readonly type: TensorType;
  /** Rows of the smallest table that whole numbers choose from; 2 where there is none. */
  readonly entries?: number;
}

/** An ONNX file that Sonde reads and another program runs. */
export interface ForeignNetwork extends ForeignPlaces {
  readonly inputs: readonly ForeignInput[];
  /** Real values that it puts out. */
  readonly outputs: readonly string[];
  /** The shapes of its inputs for so many points at a time. */
  readonly shapes: (points: number) => InputShapes;
  /** Whether points look at each other, as batch norm by the statistics of the batch does. */
  readonly coupled: boolean;
}

/**
 * What there is to know of an ONNX file before another program runs it.
 *
 * Throws `FormatError` where an input has no shape, or there is none.
 */
export function foreignNetwork(model: ModelFile): ForeignNetwork {
  const view = onnxGraph(model);
  const nodes = model.nodes ?? [];
  inputShapes(model, {});
  return {
    ...foreignPlaces(model),
    inputs: model.inputs.map(({ name, type }) => ({
      name,
      type: type ?? "float32",
      ...(type?.includes("int") && { entries: entriesOf(view, name) }),
    })),
    outputs: model.outputs.map(({ name }) => name).filter((name) => !view.tensor(name)),
    shapes: (points) => inputShapes(model, { points }),
    coupled: nodes.some(
      ({ operator, attributes, outputs }) =>
        operator === "BatchNormalization" && (attributes.training_mode === 1 || outputs.filter(Boolean).length > 1),
    ),
  };
}
