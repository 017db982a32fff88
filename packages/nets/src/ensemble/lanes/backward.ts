import type { Address, EnsembleKernels } from "@sonde/kernels";
import { layerInitialiser } from "../../layer-initialiser.js";
import { type ShapedLayer, size } from "../../shapes.js";
import type { KeptWeights } from "./kept-weights.js";
import { powerOfTwo } from "./power-of-two.js";
import type { RecordedLayer } from "./program.js";
import { softmaxGradientLanes } from "./softmax.js";
import { knownActivation } from "./support.js";
import { drawFrom, entryScales, type Step } from "./weighted.js";

/** Where the gradients of four networks lie, and (int32 [4]) the powers of two taken out of them. */
export interface GradientPlace {
  readonly values: Address;
  readonly exponents: Address;
}

/** The gradient by a layer's weights, and (int32 [4] each) the exponents of the values and of the gradients that it is made of. */
export interface WeightGradientPlace {
  readonly values: Address;
  readonly count: number;
  readonly exponents: readonly [Address, Address];
}

export interface BackwardOptions {
  readonly kernels: EnsembleKernels;
  readonly points: number;
  /** Four streams, one for each network. */
  readonly roots: Address;
  readonly kept: KeptWeights;
  /** What is done with the gradient at the output of a layer. */
  readonly observe: (shaped: ShapedLayer, place: GradientPlace, weights?: WeightGradientPlace) => Step;
  /** Called after every step with `rescaleFlags` [4]. */
  readonly check: (flags: Address) => void;
}

/** Powers of two by which a lane's largest gradient may leave 1 before it is brought back. */
const slack = 30;

/**
 * The steps that carry the gradient at the output of recorded layers, at `start`, back to their input; what lies at `start` stays as it is. Gradients alternate between two
 * buffers for every depth of nesting, and powers of two are taken out of them after every layer: they are linear in the errors.
 */
