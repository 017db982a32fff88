import { log10 } from "@sonde/core/math";
import { drawable, extent } from "./drawable.js";
import type { Axis, Mark, Panel, Values } from "./figure.js";
import { linearTicks, logRound, logTicks, niceEnds, type Tick } from "./ticks.js";

/** An axis with its ends: where in [0, 1] a value stands, whether it is shown, and its ticks. */
export interface Scale {
  readonly type: "linear" | "log";
  readonly domain: readonly [low: number, high: number];
  readonly ticks: readonly Tick[];
  /** Share of the axis, 0 at its low end; in [0, 1] for what is inside. */
  place(value: number): number;
  /** Whether the value can be drawn inside. */
  shows(value: number | null): value is number;
  /** The value, or the end of the axis that it lies beyond; null for what cannot be drawn. */
  clamp(value: number | null): number | null;
}

/** The scale of an axis of a panel with room for about `count` ticks. */
export function scaleOf(panel: Panel, which: "x" | "y", count: number): Scale {
  const axis = panel[which];
  const log = axis.scale === "log";
  const domain = axis.domain ?? fitted(panel.marks, which, log, axis, count);
  const [low, high] = domain;
  const across = log ? log10(high) - log10(low) : high - low;
  const place = (value: number) => (log ? log10(value) - log10(low) : value - low) / across;
  const slack = 1e-9 * (high - low);
  const shows = (value: number | null): value is number =>
    drawable(value) && (log ? value >= low * (1 - 1e-9) : value >= low - slack) && value <= high + slack;
  return {
    type: log ? "log" : "linear",
    domain,
    ticks: ticksOf(axis, low, high, count),
    place,
    shows,
    clamp: (value) => (drawable(value) ? Math.min(high, Math.max(low, value)) : null),
  };
}

function ticksOf({ names, whole, scale }: Axis, low: number, high: number, count: number): readonly Tick[] {
  if (names) {
    const every = Math.ceil(names.length / Math.max(1, count));
    return names.filter(({ at }, k) => k % every === 0 && at >= low && at <= high);
  }
  return scale === "log" ? logTicks(low, high, count) : linearTicks(low, high, count, whole);
}

/** The ends that hold all data: tight along x and around cells, round along y. */
function fitted(marks: readonly Mark[], which: "x" | "y", log: boolean, axis: Axis, count: number): [number, number] {
  const keep = log ? (value: number) => value > 0 : () => true;
  const found = extent(allValues(marks, which), keep);
  if (!found) return log ? [0.1, 1] : [0, 1];
  let [low, high] = found;
  if (log) {
    // A band that nearly reaches 0 must not squeeze the curves it belongs to.
    const curves = extent(curveValues(marks, which), keep);
    if (curves) low = Math.max(low, Math.min(curves[0], curves[1]) / 10);
  }
  if (low === high) return alone(low, log, axis.whole ?? false);
  if (which === "x" || marks.some(({ kind }) => kind === "cells")) return [low, high];
  if (!log) return niceEnds(low, high, count);
  return [logRound(low, "below"), logRound(high, "above")];
}

/** Ends around a single value. */
function alone(value: number, log: boolean, whole: boolean): [number, number] {
  if (log) return [value / 2, value * 2];
  const room = whole || value === 0 ? 0.5 : Math.abs(value) / 10;
  return [value - room, value + room];
}

function* allValues(marks: readonly Mark[], which: "x" | "y"): Generator<number | null> {
  for (const mark of marks) {
    yield* curveValues([mark], which);
    if ((mark.kind === "band" && which === "y") || (mark.kind === "dots" && which === (mark.errors ?? "y"))) {
      yield* mark.low ?? [];
      yield* mark.high ?? [];
    }
  }
}

/** What must be seen of a mark: not the ends of its errors. */
function* curveValues(marks: readonly Mark[], which: "x" | "y"): Generator<number | null> {
  for (const mark of marks) {
    if (mark.kind === "rule") {
      if (mark.axis === which) yield mark.at;
    } else if (mark.kind === "cells") yield* which === "x" ? mark.xEdges : mark.yEdges;
    else if (mark.kind === "bars") {
      if (which !== (mark.along ?? "y")) yield* mark.edges;
      else yield* [0, ...mark.lengths];
    } else if (mark.kind === "paths") for (const path of mark.paths) for (const [x, y] of path) yield which === "x" ? x : y;
    else if (which === "x") yield* mark.x as Values;
    else if (mark.kind !== "band") yield* mark.y;
  }
}
