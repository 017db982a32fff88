import { entriesOf } from "../graph/from-onnx.js";
import { type AssumedSizes, type InputShapes, inputShapes } from "../graph/input-shapes.js";
import { type OnnxGraph, onnxGraph } from "../layers/onnx-graph.js";
import type { ModelFile, TensorType } from "../model-file.js";
import { type ForeignPlaces, foreignPlaces } from "./foreign-places.js";

/** An input of a model that another program runs. */
export interface ForeignInput {
  readonly name: string;
  readonly type: TensorType;
  /** Rows of the smallest table that whole numbers choose from; 2 where there is none. */
  readonly entries?: number;
  /** The number that it is compared with, where it is a single one: such an input chooses what is computed. */
  readonly compared?: number;
}

/** An ONNX file that Sonde reads and another program runs. */
export interface ForeignNetwork extends ForeignPlaces {
  readonly inputs: readonly ForeignInput[];
  /** Real values that it puts out. */
  readonly outputs: readonly string[];
  /** The shapes of its inputs for so many points at a time. */
  readonly shapes: (points: number) => InputShapes;
  /** Whether the file leaves sizes open that are no points, which are assumed. */
  readonly open: boolean;
  /** Whether points look at each other, as batch norm by the statistics of the batch does. */
  readonly coupled: boolean;
}

/**
 * What there is to know of an ONNX file before another program runs it.
 *
 * Throws `FormatError` where an input has no shape, or there is none.
 */
export function foreignNetwork(model: ModelFile, assumed?: AssumedSizes): ForeignNetwork {
  const view = onnxGraph(model);
  const nodes = model.nodes ?? [];
  const shapes = (points: number) => inputShapes(model, { points, ...(assumed && { assumed }) });
  return {
    ...foreignPlaces(model),
    inputs: model.inputs.map(({ name, type, shape }) => {
      const compared = shape?.length === 0 ? comparedWith(view, name) : undefined;
      return {
        name,
        type: type ?? "float32",
        ...(type?.includes("int") && { entries: entriesOf(view, name) }),
        ...(compared !== undefined && { compared }),
      };
    }),
    outputs: model.outputs.map(({ name }) => name).filter((name) => !view.tensor(name)),
    shapes,
    open: shapes(1).notes.length > 0,
    coupled: nodes.some(
      ({ operator, attributes, outputs }) =>
        operator === "BatchNormalization" && (attributes.training_mode === 1 || outputs.filter(Boolean).length > 1),
    ),
  };
}

/** The number that an input is compared with. */
function comparedWith({ users, scalar }: OnnxGraph, name: string): number | undefined {
  return users(name)
    .filter(({ operator }) => operator === "Equal")
    .flatMap(({ inputs }) => inputs.flatMap((other) => scalar(other) ?? []))[0];
}
