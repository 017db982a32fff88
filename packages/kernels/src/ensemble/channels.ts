import type { Address } from "./memory.js";

/** Sums over the samples (points and positions) of every channel. */
export interface ChannelKernels {
  /**
   * Fills `sums`, float64 [6][channels][4], for x [samples][channels][4] with the sums over samples of x and |x|, the mean in two parts (float32 [2][4] a channel), and the sums of
   * (x - mean)^2, (x - mean)^4 and x^2; and `centred`, laid out as `x`, with x - mean, exactly 0 where all samples are equal.
   */
  readonly channelSums: (x: Address, samples: number, channels: number, sums: Address, centred: Address) => void;
  /** out [channels][4] = X^T X v for X [samples][channels][4] and v [channels][4]: with centred values the covariance of the channels times the number of samples. */
  readonly covarianceProduct: (x: Address, samples: number, channels: number, v: Address, out: Address) => void;
}
