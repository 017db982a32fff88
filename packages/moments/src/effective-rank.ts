import { addProduct, largestEigenvalue, matrix, multiplyByTransposed, transpose } from "@sonde/core";
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
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
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

/** Samples that are centred at a time. */
const block = 1024;

/** X^T X. */
function onChannels({ data, channels }: Samples, means: Float64Array): Operator {
  const gram = new Float64Array(channels * channels);
  const samples = data.length / channels;
  for (let first = 0; first < samples; first += block) {
    const rows = Math.min(block, samples - first);
    const some = data.subarray(first * channels, (first + rows) * channels);
    const centred = centredRows({ data: some, channels }, means);
    addProduct(transpose(matrix(rows, channels, centred)).data, centred, gram, [channels, rows, channels]);
  }
  return ofGram(gram, channels);
}

/** X X^T. */
function onPoints(samples: Samples, means: Float64Array): Operator {
  const rows = samples.data.length / samples.channels;
  const centred = matrix(rows, samples.channels, centredRows(samples, means));
  return ofGram(multiplyByTransposed(centred, centred).data, rows);
}

function centredRows({ data, channels }: Samples, means: Float64Array): Float64Array {
  const centred = new Float64Array(data.length);
  for (let at = 0; at < data.length; at += channels) for (let c = 0; c < channels; c++) centred[at + c] = data[at + c] - means[c];
  return centred;
}

/** A symmetric matrix that is at hand. */
function ofGram(gram: Float64Array, size: number): Operator {
  let trace = 0;
  for (let i = 0; i < size; i++) trace += gram[i * size + i];
  const apply = (v: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += gram[i * size + j] * v[j];
      out[i] = sum;
    }
  };
  return { trace, size, apply };
}
