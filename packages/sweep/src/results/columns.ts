import type { Row } from "./rows.js";

/** What a column of a table holds. */
type ColumnType = "STRING" | "BOOLEAN" | "INT32" | "INT64" | "DOUBLE";

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** Columns of whole numbers, by the last word of their names: not by luck, for a probability that happens to be 0 or 1 everywhere stays a double. */
const wholes: Readonly<Record<string, ColumnType>> = Object.fromEntries([
  ...[
    "layer",
    "width",
    "depth",
    "inputs",
    "outputs",
    "networks",
    "points",
    "batch",
    "steps",
    "runs",
    "pairs",
    "looks",
    "block",
    "warmup",
    "grid",
  ].map((name) => [name, "INT32"] as const),
  ["seed", "INT64"],
]);

/** Finds the columns of rows that are seen one after the other. */
export interface ColumnFinder {
  readonly see: (row: Row) => void;
  /** In the order in which they were seen first. */
  readonly columns: () => Column[];
}

/**
 * Finds columns and their types: texts where any value is one, else truth values, else numbers, whole ones by the column's name.
 *
 * @example
 * const finder = columnFinder();
 * for (const row of [{ width: 8, p: 0 }, { width: 9, p: 0.5 }]) finder.see(row);
 * finder.columns() // [{ name: "width", type: "INT32" }, { name: "p", type: "DOUBLE" }]
 */
export function columnFinder(): ColumnFinder {
  const seen = new Map<string, Set<string>>();
  return {
    see(row) {
      for (const name of Object.keys(row)) {
        const kinds = seen.get(name) ?? new Set<string>();
        seen.set(name, kinds);
        const value = row[name];
        if (value === null) continue;
        kinds.add(typeof value === "number" && !Number.isSafeInteger(value) ? "fraction" : typeof value);
      }
    },
    columns: () => [...seen].map(([name, kinds]) => ({ name, type: typeOf(name, kinds) })),
  };
}

function typeOf(name: string, kinds: ReadonlySet<string>): ColumnType {
  if (kinds.has("string")) return "STRING";
  const numbers = kinds.has("number") || kinds.has("fraction");
  if (kinds.has("boolean")) return numbers ? "STRING" : "BOOLEAN";
  if (kinds.has("fraction")) return "DOUBLE";
  return wholes[name.slice(name.lastIndexOf("_") + 1)] ?? "DOUBLE";
}
