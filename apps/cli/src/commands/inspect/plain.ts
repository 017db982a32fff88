/** The same without what is not known, which JSON has as absent, and with numbers that JSON cannot write as text. */
export function plain(value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return value.map((entry) => plain(entry ?? "open"));
  if (typeof value !== "object" || value === null) return value;
  // A tensor or a graph within an attribute is told by its name.
  if ("values" in value || "nodes" in value) return "name" in value ? value.name : "graph";
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) => (entry === null || entry === undefined ? [] : [[key, plain(entry)]])),
  );
}
