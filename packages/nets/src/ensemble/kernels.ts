import { activation, NumericalError, type Stream, split, stream } from "@sonde/core";
import { log2 } from "@sonde/core/math";
import {
  type Address,
  type EnsembleKernels,
  ensembleKernels,
  type KernelActivation,
  kernelActivations,
  rescaleFlags,
} from "@sonde/kernels";
import type { Architecture } from "../architecture.js";
import { isHomogeneous } from "../homogeneous.js";
import { layerInitialiser } from "../layer-initialiser.js";
import { inferShapes, type ShapedLayer } from "../shapes.js";
import type { Execute } from "./executors.js";
import type { ObservedLayer } from "./metric.js";
import { canVanish } from "./observed-layer.js";
import type { EnsemblePlan } from "./plan.js";

/** Networks that the kernels carry side by side. */
const lanes = 4;

/** A dense layer and the activation right after it, as the kernels fuse them. */
interface FusedLayer {
  /** Index among the layers with weights. */
  readonly parameters: number;
  readonly inputs: number;
  readonly units: number;
  readonly weightScale: number;
  readonly biasScale: number;
  readonly activation: KernelActivation;
  readonly parameter?: number;
  /** Number among the hidden layers; absent where nothing is observed. */
  readonly hidden?: number;
  readonly vanishes: boolean;
}

/** Explicit float32 weights, drawn as they are used, four networks at a time in WebAssembly: chains of dense layers and activations (`whyNotKernels`). */
export function kernelsExecutor({ architecture, inputs, seed }: EnsemblePlan): Execute {
  const layers = fusedLayers(architecture);
  const homogeneous = isHomogeneous(architecture);
  const kernels = ensembleKernels();
  const points = inputs.rows;
  const widest = Math.max(1, ...layers.map(({ units }) => units));
  const buffer = () => kernels.allocate(16 * points * widest);
  const [streams, exponents, flags, counts] = [64, 16, 16, 16].map(kernels.allocate);
  const masks = kernels.allocate(lanes * points);
  const bias = kernels.allocate(16 * widest);
  const buffers = [buffer(), buffer()];
  const separated = buffer();
  const start = broadcast(kernels, homogeneous ? normalised(inputs.data) : inputs.data);
  const networks = split(stream(seed), 0);

  return (first, count, observer) => {
    for (let group = first; group < first + count; group += lanes) {
      const members = Math.min(lanes, first + count - group);
      const roots = Array.from({ length: lanes }, (_, lane) => split(networks, group + lane));
      const use = (layer: number, purpose: number) => kernels.setStreams(streams, layerStreams(roots, layer, purpose));
      observer.begin(members);
      let x = start;
      layers.forEach((layer, l) => {
        const y = buffers[l % 2];
        const { inputs, units, parameters } = layer;
        if (layer.biasScale > 0) {
          use(parameters, 1);
          kernels.fillLanes({ streams, scale: layer.biasScale }, 0, units, bias);
        }
        use(parameters, 0);
        kernels.dense(x, { points, inputs, units }, { streams, scale: layer.weightScale }, y, {
          activation: layer.activation,
          parameter: layer.parameter,
          bias: layer.biasScale > 0 ? bias : undefined,
        });
        x = y;
        if (homogeneous) kernels.rescale(y, points * units, exponents, flags);
        if (layer.hidden === undefined) return;
        if (homogeneous) refuseOverflow(kernels.ints(flags, lanes), members, layer.hidden);
        if (layer.vanishes) kernels.alivePoints(y, points, units, masks, counts);
        const view = laneViews(kernels, { layer, points, values: y, separated, masks: layer.vanishes ? masks : undefined });
        for (let lane = 0; lane < members; lane++) observer.observe(lane, view(lane));
      });
      observer.end();
    }
  };
}

