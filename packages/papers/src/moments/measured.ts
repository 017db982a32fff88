import { ConfigError, type Matrix, matrix, split, stream } from "@sonde/core";
import { log } from "@sonde/core/math";
import {
  type MomentsLayer,
  type MomentsState,
  measureMoments,
  moments,
  momentsRecord,
  planPlaces,
  theoryKind,
} from "@sonde/moments";
import { type Architecture, type Layer, type MlpOptions, mlp } from "@sonde/nets";
import type { ClaimContext, Measured, Settings } from "../claim.js";
import type { Value } from "../comparison.js";
import { type MeanValue, pooledMean } from "../pooled.js";

export interface MomentsSettings extends Settings {
  readonly kind: "vanilla" | "batch-norm" | "residual";
  readonly kernel: 1 | 3;
  readonly width: number;
  /** Layers, or residual units of two. */
  readonly depth: number;
  readonly batch: number;
  readonly networks: number;
  /** The data set that batches are taken from. */
  readonly data: string;
}

/** Of every quantity that the figures show. */
const quantities = [
  "deltaChi",
  "deltaChiNorm",
  "deltaChiActivation",
  "logChi",
  "chi",
  "effectiveRank",
  "noiseEffectiveRank",
  "kurtosis",
  "meanAbsZ",
  "logNu2",
] as const satisfies readonly (keyof MomentsLayer)[];
export type Quantity = (typeof quantities)[number];

interface MeanSpread extends MeanValue {
  readonly sd: number | null;
  readonly p16: number | null;
  readonly p84: number | null;
}

export interface MomentsResult {
  readonly layers: readonly ({ readonly layer: number } & Readonly<Partial<Record<Quantity, MeanSpread>>>)[];
  /** Growth of ln chi a layer over the last half, and its exponent as a power of the layer. */
  readonly gamma: MeanValue;
  readonly tau: MeanValue;
  /** Whether ln chi is straighter in the layer or in its logarithm: residual sums of squares of both fits over the last half, of the mean over networks. */
  readonly misfit: { readonly exponential: number; readonly power: number };
  readonly shape: readonly number[];
}

export type MomentsPart = Measured<MomentsSettings, MomentsResult>;

/** Networks that share a batch. */
const each = 4;

/** Signal and noise of random networks on batches of images: the published set-up, batch norm by batch statistics, noise through its frozen statistics. */
export async function measuredMoments(settings: MomentsSettings, context: ClaimContext): Promise<MomentsResult> {
  const { networks, seed, batch } = settings;
  const { threads, createWorker, signal } = context;
  // All batches at once: reading may take longer than measuring.
  const groups = Math.ceil(networks / each);
  const { points: all, shape } = await images(settings, groups, context);
  const architecture = architectureOf(settings, shape);
  let state: MomentsState | undefined;
  for (let group = 0; group < groups; group++) {
    const points = all && matrix(batch, all.cols, all.data.slice(group * batch * all.cols, (group + 1) * batch * all.cols));
    let part: MomentsState | undefined;
    await measureMoments(architecture, {
      data: points,
      batch,
      networks: Math.min(each, networks - (state?.networks ?? 0)),
      seed: 10_000 * seed + group,
      threads,
      createWorker,
      signal,
      checkpoint: (known) => {
        part = known.state;
      },
    });
    signal?.throwIfAborted();
    if (state) moments.merge(state, part as MomentsState);
    else state = part;
  }
  const run = { networks, batch, jacobian: "frozen", method: "weights", executor: "kernels", interrupted: false } as const;
  const record = momentsRecord(state as MomentsState, planPlaces(architecture), theoryKind(architecture), run);
  const shown = shownLayers(record.layers.length);
  const spread = ({ mean, sd, standardError, networks: count, p16, p84 }: MomentsLayer["logChi"]) => ({
    value: mean,
    sd,
    standardError,
    networks: count,
    p16,
    p84,
  });
  return {
    layers: record.layers
      .filter(({ layer }) => shown.has(layer))
      .map((layer) => ({
        layer: layer.layer,
        ...Object.fromEntries(quantities.flatMap((name) => (layer[name] ? [[name, spread(layer[name])]] : []))),
      })),
    gamma: meanOf(record.gamma),
    tau: meanOf(record.tau),
    misfit: misfits(record.layers.map(({ logChi }) => logChi.mean)),
    shape,
  };
}

function meanOf({ mean, standardError, networks }: { mean: number; standardError: number; networks: number }): MeanValue {
  return { value: mean, standardError, networks };
}

