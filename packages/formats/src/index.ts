export type { NdArray } from "./array-file.js";
export type { ByteSource } from "./byte-source.js";
export { type CsvTable, parseCsv } from "./csv.js";
export type { Separator } from "./csv-fields.js";
export type { DataSet, DataSetOptions } from "./data-set.js";
export type { ElementType, NumericArray } from "./element-type.js";
export { gaussianPoints } from "./gaussian-points.js";
export { type GunzipOptions, gunzip } from "./gunzip.js";
export { parseIdx, writeIdx } from "./idx.js";
export { exposableValues, exposing } from "./model/foreign/exposing.js";
export { type ForeignInput, type ForeignNetwork, foreignNetwork } from "./model/foreign/foreign-network.js";
export type { ForeignPlace, ForeignPlaces } from "./model/foreign/foreign-places.js";
export { type ForeignRedrawing, foreignRedrawing } from "./model/foreign/foreign-redrawing.js";
export { type ForeignAxes, type ForeignProbe, probeForeign } from "./model/foreign/probe-foreign.js";
export { type RecordForeignOptions, recordForeign } from "./model/foreign/record-foreign.js";
export type { ForeignProgram, ForeignSession, ForeignTensor, RewrittenTensor } from "./model/foreign/session.js";
export { describedNetwork } from "./model/graph/described-network.js";
export type { AssumedSizes, InputShapes } from "./model/graph/input-shapes.js";
export { modelArchitecture } from "./model/graph/model-architecture.js";
export {
  type HiddenPlace,
  type ModelGraph,
  type ModelGraphOptions,
  modelGraph,
  NotRunError,
} from "./model/graph/model-graph.js";
export { runOperators } from "./model/graph/onnx-operators.js";
export {
  type RecordedModel,
  type RecordedPlace,
  type RecordModelOptions,
  recordModel,
} from "./model/graph/record-model.js";
export { type Redrawing, redrawing } from "./model/graph/redraw.js";
export {
  type RecognisedInitialiser,
  type RecognisedModel,
  recogniseInitialiser,
} from "./model/initialiser/recognise-initialiser.js";
export { type InspectedModel, inspectModel } from "./model/inspect-model.js";
export type { LayerKind, ModelLayer } from "./model/layers/layer.js";
export { layerWords } from "./model/layers/layer-words.js";
export { modelLayers } from "./model/layers/model-layers.js";
export { modelLimits } from "./model/limits.js";
export type {
  Dimension,
  ModelFile,
  ModelFormat,
  ModelNode,
  ModelTensor,
  ModelValue,
  StoredPlace,
  TensorType,
} from "./model/model-file.js";
export { externalFiles } from "./model/onnx/external-files.js";
export { type ParseModelOptions, parseModel } from "./model/parse-model.js";
export { holdsRecording, recordedOrder } from "./model/recorded-tensors.js";
export { parseNpy } from "./npy.js";
export { type NamedArray, parseNpz } from "./npz.js";
export { parseArrays } from "./parse-arrays.js";
export { parseDataSet } from "./parse-data-set.js";
export { writeCsv } from "./write-csv.js";
export { writeNpy } from "./write-npy.js";
