import type { Address, Arrival, KernelActivation, TrainerKernels, TrainerOperation } from "@sonde/kernels/trainer";
import { inferShapes, kernelActivation, type ShapedLayer, size } from "@sonde/nets";
import { parameterBlocks } from "../parameters.js";
import type { TrainingPlan } from "../plan.js";

/** What a network does, layer by layer, before anything has a place: values are numbered, 0 being the input. */
export interface Program {
  /** The units of every value. */
  readonly values: readonly number[];
  readonly layers: readonly ProgramLayer[];
  readonly output: number;
}

/** One operation on values. */
export type ProgramLayer = { readonly x: number; readonly y: number } & (
  | {
      readonly kind: "dense";
      readonly weights: number;
      readonly trainsBiases: boolean;
      readonly activation: KernelActivation;
      readonly parameter?: number;
    }
  | { readonly kind: "activation"; readonly activation: KernelActivation; readonly parameter?: number }
  | {
      readonly kind: "norm";
      readonly norm: "batch" | "layer" | "rms";
      readonly epsilon: number;
      readonly gamma: number;
      readonly beta: number;
    }
  | { readonly kind: "add"; readonly x2: number; readonly factors: readonly [number, number] }
  | { readonly kind: "concat"; readonly x2: number }
  | { readonly kind: "softmax" }
);

/** Why the kernels cannot train a layer, blocks included: `undefined` if they can. */
export function whyNotInKernels(layers: readonly ShapedLayer[]): string | undefined {
  for (const { layer, input, path, branches } of layers) {
    if (layer.kind === "conv" || layer.kind === "pool") return `${path} is a ${layer.kind} layer`;
    if (layer.kind === "activation" && !kernelActivation(layer.activation))
      return `${path} has the activation ${layer.activation}`;
    if (layer.kind !== "flatten" && layer.kind !== "activation" && input.length > 1) return `${path} works at several positions`;
    const inside = branches.map(whyNotInKernels).find((reason) => reason !== undefined);
    if (inside) return inside;
  }
  return undefined;
}

/** The operations of a plan's networks; an activation right after weights is part of theirs. */
export function programOf({ architecture, trainBiases }: Pick<TrainingPlan, "architecture" | "trainBiases">): Program {
  const { blocks } = parameterBlocks(architecture);
  const values = [size(architecture.input)];
  const layers: ProgramLayer[] = [];
  const made = (units: number) => values.push(units) - 1;

  /** The ends of a block's branches brought together, two at a time. */
  const joined = (ends: readonly number[], join: ShapedLayer["join"]): number =>
    ends.reduce((x, x2, k) => {
      const sum = join?.kind === "sum" ? join.factors : undefined;
      const y = made(sum ? values[x] : values[x] + values[x2]);
      if (sum) layers.push({ kind: "add", x, x2, y, factors: [k === 1 ? sum[0] : 1, sum[k]] });
      else layers.push({ kind: "concat", x, x2, y });
      return y;
    });

  const list = (shaped: readonly ShapedLayer[], start: number): number => {
    let x = start;
    for (let k = 0; k < shaped.length; k++) {
      const { layer, output, parameters = 0, branches, join } = shaped[k];
      switch (layer.kind) {
        case "dense":
        case "embedding": {
          const next = shaped[k + 1]?.layer;
          const y = made(size(output));
          const { start: weights, embedding } = blocks[parameters];
          const follows = next?.kind === "activation" ? knownActivation(next.activation) : { activation: "linear" as const };
          layers.push({ kind: "dense", x, y, weights, trainsBiases: trainBiases && !embedding, ...follows });
          if (next?.kind === "activation") k++;
          x = y;
          break;
        }
        case "activation": {
          const y = made(size(output));
          layers.push({ kind: "activation", x, y, ...knownActivation(layer.activation) });
          x = y;
          break;
        }
        case "norm": {
          const { norm, epsilon = 1e-3, gamma = 1, beta = 0 } = layer;
          const y = made(size(output));
          layers.push({ kind: "norm", x, y, norm, epsilon, gamma, beta });
          x = y;
          break;
        }
        case "softmax": {
          const y = made(size(output));
          layers.push({ kind: "softmax", x, y });
          x = y;
          break;
        }
        case "residual":
        case "concat": {
          const start = x;
          x = joined(
            branches.map((branch) => list(branch, start)),
            join,
          );
          break;
        }
        case "flatten":
          break;
        default:
          throw new TypeError(`the kernels cannot train a ${layer.kind} layer`);
      }
    }
    return x;
  };
  const output = list(inferShapes(architecture), 0);
  return { values, layers, output };
}

