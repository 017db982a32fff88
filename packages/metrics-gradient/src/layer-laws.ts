import { type Activation, activation, ConfigError, gaussianExpectation, gaussianMoments } from "@sonde/core";
import { exp, log } from "@sonde/core/math";
import { type WeightLaw, weightLaw } from "@sonde/infinite-width";
import { type Join, layerInitialiser, type ShapedLayer, size } from "@sonde/nets";
import { logSum } from "./log-sums.js";
import type { ByClass } from "./point-classes.js";

/** What is known of the values between two layers. */
export interface Signal {
  /** ln of their mean square over units; absent where it is not known. */
  readonly squares?: ByClass;
  /** Whether they are normal with mean 0 over random weights, as sums over many weights are; absent where it is not known. */
  readonly normal?: boolean;
}

/** What is expected of the gradients by the values between two layers. */
export interface Gradient {
  /** ln of their mean square over units. */
  readonly squares: ByClass;
  /** n (z . g)^2 over |z|^2 |g|^2 for the n values z of a point and the gradient g by them, in expectation: 1 where they are independent. Weights behind few inputs feel it. */
  readonly along: ByClass;
}

/** What a layer does to the expected mean squares of values and of gradients. */
export interface Law {
  readonly output: Signal;
  /** From the gradient at its output to that at its input, where it is known; blocks get what came back through their branches, too. */
  readonly back?: (gradient: Gradient, through?: readonly Gradient[]) => Gradient;
  /** ln of the mean square of what its weights are multiplied by, where the gradient by the weights is known. */
  readonly inputSquares?: ByClass;
  /** Why something is not known. */
  readonly reason?: string;
}

/** The law of a layer for what arrives at it, and for blocks what its branches made of that. */
export function lawOf(shaped: ShapedLayer, signal: Signal, ends: readonly Signal[]): Law {
  const { layer, path, input, output, join } = shaped;
  if (layer.kind === "flatten") return { output: signal, back: (gradient) => gradient };
  if (input.length > 1 || output.length > 1) return unknown(`${path} (${layer.kind}) works on positions`);
  if (join) return joined(shaped, join, ends);
  switch (layer.kind) {
    case "dense":
    case "embedding":
      return weighted(shaped, signal);
    case "activation":
      return activated(layer.activation, signal, path);
    case "norm":
      if (layer.norm === "batch") return unknown(`${path} (batch norm) ties all points of a batch to each other`);
      if (layer.beta) return unknown(`${path} (${layer.norm} norm) shifts values from mean 0`);
      return normalised(layer.norm, layer.epsilon ?? 1e-3, signal, { units: size(input), path, gamma: layer.gamma ?? 1 });
    default:
      return unknown(`${path} (${layer.kind}) ${layer.kind === "softmax" ? "ties all units together" : "works on positions"}`);
  }
}

function unknown(what: string): Law {
  return { output: {}, reason: `there is no formula for the gradients before it: ${what}` };
}

function weighted({ layer, weights, path }: ShapedLayer, { squares }: Signal): Law {
  if (!weights) throw new TypeError(`${path} has no weights`);
  const law = lawOrReason(() => weightLaw(layer, weights, path));
  if (typeof law === "string") return unknown(law);
  const { weightVariance, biasVariance } = law;
  const factor = log((weightVariance * weights.outputs) / weights.inputs);
  const variance = log(weightVariance);
  const bias = log(biasVariance);
  const after = squares?.map((square) => logSum(variance + square, bias));
  // What independent weights have to do with the gradient they have in one of the inputs' directions, that of the point itself.
  const keepsLengths = layerInitialiser(layer).name === "orthogonal";
  const back = (gradient: Gradient): Gradient => {
    const along = gradient.along.map((ratio, c) => {
      const share = squares && after && biasVariance > 0 ? exp(variance + squares[c] - after[c]) : 1;
      return 1 + share * (ratio - 1);
    });
    const longer = along.map((ratio) => (keepsLengths ? 1 : Math.max(0, 1 + (ratio - 1) / weights.inputs)));
    return {
      squares: gradient.squares.map((square, c) => square + factor + log(longer[c])),
      along: along.map((ratio, c) => (longer[c] > 0 ? ratio / longer[c] : 1)),
    };
  };
  return {
    output: { squares: after, normal: true },
    back,
    inputSquares: squares,
  };
}

