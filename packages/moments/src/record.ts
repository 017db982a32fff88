import { quantiles } from "@sonde/core";
import type { Drawn, Executor } from "@sonde/nets";
import { type ColumnSummary, summaryOf } from "./columns.js";
import type { MomentsState } from "./metric.js";
import { type LayerQuantity, layerQuantities, type PlaceQuantity, placeQuantities } from "./network-values.js";
import { type Pathology, pathologies } from "./pathologies.js";
import { byLayer, hasQuantity, type MomentsPlan, type PartialQuantity } from "./plan-places.js";
import { type LayerTheory, layerTheory, type TheoryKind } from "./theory/layer-theory.js";

/** A quantity over networks: mean and its standard error, sample standard deviation of one network, 16th and 84th percentile (of the first networks, where there are many). */
export interface Spread extends ColumnSummary {
  readonly p16: number;
  readonly p84: number;
}

type RankQuantity = "effectiveRank" | "noiseEffectiveRank";

/** One place: its own quantities, over networks; effective ranks where they were asked for. */
export interface MomentsLocation
  extends Readonly<Record<Exclude<PlaceQuantity, RankQuantity>, ColumnSummary>>,
    Readonly<Partial<Record<RankQuantity, ColumnSummary>>> {
  /** `input`, or where the layer stands in the description. */
  readonly path: string;
  /** `input`, or the kind of the layer. */
  readonly kind: string;
}

/** One layer or residual unit. A quantity that it does not have, such as those of a norm where there is none, is absent; one that has a value in no network has `networks` 0 and NaN. */
export interface MomentsLayer
  extends Readonly<Record<Exclude<LayerQuantity, PartialQuantity>, Spread>>,
    Readonly<Partial<Record<PartialQuantity, Spread>>> {
  /** Counted from 1. */
  readonly layer: number;
  /** What theory says of it; see `layerTheory`. */
  readonly theory: LayerTheory;
  /** Every place in it, in the order of computation. */
  readonly locations: readonly MomentsLocation[];
}

/** Single networks at one layer, for histograms. */
export interface MomentsSample {
  readonly layer: number;
  readonly logNu2: readonly number[];
  readonly logNoise: readonly number[];
  readonly logChi: readonly number[];
}

export interface MomentsRecord {
  readonly layers: readonly MomentsLayer[];
  /** The input and, if there is an embedding, what comes out of it. */
  readonly input: readonly MomentsLocation[];
  /** ln chi ~ gamma l and ln chi ~ tau ln l, fitted to the last half of every network. */
  readonly gamma: ColumnSummary;
  readonly tau: ColumnSummary;
  readonly pathologies: readonly Pathology[];
  /** At a quarter, half, three quarters and the end of the depth. */
  readonly samples: readonly MomentsSample[];
  /** Points in a batch. */
  readonly batch: number;
  readonly jacobian: "frozen" | "full";
  readonly networks: number;
  /** How layers were drawn, and by what. */
  readonly method: Drawn;
  readonly executor: Executor;
  readonly interrupted: boolean;
}

/** What is known of a run beside its state. */
export type RunFacts = Pick<MomentsRecord, "batch" | "jacobian" | "networks" | "method" | "executor" | "interrupted">;

/** The record behind a finished state. */
export function momentsRecord(state: MomentsState, plan: MomentsPlan, theory: TheoryKind, run: RunFacts): MomentsRecord {
  const locations = plan.places.map(({ path, kind, ranks }, p): MomentsLocation => {
    const entries = placeQuantities.flatMap((name, q) =>
      ranks || !isRank(name) ? [[name, summaryOf(state.places, p * placeQuantities.length + q)]] : [],
    );
    return { path, kind, ...(Object.fromEntries(entries) as Record<PlaceQuantity, ColumnSummary>) };
  });
  const located = byLayer(plan, locations);
  const at = (layer: number) => located[layer] ?? [];
  const layers = plan.layers.map((places, l): MomentsLayer => {
    const entries = layerQuantities.flatMap((name, q) =>
      hasQuantity(places, name) ? [[name, spreadOf(state, l * layerQuantities.length + q)]] : [],
    );
    return {
      layer: l + 1,
      ...(Object.fromEntries(entries) as Record<LayerQuantity, Spread>),
      theory: layerTheory(theory, l + 1),
      locations: at(l + 1),
    };
  });
  const [gamma, tau] = [summaryOf(state.growth, 0), summaryOf(state.growth, 1)];
  return { layers, input: at(0), gamma, tau, pathologies: pathologies(layers, gamma, tau), samples: samplesOf(state), ...run };
}

function isRank(name: PlaceQuantity): boolean {
  return name === "effectiveRank" || name === "noiseEffectiveRank";
}

function spreadOf({ layers, rows }: MomentsState, q: number): Spread {
  const values = rows.map((row) => row[q]).filter(Number.isFinite);
  const [p16, p84] = values.length > 0 ? quantiles(values, [0.16, 0.84]) : [Number.NaN, Number.NaN];
  return { ...summaryOf(layers, q), p16, p84 };
}

function samplesOf({ rows, layers }: MomentsState): MomentsSample[] {
  const depth = layers.counts.length / layerQuantities.length;
  const chosen = new Set([1, 2, 3, 4].map((quarter) => Math.ceil((quarter * depth) / 4)));
  const value = (row: Float64Array, layer: number, name: LayerQuantity) =>
    row[(layer - 1) * layerQuantities.length + layerQuantities.indexOf(name)];
  return [...chosen]
    .filter((layer) => layer > 0)
    .map((layer) => ({
      layer,
      logNu2: rows.map((row) => value(row, layer, "logNu2")),
      logNoise: rows.map((row) => value(row, layer, "logNoise")),
      logChi: rows.map((row) => value(row, layer, "logChi")),
    }));
}
