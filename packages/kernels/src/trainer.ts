import type { KernelActivation } from "./activation.js";
import { type Arena, arena } from "./arena.js";
import { activationCode, defaultParameter } from "./ensemble/activate.js";
import { type Address, type MemoryViews, memoryViews } from "./ensemble/memory.js";
import { type KernelNorm, kernelNorms } from "./ensemble/norm.js";
import { wasm } from "./generated/trainer-wasm.js";
import { compile, instantiate, type WasmMemory } from "./instantiate.js";
import { withNative } from "./native.js";

export type { KernelActivation } from "./activation.js";
export { MemoryLimitError } from "./arena.js";
export type { Address } from "./ensemble/memory.js";
export type { KernelNorm } from "./ensemble/norm.js";

/** Where the gradient by some values is to be left, or added to what is there. */
export interface Arrival {
  readonly at: Address;
  readonly adds: boolean;
}

interface Values {
  /** What goes in, [points][inputs][4], and what comes out, [points][units][4], for a block of points. */
  readonly x: Address;
  readonly inputs: number;
  readonly y: Address;
  readonly units: number;
  /** The gradient by `y`, which is changed, 0 if there is none, and where that by `x` goes, absent if nobody asks for it. */
  readonly dy: Address;
  readonly dx?: Arrival;
}

interface Weights {
  /** Number of its first weight, row-major, among a network's parameters; its biases follow them. */
  readonly weights: number;
  readonly trainsBiases: boolean;
}

interface Activating {
  readonly activation: KernelActivation;
  readonly parameter?: number;
  /** Room for the activation's slopes, [points][units][4]; `linear` and `relu` need none. */
  readonly slopes?: Address;
}

interface Second {
  readonly x2: Address;
  readonly dx2?: Arrival;
}

/** A layer of four networks. */
export type TrainerOperation =
  | (Values & {
      readonly kind: "dense";
    } & Weights &
      Activating)
  | (Values & { readonly kind: "activation" } & Activating)
  /** y = gamma norm(x) + beta, or unit by unit. */
  | (Values & {
      readonly kind: "norm";
      readonly norm: KernelNorm;
      readonly epsilon: number;
      /** Constants, or a scale and a shift for each unit that are trained, with room for the values before them, [points][units][4]. */
      readonly shift: { readonly gamma: number; readonly beta: number } | ({ readonly normalised: Address } & Weights);
    })
  /** y = a x + b x2. */
  | (Values & { readonly kind: "add"; readonly factors: readonly [number, number] } & Second)
  /** y = (x, x2) along the units. */
  | (Values & { readonly kind: "concat" } & Second)
  /** y = e^x / sum of e^x over the units. */
  | (Values & { readonly kind: "softmax" });

/** The losses and optimisers that the kernels know, in the order of the codes in assembly/trainer. */
const losses = ["mse", "mae", "huber", "cross-entropy"] as const;
const optimizers = ["sgd", "momentum", "nesterov", "rmsprop", "adam"] as const;

export type KernelLoss = (typeof losses)[number];
export type KernelOptimizer = (typeof optimizers)[number];

