import { DomainError, quote, ShapeError } from "@sonde/core";

/**
 * The table as text with one row in each line; every number in the fewest digits that read back as the same number.
 *
 * Throws `ShapeError` if the shape does not match data or header, `DomainError` for a value that is not finite, since it could not be read back.
 *
 * @example
 * writeCsv({ shape: [2, 2], data: Float64Array.of(1, 2, 3, 0.5) }) // "1,2\n3,0.5\n"
 */
export function writeCsv(table: {
  readonly shape: readonly [number, number];
  readonly data: ArrayLike<number>;
  readonly header?: readonly string[];
}): string {
  const { data, header } = table;
  const [rows, columns] = table.shape;
  if (data.length !== rows * columns || (header && header.length !== columns))
    throw new ShapeError(
      `a table of ${rows} x ${columns} cannot hold ${data.length} values${header ? ` and ${header.length} names` : ""}`,
    );
  const broken = header?.find((name) => /[\r\n]/.test(name));
  if (broken !== undefined)
    throw new DomainError(`the column name ${quote(broken)} holds a line break: a CSV table has one row in each line`);
  const lines: string[] = [];
  if (header) lines.push(header.map((name) => `"${name.replaceAll('"', '""')}"`).join(","));
  for (let i = 0; i < rows; i++) {
    const values = Array.from({ length: columns }, (_, j) => data[i * columns + j]);
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0)
      throw new DomainError(`row ${i + 1}, column ${wrong + 1} is ${values[wrong]}: a CSV table holds finite numbers`);
    lines.push(values.map((value) => (Object.is(value, -0) ? "-0" : String(value))).join(","));
  }
  return lines.map((line) => `${line}\n`).join("");
}