export function compileBackward(
  records: readonly RecordedLayer[],
  start: GradientPlace,
  options: BackwardOptions,
): { steps: Step[]; result: GradientPlace } {
  const { kernels, points, roots, kept, observe, check } = options;
  const steps: Step[] = [];
  const flags = kernels.allocate(16);
  const streams = kernels.allocate(64);
  const largest = largestValues(records);
  const mostWeights = largestWeights(records);
  const [weights, dw] = [0, 1].map(() => kernels.allocate(16 * mostWeights));
  /** Two buffers to alternate between, and one for what goes into a branch of a block. */
  const buffersAt: Address[][] = [];

  /** The weights of a layer: kept, or drawn again. */
  const weightsOf = (shaped: ShapedLayer): { values: Address; ready: Step | undefined } => {
    const own = kept.of(shaped);
    if (own) return { values: own.weights, ready: undefined };
    const { layer, weights: shape, parameters = 0, path } = shaped;
    const law = shape && layerInitialiser(layer).law?.(shape);
    if (!law) throw new TypeError(`${path} has weights that are neither independent nor kept`);
    const { scale } = entryScales(law, shape);
    const count = size(shape.kernel) * shape.inputs * shape.outputs;
    const ready = () => {
      drawFrom(kernels, roots, parameters, 0, streams);
      kernels.fillLanes({ streams, law: law.distribution, scale }, 0, count, weights);
    };
    return { values: weights, ready };
  };

  const list = (recorded: readonly RecordedLayer[], arriving: GradientPlace, depth: number): GradientPlace => {
    const exponents = depth === 0 ? arriving.exponents : kernels.allocate(16);
    if (depth > 0) steps.push(() => kernels.ints(exponents, 4).set(kernels.ints(arriving.exponents, 4)));
    buffersAt[depth] ??= [0, 1, 2].map(() => kernels.allocate(16 * points * (largest[depth] ?? 1)));
    const buffers = buffersAt[depth].slice(0, 2);
    let values = arriving.values;
    const other = (): Address => (values === buffers[0] ? buffers[1] : buffers[0]);
    const own = (count: number): Address => {
      if (buffers.includes(values)) return values;
      const [from, to, bytes] = [values, buffers[0], 16 * count];
      steps.push(() => kernels.bytes(to, bytes).set(kernels.bytes(from, bytes)));
      values = to;
      return to;
    };
    const settle = (count: number): void => {
      const at = values;
      steps.push(() => {
        kernels.rescale(at, count, exponents, flags, slack);
        check(flags);
      });
    };

    for (const { shaped, x, exponents: ofX, y, windows, branches } of [...recorded].reverse()) {
      const { layer, input: from, output: to } = shaped;
      const count = points * size(from);
      const channels = from[from.length - 1];
      const positions = size(from) / channels;
      const here = { values, exponents };
      const dy = values;
      if (!shaped.weights) steps.push(observe(shaped, here));
      switch (layer.kind) {
        case "dense":
        case "embedding":
        case "conv": {
          const { kernel, inputs, outputs } = shaped.weights as NonNullable<ShapedLayer["weights"]>;
          const { values: w, ready } = weightsOf(shaped);
          if (ready) steps.push(ready);
          const out = other();
          const seen = { values: dw, count: size(kernel) * inputs * outputs, exponents: [ofX, exponents] } as const;
          if (windows) {
            const sizes = { ...windows, units: outputs };
            steps.push(() => kernels.convWeightGradient(x, dy, sizes, dw), observe(shaped, here, seen));
            steps.push(() => kernels.convInputGradient(dy, sizes, w, out));
          } else {
            const sizes = { points: (points * size(to)) / outputs, inputs, units: outputs };
            steps.push(() => kernels.weightGradient(x, dy, sizes, dw), observe(shaped, here, seen));
            steps.push(() => kernels.inputGradient(dy, sizes, w, out));
          }
          values = out;
          break;
        }
        case "activation": {
          const at = own(count);
          const { activation, parameter } = knownActivation(layer.activation);
          steps.push(() => kernels.activationGradient(x, at, count, activation, parameter));
          break;
        }
        case "norm": {
          const { gamma = 1 } = layer;
          const dz = gamma === 1 ? dy : own(count);
          if (gamma !== 1) steps.push(() => kernels.affine(dz, count, gamma, 0));
          const out = other();
          const sizes = { points, positions, channels };
          steps.push(() => kernels.normGradient(x, layer.norm, sizes, { z: y, dz, dx: out }, { epsilon: layer.epsilon }));
          values = out;
          break;
        }
        case "pool": {
          if (!windows) throw new TypeError(`${shaped.path} pools without windows`);
          const out = other();
          steps.push(() => kernels.poolGradient(x, dy, layer.pool, windows, out));
          values = out;
          break;
        }
        case "residual":
        case "concat": {
          const out = other();
          block(shaped, branches, here, out, depth);
          values = out;
          break;
        }
        case "softmax": {
          const at = own(count);
          steps.push(() => softmaxGradientLanes(kernels.floats(y, 4 * count), kernels.floats(at, 4 * count), channels));
          break;
        }
        case "flatten":
          break;
      }
      if (layer.kind !== "flatten") settle(count);
    }
    return { values, exponents };
  };

  /** Carries the gradient at a block's end, which stays, back through its branches, and adds up at `out` what comes through each. */
  const block = (
    { join, input, output, path }: ShapedLayer,
    branches: RecordedLayer["branches"],
    arriving: GradientPlace,
    out: Address,
    depth: number,
  ): void => {
    if (!join) throw new TypeError(`${path} is no block`);
    const count = points * size(input);
    const channels = output[output.length - 1];
    const places = (points * size(output)) / channels;
    const total = kernels.allocate(16);
    /** What arrives at the end of branch k. */
    const partOf = (k: number): GradientPlace => {
      if (join.kind === "sum") return times(arriving, places * channels, join.factors[k], depth);
      const first = join.channels.slice(0, k).reduce((sum, own) => sum + own, 0);
      const to = buffersAt[depth][2];
      steps.push(() => kernels.takeChannels(arriving.values, channels, first, join.channels[k], places, to));
      return { values: to, exponents: arriving.exponents };
    };
    // The last branch first, as everything on the way back.
    for (let k = branches.length - 1; k >= 0; k--) {
      const through = list(branches[k], partOf(k), depth + 1);
      if (k === branches.length - 1)
        steps.push(() => {
          kernels.bytes(out, 16 * count).set(kernels.bytes(through.values, 16 * count));
          kernels.ints(total, 4).set(kernels.ints(through.exponents, 4));
        });
      else steps.push(() => kernels.add(out, through.values, count, total, through.exponents));
    }
    steps.push(() => kernels.ints(arriving.exponents, 4).set(kernels.ints(total, 4)));
  };

  /** A gradient times a factor, whose power of two goes to the exponents; the gradient itself stays. */
  const times = (arriving: GradientPlace, count: number, factor: number, depth: number): GradientPlace => {
    if (factor === 1) return arriving;
    const { shift, rest } = powerOfTwo(factor);
    const place = { values: buffersAt[depth][2], exponents: kernels.allocate(16) };
    steps.push(() => {
      kernels.bytes(place.values, 16 * count).set(kernels.bytes(arriving.values, 16 * count));
      kernels.affine(place.values, count, rest, 0);
      kernels.ints(place.exponents, 4).set(kernels.ints(arriving.exponents, 4).map((exponent) => exponent + shift));
    });
    return place;
  };

  return { result: list(records, start, 0), steps };
}

/** The most values that a point has before or after a layer, at every depth of nesting. */
function largestValues(records: readonly RecordedLayer[]): number[] {
  const largest: number[] = [];
  const visit = (recorded: readonly RecordedLayer[], depth: number): void => {
    for (const { shaped, branches } of recorded) {
      largest[depth] = Math.max(largest[depth] ?? 1, size(shaped.input), size(shaped.output));
      for (const branch of branches) visit(branch, depth + 1);
    }
  };
  visit(records, 0);
  return largest;
}

function largestWeights(records: readonly RecordedLayer[]): number {
  return records.reduce((most, { shaped: { weights }, branches }) => {
    const own = weights ? size(weights.kernel) * weights.inputs * weights.outputs : 1;
    return Math.max(most, own, largestWeights(branches.flat()));
  }, 1);
}
