/** Settings of a cell: what JSON can say. Absent and undefined are the same. */
export type Settings = Readonly<Record<string, unknown>>;

/**
 * JSON that is the same for the same settings: sorted keys, shortest numbers, nothing undefined, and -0 as 0.
 *
 * Throws `TypeError` for numbers that JSON does not have.
 *
 * @example
 * canonical({ b: [1, -0], a: undefined }) // "{\"b\":[1,0]}"
 */
export function canonical(value: unknown): string {
  return JSON.stringify(ordered(value)) ?? "null";
}

/** The same with sorted keys; as it is where they are sorted. */
function ordered(value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError(`settings hold ${value}, which JSON cannot say`);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(ordered);
  const keys = Object.keys(value);
  let same = true;
  let last = "";
  for (const key of keys) {
    const item = (value as Settings)[key];
    if (key < last || ordered(item) !== item) same = false;
    last = key;
  }
  if (same) return value;
  return Object.fromEntries(keys.sort().map((key) => [key, ordered((value as Settings)[key])]));
}
