import { FormatError, quote } from "@sonde/core";

const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const notFinite = /^[+-]?(?:nan|inf|infinity)$/i;

/** Whether a field is meant as a number, finite or not. */
export function looksNumeric(field: string): boolean {
  return decimal.test(field) || notFinite.test(field);
}

/** The number that a field says. Throws `FormatError` unless it is a finite decimal number. */
export function finiteNumber(field: string, line: number, column: number): number {
  const text = field.trim();
  const value = Number(text);
  if (decimal.test(text) && Number.isFinite(value)) return value;
  const where = `line ${line}, column ${column}`;
  if (text === "") throw new FormatError(`${where} is empty: every value must be given`);
  if (looksNumeric(text)) throw new FormatError(`${where} is ${quote(text)}: every value must be a finite number`);
  throw new FormatError(`${where}: ${quote(text)} is not a number`);
}
