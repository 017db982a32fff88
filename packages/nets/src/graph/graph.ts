import type { GraphLayer } from "./kinds/list.js";

/**
 * A network as a graph: named layers, each of which takes the outputs of others. Plain data, fit for JSON; the list of an `Architecture` is its short form, see `toGraph`.
 *
 * Shapes have all axes, that of the points too, wherever it stands: a graph is of so many points.
 */
export interface Graph {
  readonly inputs: readonly GraphInput[];
  /** In an order in which they can be computed. */
  readonly nodes: readonly GraphNode[];
  /** Names of the layers, or inputs, that come out. */
  readonly outputs: readonly string[];
  readonly name?: string;
}

export interface GraphInput {
  readonly name: string;
  readonly shape: readonly number[];
  /** Where inputs are whole numbers from 0, such as words: how many there are. */
  readonly entries?: number;
}

/** A layer of a graph: its description, and where it stands. */
export type GraphNode = {
  /** Unique; what other layers name as their input. */
  readonly name: string;
  /** Names of the inputs or layers that it takes, in order. */
  readonly inputs: readonly string[];
  /** The name that people know it by, such as `layer2.0.conv1`; default its name. */
  readonly module?: string;
  /** Weights that it goes without, such as `bias`. */
  readonly without?: readonly string[];
} & GraphLayer;
