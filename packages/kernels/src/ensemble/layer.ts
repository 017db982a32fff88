import type { KernelActivation } from "../activation.js";
import type { Arena } from "../arena.js";
import { activationCode, defaultParameter } from "./activate.js";
import { type EntryLaw, lawCode } from "./draws.js";
import type { Address, MemoryViews } from "./memory.js";

/** A dense layer of four random networks with everything that is done to it; what is absent is not done. */
export interface KernelLayer {
  /** Values [points][inputs][4], and [points][units][4]. */
  readonly x: Address;
  readonly out: Address;
  readonly points: number;
  readonly inputs: number;
  readonly units: number;
  /** Four streams, one for each network: weights come from split(split(root, index), 0), biases from split(split(root, index), 1). */
  readonly roots: Address;
  /** Index of the layer among those with weights. */
  readonly index: number;
  /** Law of weights and biases; default `normal`. */
  readonly law?: EntryLaw;
  /** As in `RandomWeights`; no biases by default. */
  readonly scale: number;
  readonly biasScale?: number;
  /** Default `linear`. */
  readonly activation?: KernelActivation;
  readonly parameter?: number;
  /** What `rescale` gets. */
  readonly rescale?: RescaleResults;
  /** Values and tangents lie behind each other in `x` and `out`, as in `DenseOptions`; the tangents are always rescaled. */
  readonly tangents?: RescaleResults;
  /** Where `living` takes and leaves its own. */
  readonly living?: {
    readonly through: Address;
    readonly shares?: Address;
    readonly ratios: Address;
    readonly flags: Address;
  };
  /** `layerScratch(inputs, units)` bytes that layers may share. */
  readonly scratch: Address;
}

/** Where `rescale` keeps the exponents and leaves its flags, and its slack (default 0). */
export interface RescaleResults {
  readonly exponents: Address;
  readonly flags: Address;
  readonly slack?: number;
}

/** Dense layers as a whole, for engines. */
export interface LayerKernels {
  /** Bytes of scratch for a layer of these sizes. */
  readonly layerScratch: (inputs: number, units: number) => number;
  /** Writes a layer down, in newly allocated memory; what its addresses point to may change from call to call. */
  readonly defineLayer: (layer: KernelLayer) => Address;
  /** Makes one call of defined layers that run one after the other: `layer` of the first runs them all. */
  readonly chainLayers: (defined: readonly Address[]) => Address;
  /** Draws and runs a defined layer, and those chained to it: streams, biases, dense, activation, then `living` and `rescale` if asked for. */
  readonly layer: (defined: Address) => void;
}

export interface LayerModule {
  panelVectors(inputs: number, units: number): number;
  layerBytes(): number;
  chainLayer(address: number, next: number): void;
  layer(address: number): void;
}

/** `chainLayers` of a module. */
export function chained(module: Pick<LayerModule, "chainLayer">): LayerKernels["chainLayers"] {
  return (defined) => {
    for (let k = 0; k < defined.length; k++) module.chainLayer(defined[k], defined[k + 1] ?? 0);
    return defined[0];
  };
}

export function layerKernels(module: LayerModule, { allocate }: Arena, views: MemoryViews): LayerKernels {
  return {
    layerScratch: (inputs, units) => 16 * (module.panelVectors(inputs, units) + units + 9),
    defineLayer({ activation, parameter = defaultParameter(activation), biasScale = 0, ...layer }) {
      const { rescale, tangents, living } = layer;
      // In the order of the fields of Layer in assembly/ensemble/layer.ts.
      const sizes = [layer.x, layer.out, layer.points, layer.inputs, layer.units];
      const draws = [layer.roots, lawCode(layer.law), activationCode(activation)];
      const factors = [layer.scale, biasScale, parameter];
      const results = [
        ...[rescale?.exponents ?? 0, rescale?.flags ?? 0, rescale?.slack ?? 0],
        ...[tangents?.exponents ?? 0, tangents?.flags ?? 0, tangents?.slack ?? 0],
        ...[living?.through ?? 0, living?.shares ?? 0, living?.ratios ?? 0, living?.flags ?? 0],
      ];
      const address = allocate(module.layerBytes());
      views.doubles(address, 1).set([layer.index]);
      views.ints(address + 8, 8).set([...sizes, ...draws]);
      views.floats(address + 40, 3).set(factors);
      views.ints(address + 52, 12).set([layer.scratch, ...results, 0]);
      return address;
    },
    chainLayers: chained(module),
    layer: module.layer,
  };
}
