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

/** Makes scales of an axis of a panel, with room for about so many ticks; its data are looked through once. */
export function scalesOf(panel: Panel, which: "x" | "y"): (ticks: number) => Scale {
  const axis = panel[which];
  const log = axis.scale === "log";
  const ends = axis.domain ?? fitted(panel.marks, which, log, axis.whole ?? false);
  const round = axis.domain === undefined && which === "y" && !log && !holdsCells(panel.marks);
  return (ticks) => scale(axis, log, round ? niceEnds(ends[0], ends[1], ticks) : ends, ticks);
}

function scale(axis: Axis, log: boolean, domain: readonly [number, number], count: number): Scale {
  const [low, high] = domain;
  const across = log ? log10(high) - log10(low) : high - low;
  const slack = 1e-9 * (high - low);
  return {
    type: log ? "log" : "linear",
    domain,
    ticks: ticksOf(axis, low, high, count),
    place: (value) => (log ? log10(value) - log10(low) : value - low) / across,
    shows: (value): value is number =>
      drawable(value) && (log ? value >= low * (1 - 1e-9) : value >= low - slack) && value <= high + slack,
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

/** The ends that hold all data: tight along x and around cells; on a logarithmic y axis at 1, 2 or 5 times a power of ten. */
function fitted(marks: readonly Mark[], which: "x" | "y", log: boolean, whole: boolean): readonly [number, number] {
  const curves = extent(curveValues(marks, which), log);
  const all = extent([...curveValues(marks, which), ...errorValues(marks, which)], log);
  if (!all) return log ? [0.1, 1] : [0, 1];
  // A band that nearly reaches 0 must not squeeze the curves it belongs to.
  const low = log && curves ? Math.max(all[0], curves[0] / 10) : all[0];
  const high = all[1];
  if (low === high) return alone(low, log, whole);
  if (!(log && which === "y") || holdsCells(marks)) return [low, high];
  const [from, to] = [logRound(low, "below"), logRound(high, "above")];
  // Values that differ by rounding may be at one round number.
  return from < to ? [from, to] : alone(from, log, whole);
}

function holdsCells(marks: readonly Mark[]): boolean {
  return marks.some(({ kind }) => kind === "cells");
}

/** Ends around a single value. */
function alone(value: number, log: boolean, whole: boolean): [number, number] {
  if (log) return [value / 2, value * 2];
  const room = whole || value === 0 ? 0.5 : Math.abs(value) / 10;
  return [value - room, value + room];
}

/** What must be seen of marks along an axis. */
function curveValues(marks: readonly Mark[], which: "x" | "y"): Values[] {
  return marks.flatMap((mark): Values[] => {
    switch (mark.kind) {
      case "rule":
        return mark.axis === which ? [[mark.at]] : [];
      case "cells":
        return [which === "x" ? mark.xEdges : mark.yEdges];
      case "bars":
        return which === (mark.along ?? "y") ? [[0], mark.lengths] : [mark.edges];
      case "paths":
        return mark.paths.map((path) => path.map(([x, y]) => (which === "x" ? x : y)));
      case "band":
        return which === "x" ? [mark.x] : [];
      default:
        return [mark[which]];
    }
  });
}

/** The ends of bands and of error bars. */
function errorValues(marks: readonly Mark[], which: "x" | "y"): Values[] {
  return marks.flatMap((mark): Values[] => {
    if (mark.kind === "band") return which === "y" ? [mark.low, mark.high] : [];
    return mark.kind === "dots" && which === (mark.errors ?? "y") ? [mark.low ?? [], mark.high ?? []] : [];
  });
}
