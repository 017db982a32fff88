import { type Activation, activation, ConfigError, gaussianExpectation, gaussianMoments } from "@sonde/core";
import { exp, log } from "@sonde/core/math";
import { type WeightLaw, weightLaw } from "@sonde/infinite-width";
import { type Join, type Layer, layerInitialiser, type ShapedLayer, size } from "@sonde/nets";
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
  /** From the gradient at its output, of a block from those that came back through its branches, to that at its input; absent where it is not known. */
  readonly back?: (through: readonly Gradient[]) => Gradient;
  /** From the gradient at a block's output to those at the ends of its branches. */
  readonly parts?: (gradient: Gradient) => readonly Gradient[];
  /** ln of the mean square of what its weights are multiplied by, where the gradient by the weights is known. */
  readonly inputSquares?: ByClass;
  /** Why something is not known. */
  readonly reason?: string;
}

/** The law of a layer for what arrives at it, and for blocks what their branches made of that. */
export function lawOf(shaped: ShapedLayer, signal: Signal, ends: readonly Signal[]): Law {
  const { layer, path, input, output, join } = shaped;
  if (layer.kind === "flatten") return { output: signal, back: ([gradient]) => gradient };
  if (input.length > 1 || output.length > 1) return unknown(`${path} (${layer.kind}) works on positions`);
  if (join) return joined(shaped, join, signal, ends);
  switch (layer.kind) {
    case "dense":
    case "embedding":
      return weighted(shaped, signal);
    case "activation":
      return activated(layer.activation, signal, path);
    case "norm":
      if (layer.norm === "batch") return unknown(`${path} (batch norm) ties all points of a batch to each other`);
      return normalised(layer, signal, { units: size(input), path });
    case "softmax":
      return unknown(`${path} (softmax) ties all units of a point to each other`);
    default:
      return unknown(`${path} (${layer.kind}) works on positions`);
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
  const back = ([gradient]: readonly Gradient[]): Gradient => {
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
    const back = ([{ squares, along }]: readonly Gradient[]): Gradient => ({
      squares: squares.map((square) => square + slope),
      along,
    });
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
    back: ([gradient]) => ({
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
 * to the values, whose length does not matter. Scale and shift come after that.
 */
function normalised(
  { norm, epsilon = 1e-3, gamma = 1, beta = 0 }: Layer & { kind: "norm" },
  { squares, normal }: Signal,
  { units, path }: { readonly units: number; readonly path: string },
): Law {
  if (normal === undefined) return { output: { normal: beta === 0 } };
  const means = norm === "layer" ? 1 : 0;
  if (!normal) return unknown(`${path} (${norm} norm) does not get sums over random weights`);
  if (units <= means + 2) return unknown(`${path} (${norm} norm) has too few units`);
  if (!squares) return { output: { normal: beta === 0 } };
  const total = squares.map((square) => logSum(square, log(epsilon)));
  const [scale, shift] = [2 * log(Math.abs(gamma)), 2 * log(Math.abs(beta))];
  const scaled = squares.map((square, c) => square - total[c] + scale);
  const after = scaled.map((square) => logSum(square, shift));
  return {
    output: { squares: after, normal: beta === 0 },
    back: ([{ squares: arriving, along }]) => ({
      squares: arriving.map((square, c) => {
        const ratio = beta === 0 ? along[c] : 1 + exp(scaled[c] - after[c]) * (along[c] - 1);
        return square + scale - total[c] + log((units - means - ratio) / (units - means - 2));
      }),
      along: arriving.map(() => 0),
    }),
  };
}

/** What comes through the branches adds up, as if it were independent; an empty branch hands on what arrives, in no particular direction. */
function joined({ layer, path, branches }: ShapedLayer, join: Join, signal: Signal, ends: readonly Signal[]): Law {
  if (branches.filter((branch) => !hasWeights(branch)).length > 1)
    return unknown(`${path} (${layer.kind}) has more than one branch without weights, and these follow each other`);
  const factors = ends.map((_, k) => (join.kind === "sum" ? 2 * log(Math.abs(join.factors[k])) : 0));
  const parts = ({ squares, along }: Gradient): Gradient[] =>
    factors.map((factor) => ({ squares: squares.map((square) => square + factor), along }));
  const back = (through: readonly Gradient[]): Gradient => {
    const squares = through[0].squares.map((_, c) => through.map((gradient) => gradient.squares[c]).reduce(logSum));
    const along = squares.map((total, c) =>
      through.reduce((ratio, gradient, k) => {
        const share = total === Number.NEGATIVE_INFINITY ? 0 : exp(gradient.squares[c] - total);
        return branches[k].length === 0 ? ratio : ratio + share * (gradient.along[c] - 1);
      }, 1),
    );
    return { squares, along };
  };
  const known = ends.flatMap(({ squares }) => (squares ? [squares] : []));
  if (!signal.squares || known.length < ends.length) return { output: { normal: false }, parts, back };
  const total = join.kind === "concat" ? join.channels.reduce((sum, channels) => sum + channels, 0) : 1;
  const weights = factors.map((factor, k) => (join.kind === "concat" ? log(join.channels[k] / total) : factor));
  return {
    output: {
      squares: known[0].map((_, c) => known.map((squares, k) => squares[c] + weights[k]).reduce(logSum)),
      normal: join.kind === "sum" && ends.every(({ normal }) => normal),
    },
    parts,
    back,
  };
}

function hasWeights(layers: readonly ShapedLayer[]): boolean {
  return layers.some(({ weights, branches }) => weights !== undefined || branches.some(hasWeights));
}
