import { FormatError, quote } from "@sonde/core";
import { modelLimits } from "./limits.js";

/** A JSON object in UTF-8. Throws `FormatError` with what `what` is for anything else. */
export function parsedJson(bytes: Uint8Array, what: string): Record<string, unknown> {
  const value = parsedText(bytes, what);
  if (!isRecord(value)) throw new FormatError(`${what} is not a JSON object`);
  return value;
}

/** A JSON value in UTF-8. Throws `FormatError` for anything else. */
export function parsedText(bytes: Uint8Array, what: string): unknown {
  if (nesting(bytes) > modelLimits.jsonNesting)
    throw new FormatError(`${what} has lists and objects within one another, more than ${modelLimits.jsonNesting} deep`);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new FormatError(`${what} is not JSON (${quote((error as Error).message).slice(1, -1)})`);
  }
}

/** How deep lists and objects lie within one another. */
function nesting(bytes: Uint8Array): number {
  let depth = 0;
  let most = 0;
  let inText = false;
  for (let k = 0; k < bytes.length; k++) {
    const byte = bytes[k];
    if (inText) {
      if (byte === 0x5c) k++;
      else if (byte === 0x22) inText = false;
    } else if (byte === 0x22) inText = true;
    else if (byte === 0x5b || byte === 0x7b) most = Math.max(most, ++depth);
    else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return most;
}

/** Whether a value is an object with fields. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
