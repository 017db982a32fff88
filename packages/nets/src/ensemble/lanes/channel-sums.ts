import { topOfTridiagonal, unevenUnitVector } from "@sonde/core";
import type { Address, EnsembleKernels } from "@sonde/kernels";
import type { ChannelSums } from "../metric.js";
import { lanes } from "./machine.js";

/** Room that the sums of one place at a time use. */
export interface ChannelRoom {
  /** As large as the values. */
  readonly centred: Address;
  /** Float64 [6][channels][4]. */
  readonly sums: Address;
  /** Float32 [2][channels][4]. */
  readonly vectors: Address;
  /** Where searches for eigenvalues begin, by the number of channels. */
  readonly starts: Map<number, Float32Array>;
}

/** Room for places of so many values in one part, and so many channels. */
export function allocateChannelRoom(kernels: EnsembleKernels, values: number, channels: number): ChannelRoom {
  return {
    centred: kernels.allocate(16 * values),
    sums: kernels.allocate(6 * 32 * channels),
    vectors: kernels.allocate(2 * 16 * channels),
    starts: new Map(),
  };
}

/** The sums of four networks' values [samples][channels][4] at `x`; they are views of `out`, [4][6][channels]. */
export function channelSumsOf(
  kernels: EnsembleKernels,
  { centred, sums, vectors, starts }: ChannelRoom,
  { x, samples, channels, spectrum }: { x: Address; samples: number; channels: number; spectrum: boolean },
  out: Float64Array,
): ChannelSums[] {
  kernels.channelSums(x, samples, channels, sums, centred);
  separate(kernels.doubles(sums, out.length), out);
  const found = Array.from({ length: lanes }, (_, lane) => {
    const part = (index: number) => out.subarray((6 * lane + index) * channels, (6 * lane + index + 1) * channels);
    return { samples, values: part(0), magnitudes: part(1), squares: part(3), fourths: part(4), powers: part(5) };
  });
  if (!spectrum) return found;
  const start = starts.get(channels) ?? unevenLanes(channels);
  starts.set(channels, start);
  const eigenvalues = largestEigenvalues(kernels, { x: centred, samples, channels, vectors, start });
  return found.map((lane, k) => ({ ...lane, largestEigenvalue: eigenvalues[k] }));
}

/** [count][4] as [4][count]. */
function separate(values: Float64Array, out: Float64Array): void {
  const count = values.length / lanes;
  for (let k = 0, i = 0; k < count; k++, i += lanes) {
    out[k] = values[i];
    out[count + k] = values[i + 1];
    out[2 * count + k] = values[i + 2];
    out[3 * count + k] = values[i + 3];
  }
}

/** Residual over value at which a search ends: float32 does not know the value better than its square. */
const enough = 3e-5;

/** Products with the matrix at most; the value then comes with the residual that it has. */
const mostSteps = 300;

/** Steps from one look at the tridiagonal matrices to the next. */
const stride = 4;

/**
 * The largest eigenvalues of X^T X of four networks by Lanczos' method, all with the same steps. Nothing is reorthogonalised: copies of eigenvalues that have been found appear, which leaves the
 * largest as it is (Paige 1980).
 */
function largestEigenvalues(
  kernels: EnsembleKernels,
  {
    x,
    samples,
    channels,
    vectors,
    start,
  }: { x: Address; samples: number; channels: number; vectors: Address; start: Float32Array },
): { value: number; residual: number }[] {
  const { length } = start;
  const [v, product] = [vectors, vectors + 16 * channels];
  let [before, here, next] = [new Float32Array(length), start.slice(), new Float32Array(length)];
  const searches = Array.from({ length: lanes }, () => ({
    diagonal: [] as number[],
    below: [] as number[],
    value: 0,
    residual: 0,
    done: false,
  }));
  const off = new Float64Array(lanes);
  for (let step = 1; step <= mostSteps && searches.some(({ done }) => !done); step++) {
    kernels.floats(v, length).set(here);
    kernels.covarianceProduct(x, samples, channels, v, product);
    const w = kernels.floats(product, length);
    const along = laneDots(here, w);
    const norms = takeOut(w, along, here, off, before, next).map(Math.sqrt);
    searches.forEach((search, lane) => {
      if (search.done) return;
      search.diagonal.push(along[lane]);
      const exhausted = norms[lane] <= 1e-6 * Math.max(search.value, along[lane]);
      if (exhausted || step % stride === 0 || step === mostSteps) {
        const { value, last } = topOfTridiagonal(search.diagonal, search.below, search.value);
        search.value = value;
        search.residual = norms[lane] * Math.abs(last);
        search.done = exhausted || search.residual <= enough * value;
      }
      search.below.push(norms[lane]);
    });
    scaleLanes(
      next,
      norms.map((norm) => (norm > 0 ? 1 / norm : 0)),
    );
    off.set(norms);
    [before, here, next] = [here, next, before];
  }
  return searches.map(({ value, residual }) => ({ value, residual }));
}

/** The scalar products of [channels][4] values, lane by lane: all four at once, which do not wait for each other. */
function laneDots(a: Float32Array, b: Float32Array): Float64Array {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let i = 0; i < a.length; i += lanes) {
    s0 += a[i] * b[i];
    s1 += a[i + 1] * b[i + 1];
    s2 += a[i + 2] * b[i + 2];
    s3 += a[i + 3] * b[i + 3];
  }
  return Float64Array.of(s0, s1, s2, s3);
}

/** A vector that no eigenvector is orthogonal to, in every lane. */
function unevenLanes(channels: number): Float32Array {
  const vector = unevenUnitVector(channels);
  return Float32Array.from({ length: channels * lanes }, (_, i) => vector[Math.floor(i / lanes)]);
}

/** out = w - a here - b before, with factors for each lane; returns the squares' sums. */
function takeOut(
  w: Float32Array,
  [a0, a1, a2, a3]: Float64Array,
  here: Float32Array,
  [b0, b1, b2, b3]: Float64Array,
  before: Float32Array,
  out: Float32Array,
): Float64Array {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let i = 0; i < out.length; i += lanes) {
    out[i] = w[i] - a0 * here[i] - b0 * before[i];
    out[i + 1] = w[i + 1] - a1 * here[i + 1] - b1 * before[i + 1];
    out[i + 2] = w[i + 2] - a2 * here[i + 2] - b2 * before[i + 2];
    out[i + 3] = w[i + 3] - a3 * here[i + 3] - b3 * before[i + 3];
    s0 += out[i] * out[i];
    s1 += out[i + 1] * out[i + 1];
    s2 += out[i + 2] * out[i + 2];
    s3 += out[i + 3] * out[i + 3];
  }
  return Float64Array.of(s0, s1, s2, s3);
}

function scaleLanes(x: Float32Array, [f0, f1, f2, f3]: Float64Array): void {
  for (let i = 0; i < x.length; i += lanes) {
    x[i] *= f0;
    x[i + 1] *= f1;
    x[i + 2] *= f2;
    x[i + 3] *= f3;
  }
}
