import { ConfigError } from "@sonde/core";
import type { Join, ShapedLayer } from "@sonde/nets";
import { weightLaw } from "./weight-law.js";

/** What is known of a group of channels before any number is. */
interface ChannelKind {
  readonly share: number;
  /** Whether a channel is a normal variable, the same at both points but for its covariance: after weights it is, after an activation not. */
  readonly normal: boolean;
  /** Whether its mean is 0. */
  readonly centred: boolean;
  /** Whether positions of different variance were flattened into it. */
  readonly flattened?: boolean;
}

/**
 * Checks that every layer has an infinite-width form.
 *
 * Throws `ConfigError` that names the first layer without one, the reason and the remedy.
 */
export function checkKernelLayers(layers: readonly ShapedLayer[]): void {
  walk(layers, [{ share: 1, normal: false, centred: false }]);
}

function walk(layers: readonly ShapedLayer[], start: readonly ChannelKind[]): readonly ChannelKind[] {
  return layers.reduce((channels, shaped) => through(shaped, channels), start);
}

function through(shaped: ShapedLayer, channels: readonly ChannelKind[]): readonly ChannelKind[] {
  const { layer, path, weights, input, branches, join } = shaped;
  const centred = channels.every((channel) => channel.centred);
  if (weights) {
    weightLaw(layer, weights, path);
    return [{ share: 1, normal: true, centred: true }];
  }
  if (join?.kind === "sum") {
    if (branches.filter((branch) => !hasWeights(branch)).length > 1)
      refuse(
        path,
        "the residual body has no weights, so that its output is not independent of what it is added to: add a layer with weights",
      );
    return branches
      .map((branch) => walk(branch, channels))
      .reduce((sum, end) => combine(sum, end, (a, b) => ({ normal: a.normal && b.normal, centred: a.centred && b.centred })));
  }
  if (join) {
    const shares = channelShares(join);
    return branches.flatMap((branch, k) =>
      walk(branch, channels).map((channel) => ({ ...channel, share: channel.share * shares[k] })),
    );
  }
  switch (layer.kind) {
    case "activation":
      for (const { normal, flattened } of channels)
        if (!normal)
          refuse(
            path,
            flattened
              ? "the activation sees flattened positions of different variance: put it before the flatten layer, which changes nothing else"
              : "the activation sees values that are not normal: put a layer with weights before it",
          );
      return channels.map(({ share }) => ({ share, normal: false, centred: false }));
    case "norm":
      if (layer.norm === "batch")
        refuse(
          path,
          "batch norm's statistics tie all points of a batch together, so that there is no kernel between two of them: choose layer or rms",
        );
      if (layer.beta) refuse(path, "the norm adds beta, and the activation after it would see a mean: leave beta at 0");
      if (layer.norm === "rms") return channels;
      return channels.map((channel) => ({ ...channel, normal: channel.normal && centred, centred }));
    case "pool":
      if (layer.pool === "max")
        refuse(path, "the largest of several dependent normal variables has no kernel in closed form: choose average");
      return channels;
    case "flatten":
      return channels.map((channel) => ({
        ...channel,
        ...(input.length > 1 && { normal: false, flattened: channel.normal || channel.flattened }),
      }));
    case "softmax":
      refuse(path, "softmax ties all channels together: leave it out, the kernels are those of its inputs");
      break;
    default:
      return channels;
  }
}

function hasWeights(layers: readonly ShapedLayer[]): boolean {
  return layers.some(({ weights, branches }) => weights !== undefined || branches.some(hasWeights));
}

/** The share of a concat block's channels that every branch has. */
export function channelShares({ channels }: Join & { readonly kind: "concat" }): number[] {
  const total = channels.reduce((sum, count) => sum + count, 0);
  return channels.map((count) => count / total);
}

function refuse(path: string, reason: string): never {
  throw new ConfigError(`${path} has no infinite-width form: ${reason}`);
}

/** The groups of two partitions of the same channels, cut where either is cut. */
export function combine<A extends { readonly share: number }, B extends { readonly share: number }, C>(
  a: readonly A[],
  b: readonly B[],
  both: (a: A, b: B) => C,
): (C & { share: number })[] {
  const result: (C & { share: number })[] = [];
  let i = 0;
  let j = 0;
  let [leftA, leftB] = [a[0].share, b[0].share];
  while (i < a.length && j < b.length) {
    const share = Math.min(leftA, leftB);
    if (share > 1e-12) result.push({ ...both(a[i], b[j]), share });
    leftA -= share;
    leftB -= share;
    // Shares are sums of fractions: what is left of them may be rounding.
    if (leftA <= 1e-12) leftA = a[++i]?.share ?? 0;
    if (leftB <= 1e-12) leftB = b[++j]?.share ?? 0;
  }
  return result;
}
