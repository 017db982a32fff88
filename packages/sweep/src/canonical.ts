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
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError(`settings hold ${value}, which JSON cannot say`);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  let text = "";
  for (const key of Object.keys(value).sort()) {
    const item = (value as Settings)[key];
    if (item === undefined) continue;
    text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${canonical(item)}`;
  }
  return `{${text}}`;
}
