import type { Initialiser, LayerShape } from "@sonde/init";
import type { Address, EnsembleKernels, LawLayer, WindowSizes } from "@sonde/kernels";
import { layerInitialiser, orthogonalGain } from "../../layer-initialiser.js";
import { windows } from "../../layers/windows.js";
import { type ShapedLayer, size } from "../../shapes.js";
import type { KeptWeights } from "./kept-weights.js";
import type { LaneMachine } from "./machine.js";
import { knownActivation } from "./support.js";

/** A step of a program: everything that it needs was fixed when it was compiled. */
export type Step = () => void;

/** A step, or a layer that was written down for the kernels. */
export type StepOrLayer = Step | Address;

/** The steps with one call for all layers that follow each other. */
export function chainSteps(steps: readonly StepOrLayer[], machine: LaneMachine): Step[] {
  const calls: Step[] = [];
  let layers: Address[] = [];
  const call = () => {
    if (layers.length === 0) return;
    const first = machine.chainLayers(layers);
    calls.push(() => machine.layer(first));
    layers = [];
  };
  for (const step of steps) {
    if (typeof step === "number") layers.push(step);
    else {
      call();
      calls.push(step);
    }
  }
  call();
  return calls;
}

/** What layers with weights share. */
export interface WeightedOptions {
  readonly machine: LaneMachine;
  readonly points: number;
  /** Four streams, one for each network. */
  readonly roots: Address;
  /** Room that one layer at a time may use. */
  readonly scratch: Address;
  /** Room for four streams, and for the biases of the widest layer. */
  readonly streams: Address;
  readonly bias: Address;
  readonly kept?: KeptWeights;
}

/** A layer with weights, the activation right after it, and what its step does besides (see `KernelLayer`); `tangents` lie behind the values of `x` and `out`. */
export interface WeightedLayer extends Pick<LawLayer, "rescale" | "living" | "tangents"> {
  readonly shaped: ShapedLayer;
  readonly activation: string;
  readonly x: Address;
  readonly out: Address;
}

/** The step of a layer with weights, and whether `rescale`, of tangents too, and `living` are part of it. */
export function weightedStep(
  { shaped, activation, x, out, rescale, living, tangents }: WeightedLayer,
  { machine, points, roots, scratch, streams, bias, kept }: WeightedOptions,
): { step: StepOrLayer; fused: boolean; windows?: WindowSizes } {
  const { layer, weights, parameters: index = 0, input, output, path } = shaped;
  if (!weights) throw new TypeError(`${path} has no weights`);
  const chosen = knownActivation(activation);
  const law = layerInitialiser(layer).law?.(weights);
  const { scale, biasScale } = law ? entryScales(law, weights) : { scale: orthogonalGain(layer), biasScale: 0 };
  const rows = (points * size(output)) / weights.outputs;
  const common = {
    x,
    out,
    points: rows,
    inputs: weights.inputs,
    units: weights.outputs,
    roots,
    index,
    scale,
    biasScale,
    ...chosen,
    scratch,
  };
  // At several positions the rows are not the points that live or die.
  const fused = layer.kind !== "conv" && rows === points;
  const also = { ...common, tangents, ...(fused && { rescale, living }) };
  if (machine.draws === "law") {
    return { step: machine.kernels.defineLayer({ ...also, orthogonal: !law }), fused };
  }
  const { kernels } = machine;
  const entries = law?.distribution;
  const own = kept?.of(shaped);
  if (own && layer.kind !== "conv") {
    const sizes = { points: rows, inputs: weights.inputs, units: weights.outputs };
    const how = { ...chosen, bias: own.bias, tangents: tangents !== undefined };
    return { step: () => kernels.denseWith(x, sizes, own.weights, out, how), fused: false };
  }
  if (layer.kind !== "conv") {
    return { step: kernels.defineLayer({ ...also, law: entries }), fused };
  }
  const seen = windows(input, layer.kernel, layer.stride ?? 1, layer.padding ?? "zero");
  const sizes = { ...windowSizes(kernels, shaped, points, seen), units: weights.outputs };
  if (own) {
    const how = { ...chosen, bias: own.bias, tangents: tangents !== undefined };
    return { step: () => kernels.convWith(x, sizes, own.weights, out, how), fused, windows: sizes };
  }
  const step = () => {
    if (biasScale > 0) {
      drawFrom(kernels, roots, index, 1, streams);
      kernels.fillLanes({ streams, law: entries, scale: biasScale }, 0, weights.outputs, bias);
    }
    drawFrom(kernels, roots, index, 0, streams);
    const more = { bias: biasScale > 0 ? bias : undefined, tangents: tangents !== undefined };
    kernels.conv(x, sizes, { streams, law: entries, scale }, out, { ...chosen, ...more });
  };
  return { step, fused, windows: sizes };
}

/** Standard deviations of normal weights and biases, half-widths of uniform ones. */
export function entryScales({ distribution, weightVariance, biasVariance }: EntryLaws, { kernel, inputs }: LayerShape) {
  const half = distribution === "uniform" ? Math.sqrt(3) : 1;
  return {
    scale: half * Math.sqrt(weightVariance / (size(kernel) * inputs)),
    biasScale: half * Math.sqrt(biasVariance),
  };
}

type EntryLaws = NonNullable<ReturnType<NonNullable<Initialiser["law"]>>>;

/** Sizes and table of the windows over a layer's input. */
export function windowSizes(
  kernels: EnsembleKernels,
  { input }: ShapedLayer,
  points: number,
  { taps, size: count }: { readonly taps: Int32Array; readonly size: number },
) {
  const channels = input[input.length - 1];
  return {
    points,
    positions: size(input) / channels,
    channels,
    windows: taps.length / count,
    taps: count,
    table: kernels.windowTable(taps),
  };
}

/** streams = split(split(root, layer), purpose) of every network. */
export function drawFrom(kernels: EnsembleKernels, roots: Address, layer: number, purpose: number, streams: Address): void {
  kernels.split(roots, layer, streams);
  kernels.split(streams, purpose, streams);
}
