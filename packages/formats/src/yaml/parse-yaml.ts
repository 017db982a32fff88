import { FormatError, quote } from "@sonde/core";
import { parse } from "yaml";

/** Characters of a YAML file: its parser is slower than that of JSON. */
const most = 2 ** 20;

/**
 * What a YAML file says, in the words of JSON: no tags of its own, no key twice, and aliases no further than a hundred times what is there. Of at most 2^20 characters.
 *
 * Throws `FormatError` with one sentence for anything else, in which the file is "it".
 *
 * @example
 * parseYaml("input: 2\nlayers:\n  - { kind: dense, units: 3 }"); // { input: 2, layers: [{ kind: "dense", units: 3 }] }
 */
export function parseYaml(text: string): unknown {
  if (text.length > most) throw new FormatError(`it is YAML of more than ${most} characters: save it as JSON`);
  try {
    return parse(text, { schema: "core", maxAliasCount: 100, logLevel: "error", prettyErrors: false });
  } catch (error) {
    const why = error instanceof RangeError ? "it is nested too deep" : (error as Error).message;
    throw new FormatError(
      `it is not YAML that is read (${quote(why).slice(1, -1)}): an architecture file has an input and layers`,
    );
  }
}
