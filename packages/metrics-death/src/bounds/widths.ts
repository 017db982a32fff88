import { ShapeError } from "@sonde/core";

/** Throws `ShapeError` unless every width is a whole number >= 1. */
export function checkWidths(widths: readonly number[]): void {
  const wrong = widths.find((width) => !(Number.isInteger(width) && width >= 1));
  if (wrong !== undefined) throw new ShapeError(`widths and depths are whole numbers from 1, got ${wrong}`);
}
