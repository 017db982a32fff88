export type { Architecture, Layer, LayerInit, Padding } from "./architecture.js";
export { type Branch, branchesOf, mapBranches } from "./branches.js";
export { type Chain, chainOf } from "./chain.js";
export { describe } from "./describe.js";
export { type EnsembleRequest, type Method, type Precision, planEnsemble } from "./ensemble/choose.js";
export {
  type EnsembleInputs,
  type EstimationOptions,
  estimateOver,
  growEstimate,
  type MetricRequest,
  planEstimate,
  runEstimate,
} from "./ensemble/estimation.js";
export { type FreshInputs, type GaussianInputs, gaussianInputs } from "./ensemble/fresh.js";
export { kernelActivation } from "./ensemble/lanes/support.js";
export { checkMemory } from "./ensemble/memory.js";
export type {
  AnyMetric,
  ChannelSums,
  FinishedNetwork,
  Living,
  Metric,
  MetricContext,
  ObservedGradient,
  ObservedLayer,
  ObservedPlace,
  Simulation,
  SimulationName,
} from "./ensemble/metric.js";
export { type NetworkMetric, observeNetwork } from "./ensemble/observe-network.js";
export {
  type Drawn,
  drawnBy,
  type EnsemblePlan,
  type Executor,
  networkStream,
  type PlannedMetric,
  sharedStream,
} from "./ensemble/plan.js";
export { type EnsembleOptions, type EnsembleRun, growEnsemble, runEnsemble, serveWorker, worthWorkers } from "./ensemble/run.js";
export { forward } from "./forward.js";
export { type Gradient, type GradientOptions, gradient, type LayerGradient } from "./gradient.js";
export { type DrawWeightsOptions, drawWeights, heldWeights } from "./graph/draw-weights.js";
export { type FromGraphOptions, fromGraph, type GraphAsList } from "./graph/from-graph.js";
export type { Graph, GraphInput, GraphNode } from "./graph/graph.js";
export { type GraphGradient, graphGradient } from "./graph/graph-gradient.js";
export { graphShapes, moduleOf, type ShapedNode } from "./graph/graph-shapes.js";
export type { GraphLayer } from "./graph/kinds/list.js";
export type { WeightSpec, Weights, WeightTensor } from "./graph/layer-kind.js";
export { type GraphWeights, type RunGraphOptions, runGraph } from "./graph/run-graph.js";
export { permuted, type Tensor } from "./graph/tensor.js";
export { toGraph, toGraphWeights } from "./graph/to-graph.js";
export { type HiddenLayer, hiddenLayers } from "./hidden-layers.js";
export { isHomogeneous } from "./homogeneous.js";
export { layerInitialiser } from "./layer-initialiser.js";
export { type Windows, windows } from "./layers/windows.js";
export { limits } from "./limits.js";
export { allLayers, mapLayers, reinitialised, someLayer } from "./map-layers.js";
export { type MlpOptions, mlp } from "./mlp.js";
export type { Network } from "./network.js";
export { type NormName, normName } from "./norm-name.js";
export { parseNotation } from "./notation.js";
export type { LayerOutput, Observation, Observers } from "./observation.js";
export { parameterCount } from "./parameter-count.js";
export { type RandomNetworkOptions, randomNetwork } from "./random-network.js";
export { type ReadArchitecture, readArchitecture } from "./reading/read-architecture.js";
export { type DescribedGraph, isBeyondLists, isGraphForm, readGraph } from "./reading/read-graph.js";
export { redescribed } from "./redescribe.js";
export { architectureKey, isSameInit, sameArchitecture } from "./same-architecture.js";
export { architectureSchema } from "./schema.js";
export { inferShapes, type Join, outputSize, type ShapedLayer, size } from "./shapes.js";
export { type Standardised, standardise } from "./standardise.js";
export { type TangentOptions, type Tangents, tangent } from "./tangent.js";
export { validateArchitecture } from "./validate.js";
export { architectureWarnings } from "./warnings.js";
