import { FormatError, quote } from "@sonde/core";
import { parse } from "yaml";

/** Characters of a YAML file: its parser is slower than that of JSON. */
const most = 2 ** 20;

/**
 * What a YAML file says, in the words of JSON: no tags of its own, no key twice, aliases no further than a hundred times what is there, and none within what it names. Of at most 2^20 characters.
 *
 * Throws `FormatError` with one sentence for anything else, in which the file is "it".
 *
 * @example
 * parseYaml("input: 2\nlayers:\n  - { kind: dense, units: 3 }"); // { input: 2, layers: [{ kind: "dense", units: 3 }] }
 */
export function parseYaml(text: string): unknown {
  if (text.length > most) throw new FormatError(`it is YAML of more than ${most} characters: save it as JSON`);
  try {
    const value: unknown = parse(text, { schema: "core", maxAliasCount: 100, logLevel: "error", prettyErrors: false });
    checkFinite(value, new Set());
    return value;
  } catch (error) {
    const why = error instanceof RangeError ? "it is nested too deep" : (error as Error).message;
    throw new FormatError(
      `it is not YAML that is read (${quote(why).slice(1, -1)}): an architecture file has an input and layers`,
    );
  }
}

/** An alias within what it names makes a value that never ends. */
function checkFinite(value: unknown, around: Set<unknown>): void {
  if (typeof value !== "object" || value === null) return;
  if (around.has(value)) throw new Error("an alias stands within what it names");
  around.add(value);
  for (const inner of Object.values(value)) checkFinite(inner, around);
  around.delete(value);
}
