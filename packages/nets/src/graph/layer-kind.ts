import type { Reals } from "@sonde/core";
import type { LayerShape } from "@sonde/init";
import type { GraphNode } from "./graph.js";
import type { Tensor } from "./tensor.js";

/** Weights of one role, whose values are read when they are needed: those of large models are not all held at once. */
export interface WeightTensor {
  readonly shape: readonly number[];
  /** `count` values from `start` on, row-major; by default all. */
  readonly values: (start?: number, count?: number) => Reals;
}

/** The weights of a layer by what they are: `weight`, `bias`, `scale` and so on. */
export type Weights = Readonly<Record<string, WeightTensor | undefined>>;

/** Weights that a layer needs: their shape, and how they begin. */
export interface WeightSpec {
  readonly shape: readonly number[];
  /** A constant; or drawn by an initialiser as the weights or the bias of a layer, `layout` being the order of its axes; or given with the description, and never drawn. */
  readonly begin:
    | { readonly kind: "constant"; readonly value: number }
    | { readonly kind: "weights"; readonly fans: LayerShape; readonly layout: WeightLayout }
    | { readonly kind: "bias"; readonly fans: LayerShape }
    | { readonly kind: "given" };
}

/** `inputs-last`: [outputs, inputs, ...kernel] (PyTorch); `outputs-last`: [...kernel, inputs, outputs] (Keras, and Sonde's lists). */
export type WeightLayout = "inputs-last" | "outputs-last";

/** What comes back through a layer: by its inputs (absent for those without a gradient), and by its weights. */
interface LayerError {
  readonly inputs: readonly (Tensor | undefined)[];
  readonly weights?: Readonly<Record<string, Tensor>>;
}

type Shape = readonly number[];

/**
 * Everything that Sonde knows of a kind of layer: one file each. Shapes have all axes, that of the points too. Sizes are trusted in `forward` and `gradient`: they were checked with the shapes.
 */
export interface LayerKind<Layer> {
  /** How many inputs it takes, the fewest and the most; default one. */
  readonly takes?: readonly [number, number];
  /** Shape of what it puts out; throws `ShapeError` where it cannot take what arrives. */
  readonly shape: (layer: Layer, inputs: readonly Shape[]) => Shape;
  /** The weights that it takes, those that it may go without included; absent for layers without. */
  readonly weights?: (layer: Layer, inputs: readonly Shape[]) => Readonly<Record<string, WeightSpec>>;
  /** The meaning of the layer in float64. */
  readonly forward: (layer: Layer, inputs: readonly Tensor[], weights: Weights) => Tensor;
  /** The vector-Jacobian product: the derivative of <error, output> by inputs and weights. Absent for layers that are measured only. */
  readonly gradient?: (layer: Layer, passed: Passed) => LayerError;
  /** Multiplications of a pass, where they are many. */
  readonly work?: (layer: Layer, inputs: readonly Shape[], output: Shape) => number;
}

/** What a layer was given and made of it on the way forward, and the error that arrived at its output. */
interface Passed {
  readonly inputs: readonly Tensor[];
  readonly weights: Weights;
  readonly output: Tensor;
  readonly error: Tensor;
}

/** A kind of layer that others make up: attention with its projections. Its last part bears its name. */
export interface CompositeKind<Layer> {
  readonly parts: (layer: Layer, name: string, inputs: readonly string[], shapes: readonly Shape[]) => readonly GraphNode[];
}