/** Batches of images one after the other as the network takes them: flat for dense layers, `[height, width, channels]` for convolutions, those of 28 x 28 as means of 2 x 2 pixels. */
async function images(
  { data, batch, kernel, width, seed }: MomentsSettings,
  batches: number,
  { readData }: ClaimContext,
): Promise<{ points: Matrix<Float64Array> | undefined; shape: readonly number[] }> {
  if (data === "gaussian") return { points: undefined, shape: kernel === 1 ? [width] : [8, 8, 1] };
  if (!readData) throw new TypeError("this claim needs images: the application passes readData");
  const { points } = await readData(data, { points: batch * batches, random: split(stream(1000 + seed), 0) });
  if (points.rows < batch * batches)
    throw new ConfigError(
      `${data} has ${points.rows} images, and this takes ${batches} batches of ${batch}: name a larger set, or a smaller scale`,
    );
  if (kernel === 1) return { points, shape: [points.cols] };
  if (points.cols === 784) return { points: halved(points), shape: [14, 14, 1] };
  if (points.cols === 3072) return { points, shape: [32, 32, 3] };
  const side = Math.round(Math.sqrt(points.cols));
  return { points, shape: [side, side, 1] };
}

/** Images of 28 x 28 as means of 2 x 2 pixels. */
function halved({ rows, data }: Matrix<Float64Array>): Matrix<Float64Array> {
  const out = new Float64Array(rows * 196);
  for (let k = 0; k < out.length; k++) {
    const [image, i, j] = [Math.floor(k / 196), Math.floor((k % 196) / 14), k % 14];
    const at = image * 784 + 56 * i + 2 * j;
    out[k] = (data[at] + data[at + 1] + data[at + 28] + data[at + 29]) / 4;
  }
  return { rows, cols: 196, data: out };
}

function architectureOf({ kind, kernel, width, depth }: MomentsSettings, input: readonly number[]): Architecture {
  if (kernel === 1) {
    const options: Record<MomentsSettings["kind"], MlpOptions> = {
      vanilla: {},
      "batch-norm": { norm: "batch" },
      residual: { norm: "batch", skip: "residual", block: 2 },
    };
    return mlp(`${input[0]}-${width}x${kind === "residual" ? 2 * depth : depth}-10`, { ...options[kind], embedding: true });
  }
  const conv = { kind: "conv", channels: width, kernel: [3, 3], padding: "periodic" } as const;
  const norm = { kind: "norm", norm: "batch" } as const;
  const relu = { kind: "activation", activation: "relu" } as const;
  const layers: Readonly<Record<MomentsSettings["kind"], readonly Layer[]>> = {
    vanilla: [conv, relu],
    "batch-norm": [conv, norm, relu],
    residual: [{ kind: "residual", body: [norm, relu, conv, norm, relu, conv] }],
  };
  return {
    input: [...input],
    layers: [{ kind: "embedding", units: width }, ...Array.from({ length: depth }, () => layers[kind]).flat()],
  };
}

/** Some thirty layers evenly on a logarithmic axis, those of the published tables, and the last. */
function shownLayers(depth: number): Set<number> {
  const shown = new Set([1, 2, 5, 10, 20, 50, 100, 150, 200, depth].filter((layer) => layer <= depth));
  for (let k = 0; k < 30; k++) shown.add(Math.max(1, Math.round(depth * (k / 29) * (k / 29))));
  return shown;
}

/** Residual sums of squares of straight lines through ln chi, over the layer and over its logarithm, for the last half of the layers. */
function misfits(logChi: readonly number[]): { exponential: number; power: number } {
  const from = Math.floor(logChi.length / 2);
  const y = logChi.slice(from);
  const at = y.map((_, k) => from + k + 1);
  return { exponential: misfit(at, y), power: misfit(at.map(log), y) };
}

function misfit(x: readonly number[], y: readonly number[]): number {
  const n = x.length;
  const [mx, my] = [x, y].map((values) => values.reduce((sum, value) => sum + value / n, 0));
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let k = 0; k < n; k++) {
    xx += (x[k] - mx) * (x[k] - mx);
    xy += (x[k] - mx) * (y[k] - my);
    yy += (y[k] - my) * (y[k] - my);
  }
  return yy - (xy * xy) / xx;
}

/** A quantity at a layer, over all parts of a row. */
export function quantityAt(parts: readonly MomentsPart[], quantity: Quantity, layer: number): Value {
  return pooledMean(
    parts.flatMap(({ result }) => {
      const found = result.layers.find((one) => one.layer === layer)?.[quantity];
      return found ? [found] : [];
    }),
  );
}

/** Growth exponents over all parts of a row. */
export function exponent(parts: readonly MomentsPart[], which: "gamma" | "tau"): Value {
  return pooledMean(parts.map(({ result }) => result[which]));
}

export function lastLayer(parts: readonly MomentsPart[]): number {
  const { layers } = parts[0].result;
  return layers[layers.length - 1].layer;
}