/** How networks are trained, and where everything lies. */
export interface TrainerLayout {
  readonly operations: readonly TrainerOperation[];
  /** Groups of four networks. */
  readonly groups: number;
  /** Parameters of one network. */
  readonly parameters: number;
  /** [groups][1 + slots][parameters][4]: the parameters, then what the optimiser remembers of them. */
  readonly states: Address;
  readonly slots: number;
  /** Room for the gradients [parameters][4]; if updates are made on the way back, for those of the largest layer. */
  readonly gradients: Address;
  /** Every layer is updated as soon as its gradient is known: for batches of one block and no `clip`. */
  readonly updatesAtOnce: boolean;
  /** Points that go forward and back together. */
  readonly block: number;
  /** Where the points of a block go, the values of the outputs and the gradient by them. */
  readonly x: Address;
  readonly inputs: number;
  readonly y: Address;
  readonly dy: Address;
  readonly outputs: number;
  /** Room for a block's widest values, and `scratchBytes` for every dense layer. */
  readonly spare: Address;
  readonly scratch: Address;
  /** Room for the steps of one call, 16 bytes each. */
  readonly table: Address;
  /** Points of every batch: [steps][batch][inputs] if all networks see the same, else [steps][groups][batch][inputs][4]; targets likewise. */
  readonly shared: boolean;
  readonly batch: number;
  readonly batchInputs: Address;
  readonly batchTargets: Address;
  /** Targets of a point: one for each output, or its class, counted from 0. */
  readonly targets: number;
  readonly loss: KernelLoss;
  readonly delta?: number;
  /** Float64 [groups][4]: where the losses of the last step are left. */
  readonly losses: Address;
  readonly optimizer: KernelOptimizer;
  /** Momentum, alpha or beta1, and beta2. */
  readonly decays: readonly [number, number];
  readonly epsilon: number;
  readonly l2: number;
  readonly decaysBiases: boolean;
  /** The largest norm of a gradient. */
  readonly clip?: number;
}

/** What changes from step to step. */
export interface TrainerStep {
  readonly points: number;
  /** The rate; of `adam` over 1 - beta1^t. */
  readonly rate: number;
  /** Of `adam` 1 / sqrt(1 - beta2^t). */
  readonly root: number;
  /** What parameters that decay are multiplied by. */
  readonly keep: number;
}

/** One instance of the trainer with its own memory. Four networks are interleaved: lane k of a vector belongs to network k. */
export interface TrainerKernels extends Arena, MemoryViews {
  /** Bytes of scratch for a dense layer of these sizes. */
  readonly scratchBytes: (inputs: number, units: number) => number;
  /** Writes a layout down, in newly allocated memory. */
  readonly define: (layout: TrainerLayout) => Address;
  /** Does these steps with all groups; their batches lie where the layout says. */
  readonly train: (defined: Address, layout: TrainerLayout, steps: readonly TrainerStep[]) => void;
  /** The same for one step, block of points by block, with a pause between them: a step that is not taken to its end has changed no network, unless layers are updated at once. */
  readonly trainBlocks: (defined: Address, layout: TrainerLayout, step: TrainerStep) => Generator<void, void>;
  /** out [points][outputs][4] = the outputs of one group for `x` [points][inputs], the same for all networks. */
  readonly evaluate: (defined: Address, group: number, x: Address, points: number, out: Address) => void;
  /** Takes the lanes of [count][4] values apart: out is [4][count] and does not overlap them. */
  readonly separate: (values: Address, count: number, out: Address) => void;
}

interface TrainerModule {
  readonly memory: WasmMemory;
  heapBase(): number;
  panelVectors(inputs: number, units: number): number;
  separateLanes(values: number, count: number, out: number): void;
  operationBytes(): number;
  trainerBytes(): number;
  train(trainer: number, steps: number): void;
  trainBlock(trainer: number, group: number, first: number): void;
  evaluate(trainer: number, group: number, x: number, points: number, out: number): void;
}

let module: object | undefined;

