import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { NumericalError } from "@sonde/core";
import type { CellRecord, Json } from "../results/rows.js";
import type { SweepPlan } from "./plan/plan.js";
import { follow, type Place } from "./store/follow.js";
import { storeState } from "./store/state.js";

/** All that a store knows of its plan, joined. */
export interface Merged {
  /** Cells of the plan. */
  readonly cells: number;
  readonly done: number;
  readonly failed: number;
  /** Records of cells that were done more than once; all agree. */
  readonly duplicates: number;
  /** Lines that are damaged, and ends of files that are no whole line; those cells count as not done. */
  readonly damaged: { readonly lines: number; readonly torn: number };
  /** The record of each cell that is done, in the order of the plan's grids: its line in the store, without its end, and what it says. */
  readonly records: () => Generator<{ readonly line: string; readonly record: CellRecord }, void>;
}

/** Files that are kept open while records are read. */
const mostOpen = 64;

/**
 * Joins the records of all writers of a store, finished or not. Records are read again from their files as they are needed, so that memory does not grow with their size.
 *
 * A cell that was done twice is compared bit by bit: throws `NumericalError` where two results differ.
 */
export function mergeStore(store: string, plan: SweepPlan): Merged {
  const places = new Map<string, Place>();
  const files = openFiles(store);
  let duplicates = 0;
  const follower = follow(store, "records", (id, place, line) => {
    const first = places.get(id);
    if (!first) return void places.set(id, place);
    duplicates++;
    if (!files.read(first).equals(line)) throw disagreement(id, plan, first, place);
  });
  try {
    follower.refresh();
  } finally {
    files.close();
  }
  const state = storeState(store);
  state.refresh();
  const done = plan.ids.filter((id) => places.has(id)).length;
  function* inOrder(): Generator<[line: string, cell: number], void> {
    const reading = openFiles(store);
    try {
      for (let cell = 0; cell < plan.ids.length; cell++) {
        const place = places.get(plan.ids[cell]);
        if (place) yield [reading.read(place).toString("utf8"), cell];
      }
    } finally {
      reading.close();
    }
  }
  return {
    cells: plan.ids.length,
    done,
    failed: plan.ids.filter((id) => !places.has(id) && state.failures.has(id)).length,
    duplicates,
    damaged: follower.damaged(),
    *records() {
      for (const [line, cell] of inOrder()) {
        const { id, settings, result } = JSON.parse(line) as Record<"settings" | "result", { [key: string]: Json }> & {
          id: string;
        };
        yield { line, record: { id, axes: axesOf(plan, cell), settings, result } };
      }
    },
  };
}

/** The values of a cell on the axes, as numbers where all values of an axis are. */
function axesOf({ point }: SweepPlan, cell: number): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(point(cell)).map(([name, text]) => [
      camel(name),
      text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text,
    ]),
  );
}

function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function disagreement(id: string, plan: SweepPlan, first: Place, second: Place): NumericalError {
  const cell = plan.ids.indexOf(id);
  const where = cell < 0 ? id : `${id} (${JSON.stringify(plan.point(cell))})`;
  return new NumericalError(
    `two results of the cell ${where} differ, in ${first.file} and ${second.file}: the machines or releases that made them do not agree, so find out which is right and remove the other's files`,
  );
}

/** Reads places of files, of which only the last few stay open. */
function openFiles(store: string) {
  const open = new Map<string, number>();
  return {
    read({ file, offset, length }: Place): Buffer {
      let descriptor = open.get(file);
      if (descriptor === undefined) {
        for (const [name, oldest] of open) {
          if (open.size < mostOpen) break;
          closeSync(oldest);
          open.delete(name);
        }
        descriptor = openSync(join(store, file), "r");
        open.set(file, descriptor);
      }
      const bytes = Buffer.allocUnsafe(length);
      readSync(descriptor, bytes, 0, length, offset);
      return bytes;
    },
    close() {
      for (const descriptor of open.values()) closeSync(descriptor);
      open.clear();
    },
  };
}
