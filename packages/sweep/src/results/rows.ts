/** A value that JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A row of a table: plain values by the names of their columns. */
export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** What a store keeps of a cell, and where in the grid it lies. */
export interface CellRecord {
  readonly id: string;
  /** Its values on the axes of the grid. */
  readonly axes: Readonly<Record<string, string | number>>;
  readonly settings: { readonly [key: string]: Json };
  readonly result: { readonly [key: string]: Json };
}

/**
 * Nested objects as one flat row: `{ a: { b: 1 } }` becomes `{ a_b: 1 }`; an underscore needs no quotes in SQL, R or Python. Lists are left out.
 *
 * @example
 * flatten({ bornDead: { value: 0.5, networks: 10 }, layers: [1] }) // { bornDead_value: 0.5, bornDead_networks: 10 }
 */
export function flatten(value: { readonly [key: string]: Json }): Row {
  const row: Record<string, string | number | boolean | null> = {};
  const visit = (item: { readonly [key: string]: Json }, prefix: string) => {
    for (const [key, inner] of Object.entries(item)) {
      if (Array.isArray(inner)) continue;
      if (inner !== null && typeof inner === "object") visit(inner as { readonly [key: string]: Json }, `${prefix}${key}_`);
      else row[prefix + key] = inner as string | number | boolean | null;
    }
  };
  visit(value, "");
  return row;
}

/** A row in two parts: where it belongs, and what was found there. */
export interface RowParts {
  /** The cell's name, its place in the grid, its settings. */
  readonly head: Row;
  readonly found: Row;
}

/**
 * The row of a cell.
 *
 * @example
 * cellParts({ id: "a1", axes: { width: 8 }, settings: { seed: 0 }, result: { bornDead: { value: 1 } } }) // { head: { id: "a1", width: 8, seed: 0 }, found: { bornDead_value: 1 } }
 */
export function cellParts(record: CellRecord): RowParts {
  return { head: headOf(record), found: flatten(record.result) };
}

/**
 * The rows of a cell's layers: each repeats what the cell's row begins with, so that no reader needs a join. None where the result has no layers.
 *
 * @example
 * layerParts({ id: "a1", axes: {}, settings: { seed: 0 }, result: { layers: [{ vni: { value: 0.5 } }] } }) // [{ head: { id: "a1", seed: 0 }, found: { layer: 1, vni_value: 0.5 } }]
 */
export function layerParts(record: CellRecord): RowParts[] {
  const { layers } = record.result;
  if (!Array.isArray(layers)) return [];
  const head = headOf(record);
  return layers.map((layer: Json, l) => {
    const fields = layer !== null && typeof layer === "object" ? flatten(layer as { readonly [key: string]: Json }) : {};
    return { head, found: { layer: l + 1, ...fields } };
  });
}

/**
 * Both parts as one row. A result that has the name of a setting, in any row of the table, is called `result_` and that name.
 *
 * @example
 * joinedRow({ head: { method: "auto" }, found: { method: "law", value: 1 } }, new Set(["method"])) // { method: "auto", result_method: "law", value: 1 }
 */
export function joinedRow({ head, found }: RowParts, settings: ReadonlySet<string>): Row {
  const row: Record<string, string | number | boolean | null> = { ...head };
  for (const [key, value] of Object.entries(found)) row[settings.has(key) ? `result_${key}` : key] = value;
  return row;
}

function headOf({ id, axes, settings }: CellRecord): Row {
  return { id, ...axes, ...flatten({ ...settings, ...axes }) };
}
