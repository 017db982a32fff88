import { FormatError, quote } from "@sonde/core";

/** A JSON object in UTF-8. Throws `FormatError` with what `what` is for anything else. */
export function parsedJson(bytes: Uint8Array, what: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new FormatError(`${what} is not JSON (${quote((error as Error).message).slice(1, -1)})`);
  }
  if (!isRecord(value)) throw new FormatError(`${what} is not a JSON object`);
  return value;
}

/** Whether a value is an object with fields. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
