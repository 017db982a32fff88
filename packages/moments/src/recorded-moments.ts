import { type Activations, activationArray, ShapeError } from "@sonde/core";
import { effectiveRank } from "./effective-rank.js";
import { meanSquare, signalMoments } from "./place-moments.js";

/** Moments of recorded activations; what does not exist is absent. */
export interface RecordedMoments {
  /** nu_1(|x|), nu_2, mu_2, mu_4: see `signalMoments`. */
  readonly nu1: number;
  readonly nu2: number;
  readonly mu2: number;
  readonly mu4: number;
  /** mu_2 / nu_2 in [0, 1]; absent where all activations are 0. */
  readonly spread?: number;
  /** tr C / lambda_max(C); absent where no channel has any spread. */
  readonly effectiveRank?: number;
  /** The shares of channels whose values all have one sign, and are all equal. */
  readonly constantSign: number;
  readonly constantChannels: number;
  /** nu_2 of the noise, its effective rank, and sqrt(nu_2(dx) / mu_2(x)): where noise is given and the ratio exists. */
  readonly noise?: { readonly nu2: number; readonly effectiveRank?: number; readonly chi?: number };
}

/**
 * The moments of activations that were recorded anywhere, with those of a noise if it was recorded too: `[points, units]` or `[points, ...positions, channels]`, in which every
 * channel is centred over points and positions.
 *
 * Throws `ShapeError` for no values, or for noise of another shape.
 *
 * @example
 * recordedMoments([[1, 2], [3, 2]]).mu2 // 0.5
 * recordedMoments([[1, 2], [3, 2]], { noise: [[1, 0], [0, 1]] }).noise?.chi // 1
 */
export function recordedMoments(activations: Activations, { noise }: { readonly noise?: Activations } = {}): RecordedMoments {
  const signal = samplesOf(activations);
  const { means, signOverlap: _, ...found } = signalMoments(signal);
  const rank = effectiveRank(signal, means).value;
  const dx = noise && samplesOf(noise);
  if (dx && String(dx.shape) !== String(signal.shape))
    throw new ShapeError(`noise has the shape of the activations, [${signal.shape.join(", ")}], got [${dx.shape.join(", ")}]`);
  return {
    ...found,
    ...(found.nu2 > 0 && { spread: found.mu2 / found.nu2 }),
    ...(rank > 0 && { effectiveRank: rank }),
    ...(dx && { noise: noiseOf(dx, found.mu2) }),
  };
}

function noiseOf(dx: ReturnType<typeof samplesOf>, mu2: number): RecordedMoments["noise"] {
  const nu2 = meanSquare(dx.data);
  const rank = effectiveRank(dx).value;
  return { nu2, ...(rank > 0 && { effectiveRank: rank }), ...(mu2 > 0 && { chi: Math.sqrt(nu2 / mu2) }) };
}

function samplesOf(activations: Activations) {
  const { shape, data } = activationArray(activations);
  if (data.length === 0) throw new ShapeError(`moments need at least one value, got activations of shape [${shape.join(", ")}]`);
  return { shape, data, channels: shape[shape.length - 1] };
}
