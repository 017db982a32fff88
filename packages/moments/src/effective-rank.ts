import { largestEigenvalue } from "@sonde/core";
import { channelMeans, type Samples } from "./place-moments.js";

/** The effective rank of the covariance of channels, and how it was found. */
export interface EffectiveRank {
  /** tr C / lambda_max(C), in [1, min(channels, samples - 1)]; 0 where there is no spread at all. */
  readonly value: number;
  /** The largest eigenvalue of C is known within this share of it at worst. */
  readonly residual: number;
}

/** The smaller side up to which its Gram matrix is made first: beyond, some forty products with the values themselves are cheaper. */
const mostInGram = 96;

/**
 * The effective rank r_eff = tr C / lambda_max(C) of the covariance C of channels (population, over samples): the dimension in which a signal effectively lives.
 * `[samples, channels] -> number`. The largest eigenvalue is Lanczos', on the Gram matrix of the smaller side where that is small, else on the values themselves.
 *
 * @see Labatie 2019 (arXiv 1811.03087), section 3; Vershynin 2010
 *
 * @example
 * effectiveRank({ data: Float64Array.of(1, 0, -1, 0, 0, 1, 0, -1), channels: 2 }).value.toFixed(12) // "2.000000000000"
 */
export function effectiveRank(samples: Samples, means = channelMeans(samples)): EffectiveRank {
  const { data, channels } = samples;
  const rows = data.length / channels;
  const smaller = Math.min(rows, channels);
  const { trace, apply, size } =
    smaller > mostInGram ? onValues(samples, means) : rows < channels ? onPoints(samples, means) : onChannels(samples, means);
  if (!(trace > 0)) return { value: 0, residual: 0 };
  const { value, residual } = largestEigenvalue(size, apply);
  return { value: boundedRank(trace, value, rows, channels), residual: residual / value };
}

/** tr C / lambda_max(C), held to what is possible against rounding: [1, min(channels, samples - 1)]. */
export function boundedRank(trace: number, largest: number, samples: number, channels: number): number {
  return Math.max(1, Math.min(trace / largest, channels, samples - 1));
}

/** A symmetric matrix by its trace, its size and its products with vectors. */
interface Operator {
  readonly trace: number;
  readonly size: number;
  readonly apply: (v: Float64Array, out: Float64Array) => void;
}

/** X^T X v, row by row, X being centred on the way. */
function onValues({ data, channels }: Samples, means: Float64Array): Operator {
  const row = new Float64Array(channels);
  const apply = (v: Float64Array, out: Float64Array): void => {
    out.fill(0);
    let shift = 0;
    for (let c = 0; c < channels; c++) shift += means[c] * v[c];
    let total = 0;
    for (let at = 0; at < data.length; at += channels) {
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      let c = 0;
      for (; c + 3 < channels; c += 4) {
        s0 += data[at + c] * v[c];
        s1 += data[at + c + 1] * v[c + 1];
        s2 += data[at + c + 2] * v[c + 2];
        s3 += data[at + c + 3] * v[c + 3];
      }
      for (; c < channels; c++) s0 += data[at + c] * v[c];
      const along = s0 + s1 + (s2 + s3) - shift;
      total += along;
      for (c = 0; c < channels; c++) out[c] += along * data[at + c];
    }
    for (let c = 0; c < channels; c++) out[c] -= total * means[c];
  };
  let trace = 0;
  for (let at = 0; at < data.length; at += channels) {
    for (let c = 0; c < channels; c++) row[c] = data[at + c] - means[c];
    for (let c = 0; c < channels; c++) trace += row[c] * row[c];
  }
  return { trace, size: channels, apply };
}

/** X^T X. */
function onChannels({ data, channels }: Samples, means: Float64Array): Operator {
  const gram = new Float64Array(channels * channels);
  const row = new Float64Array(channels);
  for (let at = 0; at < data.length; at += channels) {
    for (let c = 0; c < channels; c++) row[c] = data[at + c] - means[c];
    for (let i = 0; i < channels; i++) {
      const x = row[i];
      const to = i * channels;
      for (let j = 0; j <= i; j++) gram[to + j] += x * row[j];
    }
  }
  return ofGram(gram, channels);
}

/** X X^T. */
function onPoints({ data, channels }: Samples, means: Float64Array): Operator {
  const rows = data.length / channels;
  const centred = new Float64Array(data.length);
  for (let at = 0; at < data.length; at += channels) for (let c = 0; c < channels; c++) centred[at + c] = data[at + c] - means[c];
  const gram = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j <= i; j++) {
      let [s0, s1] = [0, 0];
      const [a, b] = [i * channels, j * channels];
      let c = 0;
      for (; c + 1 < channels; c += 2) {
        s0 += centred[a + c] * centred[b + c];
        s1 += centred[a + c + 1] * centred[b + c + 1];
      }
      if (c < channels) s0 += centred[a + c] * centred[b + c];
      gram[i * rows + j] = s0 + s1;
    }
  return ofGram(gram, rows);
}

/** A matrix of which the lower triangle is given. */
function ofGram(gram: Float64Array, size: number): Operator {
  let trace = 0;
  for (let i = 0; i < size; i++) {
    trace += gram[i * size + i];
    for (let j = 0; j < i; j++) gram[j * size + i] = gram[i * size + j];
  }
  const apply = (v: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += gram[i * size + j] * v[j];
      out[i] = sum;
    }
  };
  return { trace, size, apply };
}
