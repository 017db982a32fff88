import { hostname } from "node:os";
import type { SweepPlan } from "../plan/plan.js";
import type { StoreState } from "../store/state.js";
import type { StoreWriter } from "../store/writer.js";

/** Which cells a process does next. */
export interface CellChoice {
  /** Takes on so many cells at most: none where everything is done, or where the rest is in the hands of others. */
  readonly take: (most: number) => number[];
  /** Cells that others took on and have not finished. */
  readonly waiting: () => boolean;
  /** Whether a cell was one that another writer had taken on. */
  readonly repeated: (cell: number) => boolean;
}

/** Milliseconds without a sign of life after which the cells of another machine's writer are done here. */
const patience = 2000;

/**
 * Chooses among the cells of a plan that the store lacks: first those that nobody took on, in order; then, from the end, those that others took on and did not finish, once their process is gone
 * or shows no sign of life. That somebody took a cell on changes the order alone: nothing is ever locked, and what is done twice is done with the same result.
 */
export function chooseCells(
  mine: readonly number[],
  { ids }: Pick<SweepPlan, "ids">,
  {
    state,
    writer,
    again,
    longest,
  }: {
    readonly state: StoreState;
    readonly writer: StoreWriter;
    /** Failures that are tried once more. */
    readonly again: ReadonlySet<string>;
    /** Milliseconds that a cell takes at most, as far as is known: nobody is given up earlier. */
    readonly longest: () => number;
  },
): CellChoice {
  const taken = new Set<string>();
  const repeats = new Set<number>();
  const later: number[] = [];
  let position = 0;
  const open = (id: string) => !state.done.has(id) && !taken.has(id) && (!state.failures.has(id) || again.has(id));
  const takeOn = (cells: number[]) => {
    if (cells.length === 0) return cells;
    for (const cell of cells) taken.add(ids[cell]);
    writer.start(cells.map((cell) => ids[cell]));
    return cells;
  };
  const untouched = (most: number) => {
    const cells: number[] = [];
    for (; position < mine.length && cells.length < most; position++) {
      const cell = mine[position];
      if (!open(ids[cell])) continue;
      if (state.started.has(ids[cell])) later.push(cell);
      else cells.push(cell);
    }
    return cells;
  };
  const abandoned = (most: number) => {
    const cells: number[] = [];
    for (let k = later.length - 1; k >= 0 && cells.length < most; k--) {
      const cell = later[k];
      const keep = open(ids[cell]) && !givenUp(state.started.get(ids[cell]) ?? "", state, Math.max(patience, 3 * longest()));
      if (keep) continue;
      later.splice(k, 1);
      if (!open(ids[cell])) continue;
      repeats.add(cell);
      cells.push(cell);
    }
    return cells;
  };
  return {
    take(most) {
      state.refresh();
      const first = untouched(most);
      return takeOn(first.length > 0 ? first : abandoned(most));
    },
    waiting: () => later.some((cell) => open(ids[cell])),
    repeated: (cell) => repeats.has(cell),
  };
}

/** Whether a writer is certainly gone, or has not been seen for so long. */
function givenUp(name: string, { lastSeen }: StoreState, wait: number): boolean {
  const [host, pid] = name.split("-");
  const here = hostname()
    .split(".")[0]
    .replace(/[^A-Za-z0-9]/g, "_");
  if (host === here && !runs(Number(pid))) return true;
  return performance.now() - lastSeen(name) > wait;
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