/** The layers that matter for what is observed: up to the last hidden one. */
function fusedLayers(architecture: Architecture): FusedLayer[] {
  const shaped = inferShapes(architecture);
  const fused: FusedLayer[] = [];
  for (let l = 0; l < shaped.length; l++) {
    const { weights, parameters, layer } = shaped[l];
    const next: ShapedLayer | undefined = shaped[l + 1];
    if (!weights || parameters === undefined) continue;
    const law = layerInitialiser(layer).law?.(weights);
    if (law?.distribution !== "normal") throw new TypeError(`${shaped[l].path} is not for the kernels`);
    const follows = next?.layer.kind === "activation" ? next.layer.activation : "linear";
    const [name, parameter] = kernelActivation(follows);
    fused.push({
      parameters,
      inputs: weights.inputs,
      units: weights.outputs,
      weightScale: Math.sqrt(law.weightVariance / weights.inputs),
      biasScale: Math.sqrt(law.biasVariance),
      activation: name,
      parameter,
      hidden: next?.hidden,
      vanishes: canVanish(follows),
    });
  }
  while (fused.length > 0 && fused[fused.length - 1].hidden === undefined) fused.pop();
  return fused;
}

/** The kernels' name and parameter of an activation. */
function kernelActivation(text: string): [KernelActivation, number | undefined] {
  const [name, parameter] = activation(text).name.split(":");
  return [name as KernelActivation, parameter === undefined ? undefined : Number(parameter)];
}

/** Whether the kernels know an activation. */
export function isKernelActivation(text: string): boolean {
  return (kernelActivations as readonly string[]).includes(kernelActivation(text)[0]);
}

function layerStreams(roots: readonly Stream[], layer: number, purpose: number): Stream[] {
  return roots.map((root) => split(split(root, layer), purpose));
}

/** The values over a power of two near the largest, exactly. */
function normalised(values: Float64Array): Float64Array {
  const largest = values.reduce((size, value) => Math.max(size, Math.abs(value)), 0);
  if (largest === 0) return values;
  const scale = 2 ** -Math.max(-1000, Math.min(1000, Math.round(log2(largest))));
  return values.map((value) => value * scale);
}

/** Puts values that all networks share into every lane. */
function broadcast(kernels: EnsembleKernels, values: Float64Array): number {
  const out = kernels.allocate(4 * lanes * values.length);
  const mark = kernels.mark();
  const single = kernels.allocate(4 * values.length);
  kernels.floats(single, values.length).set(values);
  kernels.broadcast(single, values.length, out);
  kernels.release(mark);
  return out;
}

function refuseOverflow(flags: Int32Array, members: number, layer: number): void {
  if (flags.subarray(0, members).includes(rescaleFlags.notFinite))
    throw new NumericalError(
      `the activations of layer ${layer} overflow float32: use --method law, or a smaller weight variance`,
    );
}

/** Where a layer's values of a group of networks lie. */
interface GroupLayer {
  readonly layer: FusedLayer;
  readonly points: number;
  /** `[points][units][4]`. */
  readonly values: Address;
  /** Room for the same, `[4][points][units]`. */
  readonly separated: Address;
  /** `[points][4]`; absent where the activation never vanishes. */
  readonly masks?: Address;
}

/** What metrics see of each lane; the lanes are taken apart only if one is looked at. */
function laneViews(
  kernels: EnsembleKernels,
  { layer, points, values, separated, masks }: GroupLayer,
): (lane: number) => ObservedLayer {
  const { units, hidden = 0 } = layer;
  const count = points * units;
  let apart = false;
  return (lane) => ({
    layer: hidden,
    points,
    units,
    activations() {
      if (!apart) kernels.separate(values, count, separated);
      apart = true;
      return { rows: points, cols: units, data: kernels.floats(separated + 4 * count * lane, count) };
    },
    alive() {
      const result = new Uint8Array(points);
      if (masks === undefined) return result.fill(1);
      const interleaved = kernels.bytes(masks, lanes * points);
      for (let p = 0; p < points; p++) result[p] = interleaved[lanes * p + lane];
      return result;
    },
  });
}
