import type { Reals } from "@sonde/core";
import type { ChannelSums } from "@sonde/nets";

/** Values of one place, `[samples, channels]`, row-major: the samples are points times positions. */
export interface Samples {
  readonly data: Reals;
  readonly channels: number;
}

/** Moments of a signal at one place: means over samples and channels, centred channel by channel. */
export interface SignalMoments {
  /** nu_1(|x|), the mean of |x|. */
  readonly nu1: number;
  /** nu_2, the mean of x^2. */
  readonly nu2: number;
  /** mu_2, the mean of (x - channel mean)^2. */
  readonly mu2: number;
  /** mu_4, the mean of (x - channel mean)^4. */
  readonly mu4: number;
  /** E_c[nu_1(x+) nu_1(x-)]: the mean over channels of the product of a channel's mean positive and mean negative part. */
  readonly signOverlap: number;
  /** The share of channels whose values all have one sign, zeros aside. */
  readonly constantSign: number;
  /** The share of channels whose values are all equal. */
  readonly constantChannels: number;
}

/**
 * The moments of a signal. `[samples, channels] -> numbers` in the units of x^p; relative error about 1e-15 times the number of samples, the values being summed in float64
 * relative to each channel's first.
 *
 * @example
 * signalMoments({ data: Float64Array.of(1, -1, 3, -1), channels: 2 }).mu2 // 0.5
 */
export function signalMoments(samples: Samples): SignalMoments & { readonly means: Float64Array } {
  const { means, ...sums } = channelSums(samples);
  return { ...momentsOfSums(sums), means };
}

/** The moments behind the sums over samples of every channel. */
export function momentsOfSums({ samples, values, magnitudes, squares, fourths, powers }: ChannelSums): SignalMoments {
  const channels = values.length;
  let nu1 = 0;
  let nu2 = 0;
  let mu2 = 0;
  let mu4 = 0;
  let overlap = 0;
  let oneSign = 0;
  let constant = 0;
  for (let c = 0; c < channels; c++) {
    nu1 += magnitudes[c];
    nu2 += powers[c];
    // Rounding of the mean alone is no spread.
    if (squares[c] <= 1e-30 * magnitudes[c] * magnitudes[c]) constant++;
    else {
      mu2 += squares[c];
      mu4 += fourths[c];
    }
    // Sums of one sign round alike.
    if (magnitudes[c] === Math.abs(values[c])) oneSign++;
    else overlap += (magnitudes[c] - values[c]) * (magnitudes[c] + values[c]);
  }
  const count = samples * channels;
  return {
    nu1: nu1 / count,
    nu2: nu2 / count,
    mu2: mu2 / count,
    mu4: mu4 / count,
    signOverlap: overlap / (4 * samples * count),
    constantSign: oneSign / channels,
    constantChannels: constant / channels,
  };
}

/** The sums over samples of every channel, and the channels' means. */
function channelSums({ data, channels }: Samples): ChannelSums & { readonly means: Float64Array } {
  const samples = data.length / channels;
  const [values, magnitudes, shifts] = [0, 1, 2].map(() => new Float64Array(channels));
  for (let at = 0; at < data.length; at += channels)
    for (let c = 0; c < channels; c++) {
      const x = data[at + c];
      values[c] += x;
      magnitudes[c] += Math.abs(x);
      shifts[c] += x - data[c];
    }
  const means = shifts.map((shift, c) => data[c] + shift / samples);
  const [squares, fourths, powers] = [0, 1, 2].map(() => new Float64Array(channels));
  for (let at = 0; at < data.length; at += channels)
    for (let c = 0; c < channels; c++) {
      const x = data[at + c];
      const square = (x - means[c]) * (x - means[c]);
      squares[c] += square;
      fourths[c] += square * square;
      powers[c] += x * x;
    }
  return { samples, values, magnitudes, squares, fourths, powers, means };
}

/** The mean of the squares: nu_2, for noise the power. */
export function meanSquare(data: Reals): number {
  let sum = 0;
  for (let k = 0; k < data.length; k++) sum += data[k] * data[k];
  return sum / data.length;
}

/** The mean of every channel. */
export function channelMeans({ data, channels }: Samples): Float64Array {
  const sums = new Float64Array(channels);
  for (let at = 0; at < data.length; at += channels) for (let c = 0; c < channels; c++) sums[c] += data[at + c];
  const samples = data.length / channels;
  return sums.map((sum) => sum / samples);
}
