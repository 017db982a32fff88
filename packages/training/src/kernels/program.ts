import type { KernelActivation } from "@sonde/kernels/trainer";
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

/** Where the trained parameters of a layer begin among a network's. */
interface ProgramWeights {
  readonly weights: number;
  readonly trainsBiases: boolean;
}

/** One operation on values. */
export type ProgramLayer = { readonly x: number; readonly y: number } & (
  | ({
      readonly kind: "dense";
      readonly activation: KernelActivation;
      readonly parameter?: number;
    } & ProgramWeights)
  | { readonly kind: "activation"; readonly activation: KernelActivation; readonly parameter?: number }
  | {
      readonly kind: "norm";
      readonly norm: "batch" | "layer" | "rms";
      readonly epsilon: number;
      readonly shift: { readonly gamma: number; readonly beta: number } | ProgramWeights;
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
export function programOf(plan: Pick<TrainingPlan, "architecture" | "trainBiases" | "trainNorms">): Program {
  const { architecture, trainBiases } = plan;
  const { blocks } = parameterBlocks(plan);
  const ofNorms = blocks.filter(({ norm }) => norm);
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
      const { layer, output, parameters = 0, norm: number = 0, branches, join } = shaped[k];
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
          const own = ofNorms[number];
          const shift = own ? { weights: own.start, trainsBiases: trainBiases } : { gamma, beta };
          layers.push({ kind: "norm", x, y, norm, epsilon, shift });
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

/** What the kernels call an activation that they are sure to know. */
function knownActivation(text: string) {
  const known = kernelActivation(text);
  if (!known) throw new TypeError(`the kernels do not know the activation ${text}`);
  return known;
}
