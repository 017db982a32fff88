import { hash as digestOf } from "node:crypto";
import { ConfigError } from "@sonde/core";
import { canonical, type Settings } from "../../canonical.js";
import { type Grid, gridSize, type Point, points } from "../../grid/grid.js";

/** What a sweep asks, as its plan file says it. */
export interface SweepRequest {
  /** What each cell asks for: for the command line the name of a command. */
  readonly command: string;
  readonly model?: string;
  /** Options that all cells have, by their names without dashes. */
  readonly options?: Readonly<Record<string, string | boolean>>;
  /** All combinations of each, one grid after the other. */
  readonly grids: readonly Grid[];
}

/** How combinations become cells. */
export interface Expansion {
  /** The complete settings of a combination: everything that decides its numbers, and nothing else. */
  readonly settings: (point: Point) => Settings;
  /** How long it takes, in any unit; it decides the order alone. */
  readonly cost: (point: Point) => number;
  /** Raised whenever the numbers that some settings lead to change, and only then. */
  readonly resultVersion: number;
}

/** The cells of a sweep. */
export interface SweepPlan {
  readonly request: SweepRequest;
  readonly resultVersion: number;
  /** Names of the cells, in the order of the grids: 32 hexadecimal digits of the SHA-256 of settings and result version. */
  readonly ids: readonly string[];
  /** Predicted costs, in the same order. */
  readonly costs: Float64Array;
  /** Cells (places in `ids`) in the order in which they are done: dearest first, ties by name. */
  readonly order: Uint32Array;
  /** Names the plan: the hash of all of the above. */
  readonly hash: string;
  /** The combination of a cell. */
  readonly point: (cell: number) => Point;
}

/**
 * Expands a request to its cells. A combination that has the settings of an earlier one is no cell of its own.
 *
 * Throws `ConfigError` for a plan without cells and for one of more than five millions.
 *
 * @example
 * const plan = planSweep({ command: "square", grids: [{ x: ["1", "2", "3"] }] }, { settings: ({ x }) => ({ x: Number(x) }), cost: ({ x }) => Number(x), resultVersion: 1 });
 * [plan.ids.length, ...plan.order] // [3, 2, 1, 0]
 */
export function planSweep(request: SweepRequest, { settings, cost, resultVersion }: Expansion): SweepPlan {
  const size = gridSize(request.grids);
  if (size === 0) throw new ConfigError("the plan has no cells: give it axes, as in width=2..20");
  const ids: string[] = [];
  const combinations: Point[] = [];
  const costs: number[] = [];
  const known = new Set<string>();
  for (const point of points(request.grids)) {
    const id = cellId(settings(point), resultVersion);
    if (known.has(id)) continue;
    known.add(id);
    ids.push(id);
    combinations.push(point);
    costs.push(cost(point));
  }
  return finished(request, resultVersion, { ids, costs: Float64Array.from(costs), combinations });
}

/** The name of the cell that has these settings. */
export function cellId(settings: Settings, resultVersion: number): string {
  return digest(canonical({ resultVersion, settings })).slice(0, 32);
}

function finished(
  request: SweepRequest,
  resultVersion: number,
  { ids, costs, combinations }: { ids: string[]; costs: Float64Array; combinations: Point[] },
): SweepPlan {
  const order = Uint32Array.from(ids.keys()).sort((a, b) => costs[b] - costs[a] || (ids[a] < ids[b] ? -1 : 1));
  const hash = digest(ids.join("\n")).slice(0, 32);
  return { request, resultVersion, ids, costs, order, hash, point: (cell) => combinations[cell] };
}

function digest(text: string): string {
  return digestOf("sha256", text);
}