/** Bytes that the values of one point take, gradients included, at most. */
export function pointBytes({ values, layers }: Program): number {
  const kept = values.reduce((sum, units) => sum + units, 0);
  const inner = layers.reduce((sum, layer) => sum + (keepsSlopes(layer) ? values[layer.y] : 0), 0);
  return 16 * (kept + inner + 3 * widest({ values }));
}

function widest({ values }: Pick<Program, "values">): number {
  return values.reduce((most, units) => Math.max(most, units), 1);
}

/** Whether a layer keeps the slopes of its activation. */
function keepsSlopes(layer: ProgramLayer): boolean {
  return "activation" in layer && layer.activation !== "linear" && layer.activation !== "relu";
}

/** The operations with everything in its place, for so many points at a time. */
export function place(
  kernels: TrainerKernels,
  { values, layers, output }: Program,
  block: number,
): { readonly operations: TrainerOperation[]; readonly x: Address; readonly y: Address; readonly dy: Address } {
  const room = (units: number) => kernels.allocate(16 * block * units);
  const at = values.map(room);
  const trained = trainedValues({ values, layers });
  const gradients = gradientRooms(values, room);
  const dy = gradients.of(output);

  /** Where the gradient by an operand goes; the later an operand is used, the earlier on the way back it gets one. */
  const arrival = (value: number): Arrival | undefined => {
    if (!trained[value]) return undefined;
    const adds = gradients.has(value);
    return { at: gradients.of(value), adds };
  };
  const operations = [...layers].reverse().map((layer): TrainerOperation => {
    const { x, y } = layer;
    const common = { x: at[x], inputs: values[x], y: at[y], units: values[y], dy: trained[y] ? gradients.of(y) : 0 };
    const dx = arrival(x);
    const second = layer.kind === "add" || layer.kind === "concat" ? { x2: at[layer.x2], dx2: arrival(layer.x2) } : {};
    gradients.free(y);
    const { x: _x, y: _y, ...own } = layer;
    return {
      ...own,
      ...common,
      ...(dx && { dx }),
      ...second,
      ...(keepsSlopes(layer) && { slopes: room(values[y]) }),
    } as TrainerOperation;
  });
  return { operations: operations.reverse(), x: at[0], y: at[output], dy };
}

/** Which values depend on parameters, so that a gradient by them is of use. */
function trainedValues({ values, layers }: Pick<Program, "values" | "layers">): boolean[] {
  const trained = values.map(() => false);
  for (const layer of layers) {
    const second = layer.kind === "add" || layer.kind === "concat" ? trained[layer.x2] : false;
    trained[layer.y] = layer.kind === "dense" || trained[layer.x] || second;
  }
  return trained;
}

/** Room for the gradients by values, which is used again once a gradient has gone further. */
function gradientRooms(values: readonly number[], room: (units: number) => Address) {
  const owned = new Map<number, Address>();
  const free = new Map<number, Address[]>();
  return {
    has: (value: number) => owned.has(value),
    of(value: number): Address {
      const units = values[value];
      const found = owned.get(value) ?? free.get(units)?.pop() ?? room(units);
      owned.set(value, found);
      return found;
    },
    free(value: number): void {
      const units = values[value];
      const [address] = [owned.get(value)].filter((one) => one !== undefined);
      owned.delete(value);
      if (address !== undefined) free.set(units, [...(free.get(units) ?? []), address]);
    },
  };
}

/** What the kernels call an activation that they are sure to know. */
function knownActivation(text: string) {
  const known = kernelActivation(text);
  if (!known) throw new TypeError(`the kernels do not know the activation ${text}`);
  return known;
}