/** A new instance of the trainer. Throws `MemoryLimitError` from `allocate` and `define` beyond `memoryLimit` bytes, default and most 2^30. */
export function trainerKernels({ memoryLimit = 2 ** 30 }: { readonly memoryLimit?: number } = {}): TrainerKernels {
  module ??= compile(wasm);
  const instance = withNative("trainer", instantiate<TrainerModule>(module));
  const heap = arena(instance.memory, instance.heapBase(), Math.min(memoryLimit, 2 ** 30));
  const views = memoryViews(instance.memory);
  const write = (address: Address, fields: readonly Field[]): void => {
    const [ints, floats] = [views.ints(address, fields.length), views.floats(address, fields.length)];
    fields.forEach((field, k) => {
      if (typeof field === "object") floats[k] = field.real;
      else ints[k] = Number(field);
    });
  };
  const writeSteps = (table: Address, steps: readonly TrainerStep[]) =>
    steps.forEach(({ points, rate, root, keep }, k) => {
      write(table + 16 * k, [points, { real: rate }, { real: root }, { real: keep }]);
    });
  return {
    ...heap,
    ...views,
    scratchBytes: (inputs, units) => 16 * instance.panelVectors(inputs, units),
    define(layout) {
      const bytes = instance.operationBytes();
      const operations = heap.allocate(bytes * layout.operations.length);
      const trainer = heap.allocate(instance.trainerBytes());
      layout.operations.forEach((operation, k) => {
        write(operations + bytes * k, operationFields(operation));
      });
      write(trainer, trainerFields(operations, layout));
      return trainer;
    },
    train(defined, { table }, steps) {
      writeSteps(table, steps);
      instance.train(defined, steps.length);
    },
    *trainBlocks(defined, { table, groups, block }, step) {
      writeSteps(table, [step]);
      for (let group = 0; group < groups; group++)
        for (let first = 0; first < step.points; first += block) {
          if (group + first > 0) yield;
          instance.trainBlock(defined, group, first);
        }
    },
    evaluate: instance.evaluate,
    separate: instance.separateLanes,
  };
}

/** A field of a record: a whole number, a flag or a float32. */
type Field = number | boolean | { readonly real: number };

const kinds: readonly TrainerOperation["kind"][] = ["dense", "activation", "norm", "add", "concat", "softmax"];

/** In the order of the fields of Operation in assembly/trainer/records.ts. */
function operationFields(operation: TrainerOperation): Field[] {
  const { kind, x, inputs, y, units, dy, dx } = operation;
  const second = kind === "add" || kind === "concat" ? operation : undefined;
  const norm = kind === "norm" ? operation : undefined;
  const constants = norm && "gamma" in norm.shift ? norm.shift : undefined;
  const trained = norm && "weights" in norm.shift ? norm.shift : undefined;
  const weights: Weights | undefined = kind === "dense" ? operation : trained;
  const [a, b] = kind === "add" ? operation.factors : [constants?.gamma ?? 1, constants?.beta ?? 0];
  const activating: Partial<Activating> = kind === "dense" || kind === "activation" ? operation : {};
  const { activation, parameter = defaultParameter(activation), slopes = 0 } = activating;
  return [
    ...[kinds.indexOf(kind), x, inputs, y, units, trained?.normalised ?? slopes],
    ...[dy, dx?.at ?? 0, dx?.adds ?? false],
    ...[second?.x2 ?? 0, second?.dx2?.at ?? 0, second?.dx2?.adds ?? false],
    norm ? kernelNorms.indexOf(norm.norm) : activationCode(activation),
    ...[norm?.epsilon ?? parameter, a, b].map((real) => ({ real })),
    ...[weights?.weights ?? 0, weights ? (norm ? 1 : inputs) * units : 0, weights?.trainsBiases ?? false],
  ];
}

/** In the order of the fields of Trainer in assembly/trainer/records.ts. */
function trainerFields(operations: Address, layout: TrainerLayout): Field[] {
  const { groups, parameters, states, slots, gradients, updatesAtOnce, block, x, inputs, y, dy, outputs } = layout;
  const [first, second] = layout.decays;
  return [
    ...[operations, layout.operations.length, groups, parameters, states, slots, gradients, updatesAtOnce, block],
    ...[x, inputs, y, dy, outputs, layout.spare, layout.scratch],
    ...[layout.table, layout.shared, layout.batch, layout.batchInputs, layout.batchTargets, layout.targets],
    ...[losses.indexOf(layout.loss), { real: layout.delta ?? 1 }, layout.losses],
    optimizers.indexOf(layout.optimizer),
    ...[first, 1 - first, second, 1 - second, layout.epsilon, layout.l2].map((real) => ({ real })),
    layout.decaysBiases,
    { real: layout.clip ?? 0 },
  ];
}
