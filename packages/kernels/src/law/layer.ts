import type { Arena } from "../arena.js";
import { activationCode, defaultParameter } from "../ensemble/activate.js";
import { chained, type KernelLayer, type LayerKernels } from "../ensemble/layer.js";
import type { Address, MemoryViews } from "../ensemble/memory.js";

/** A dense layer of four random networks in law, with everything that is done to it: a `KernelLayer` whose biases are normal. */
export interface LawLayer extends Omit<KernelLayer, "law"> {
  /** Orthogonal weights of gain `scale`; default false: normal weights of standard deviation `scale`. */
  readonly orthogonal?: boolean;
}

export interface LawLayerKernels extends Pick<LayerKernels, "layer" | "chainLayers"> {
  /** Bytes of scratch for a layer of these sizes; `points` counts tangents too. */
  readonly layerScratch: (inputs: number, units: number, points: number) => number;
  /** Writes a layer down, in newly allocated memory; what its addresses point to may change from call to call. */
  readonly defineLayer: (layer: LawLayer) => Address;
}

export interface LawLayerModule {
  layerBytes(): number;
  layerScratch(points: number, inputs: number, units: number): number;
  chainLayer(address: number, next: number): void;
  layer(address: number): void;
}

export function lawLayerKernels(module: LawLayerModule, { allocate }: Arena, views: MemoryViews): LawLayerKernels {
  return {
    layerScratch: (inputs, units, points) => module.layerScratch(points, inputs, units),
    defineLayer({ activation, parameter = defaultParameter(activation), biasScale = 0, orthogonal = false, ...layer }) {
      const { rescale, tangents, living } = layer;
      // In the order of the fields of Layer in assembly/law/layer.ts.
      const sizes = [layer.x, layer.out, layer.points, layer.inputs, layer.units];
      const draws = [layer.roots, Number(orthogonal), activationCode(activation), layer.scratch];
      const results = [
        ...[rescale?.exponents ?? 0, rescale?.flags ?? 0, rescale?.slack ?? 0],
        ...[tangents?.exponents ?? 0, tangents?.flags ?? 0, tangents?.slack ?? 0],
        ...[living?.through ?? 0, living?.shares ?? 0, living?.ratios ?? 0, living?.flags ?? 0],
      ];
      const address = allocate(module.layerBytes());
      views.doubles(address, 4).set([layer.index, layer.scale, biasScale, parameter]);
      views.ints(address + 32, 20).set([...sizes, ...draws, ...results, 0]);
      return address;
    },
    chainLayers: chained(module),
    layer: module.layer,
  };
}