function lawOrReason(law: () => WeightLaw): WeightLaw | string {
  try {
    return law();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

/** Smaller variances change no ratio of moments any more, but leave float64's range. */
const smallest = -600;

function activated(name: string, { squares, normal }: Signal, path: string): Law {
  if (normal === undefined) return { output: {} };
  if (!normal) return unknown(`${path} (${name}) does not get sums over random weights`);
  const phi = activation(name);
  if (!squares) {
    if (!phi.homogeneous) return { output: { normal: false } };
    const slope = log(gaussianMoments(phi, 1).derivativeSecond);
    const back = ({ squares, along }: Gradient): Gradient => ({ squares: squares.map((square) => square + slope), along });
    return { output: { normal: false }, back };
  }
  const moments = squares.map((square) => {
    // A point that is exactly 0 stays on the left of a kink.
    const left = phi.derivative(0);
    if (square === Number.NEGATIVE_INFINITY)
      return { second: 2 * log(Math.abs(phi.value(0))), slope: 2 * log(Math.abs(left)), along: sameDirection };
    const scaled = phi.homogeneous ? 0 : Math.max(square, smallest);
    const { second, derivativeSecond } = gaussianMoments(phi, exp(scaled));
    const vanishing = phi.value(0) === 0 ? square - scaled : 0;
    const along = phi.homogeneous ? sameDirection : direction(phi, exp(scaled));
    return { second: log(second) + vanishing, slope: log(derivativeSecond), along };
  });
  return {
    output: { squares: moments.map(({ second }) => second), normal: false },
    back: (gradient) => ({
      squares: gradient.squares.map((square, c) => square + moments[c].slope),
      along: moments.map(({ along }, c) => along(gradient.along[c])),
    }),
  };
}

const sameDirection = (ratio: number): number => ratio;

/**
 * How much of the gradient lies along the values before an activation, from how much lies along those after it: with v = z phi'(z), v . g grows by the part of v along phi where g is larger there,
 *
 *     (E v^2 + (ratio - 1) (E v phi)^2 / E phi^2) / (q E phi'^2).
 */
function direction({ value, derivative, kinks }: Activation, variance: number): (ratio: number) => number {
  const components = (z: number): readonly number[] => {
    const [phi, slope] = [value(z), derivative(z)];
    return [z * z * slope * slope, z * slope * phi, phi * phi, slope * slope];
  };
  const [square, product, second, slopes] = gaussianExpectation(components, variance, { kinks }).values;
  return (ratio) => (square + (ratio - 1) * (second > 0 ? (product * product) / second : 0)) / (variance * slopes);
}

/**
 * For normal values of n units, E 1 / variance = n / (q (n - 2 - k)), k being 1 with and 0 without a mean. The gradient loses the direction of the values and k others; then it is at right angles
 * to the values, whose length does not matter.
 */
function normalised(
  norm: "layer" | "rms",
  epsilon: number,
  { squares, normal }: Signal,
  { units, path, gamma }: { readonly units: number; readonly path: string; readonly gamma: number },
): Law {
  if (normal === undefined) return { output: { normal: true } };
  const means = norm === "layer" ? 1 : 0;
  if (!normal) return unknown(`${path} (${norm} norm) does not get sums over random weights`);
  if (units <= means + 2) return unknown(`${path} (${norm} norm) has too few units`);
  if (!squares) return { output: { normal: true } };
  const scale = 2 * log(Math.abs(gamma));
  const total = squares.map((square) => logSum(square, log(epsilon)) - scale);
  return {
    output: { squares: squares.map((square, c) => square - total[c]), normal: true },
    back: ({ squares: arriving, along }) => ({
      squares: arriving.map((square, c) => square - total[c] + log((units - means - along[c]) / (units - means - 2))),
      along: arriving.map(() => 0),
    }),
  };
}

/** What arrives at the end of a branch of a block, of the gradient that arrives at the block's. */
export function atEnd(join: Join, branch: number, { squares, along }: Gradient): Gradient {
  if (join.kind === "concat") return { squares, along };
  const factor = 2 * log(Math.abs(join.factors[branch]));
  return { squares: squares.map((square) => square + factor), along };
}

function joined(shaped: ShapedLayer, join: Join, ends: readonly Signal[]): Law {
  const { layer, path, branches } = shaped;
  if (branches.filter((branch) => !branch.some(hasWeights)).length > 1)
    return unknown(`${path} (${layer.kind}) has no weights in its body, which then follows its input`);
  const back = (_: Gradient, through: readonly Gradient[] = []): Gradient => {
    const squares = through.map((gradient) => gradient.squares).reduce((a, b) => a.map((square, c) => logSum(square, b[c])));
    // What comes past the branches has nothing to do with the values.
    const along = squares.map((all, c) =>
      through.reduce((sum, gradient, k) => {
        const share = all === Number.NEGATIVE_INFINITY ? 0 : exp(gradient.squares[c] - all);
        return branches[k].length > 0 ? sum + (gradient.along[c] - 1) * share : sum;
      }, 1),
    );
    return { squares, along };
  };
  const weights =
    join.kind === "sum"
      ? join.factors.map((factor) => 2 * log(Math.abs(factor)))
      : join.channels.map((count) => log(count / join.channels.reduce((sum, other) => sum + other, 0)));
  const known = ends.flatMap(({ squares }, k) => (squares ? [squares.map((square) => square + weights[k])] : []));
  if (known.length < ends.length) return { output: { normal: false }, back };
  const squares = known.reduce((a, b) => a.map((square, c) => logSum(square, b[c])));
  return { output: { squares, normal: join.kind === "sum" && ends.every(({ normal }) => normal) }, back };
}

function hasWeights({ weights, branches }: ShapedLayer): boolean {
  return weights !== undefined || branches.some((branch) => branch.some(hasWeights));
}
