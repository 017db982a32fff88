import { DomainError, FormatError, quote, ShapeError } from "@sonde/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseCsv, writeCsv } from "../src/index.js";

const rowsOf = (text: string) => {
  const { shape, data } = parseCsv(text);
  return Array.from({ length: shape[0] }, (_, i) => Array.from(data.subarray(i * shape[1], (i + 1) * shape[1])));
};

it.each<[string, string]>([
  ["commas", "1,-2.5\n3e2,.5\n"],
  ["semicolons", "1;-2.5\n3e2;.5"],
  ["tabs", "1\t-2.5\n3e2\t.5"],
  ["blanks", "  1   -2.5 \n3e2 \t .5"],
  ["blanks after commas", "1, -2.5 \n 3e2 , .5"],
  ["quotes", '"1","-2.5"\n"3e2" , " .5"'],
  ["quotes between blanks", '"1"  "-2.5"\n3e2 ".5"'],
  ["CRLF", "1,-2.5\r\n3e2,.5\r\n"],
  ["CR", "1,-2.5\r3e2,.5\r"],
  ["empty lines and comments", "# x, y\n\n1,-2.5\n  \n  # more\n+3E+2,.5\n\n"],
  ["a byte order mark", "\ufeff1,-2.5\n300.,5e-1"],
])("parseCsv reads %s", (_, text) => {
  expect(rowsOf(text)).toEqual([
    [1, -2.5],
    [300, 0.5],
  ]);
});

it("parseCsv takes a first line without numbers as header", () => {
  expect(parseCsv('"a ""b""";c\n1;2')).toEqual({
    shape: [1, 2],
    data: Float64Array.of(1, 2),
    header: ['a "b"', "c"],
    separator: ";",
  });
  expect(parseCsv(",a\n1,2").header).toEqual(["", "a"]);
  expect(parseCsv("1,2").header).toBeUndefined();
});

it("parseCsv reads bytes as it reads text", () => {
  expect(parseCsv(new TextEncoder().encode("ä,b\n1,2"))).toEqual(parseCsv("ä,b\n1,2"));
});

it("writeCsv and parseCsv keep every finite number", () => {
  const table = fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), fc.boolean())
    .chain(([rows, columns, named]) =>
      fc.record({
        shape: fc.constant([rows, columns] as const),
        data: fc.float64Array({ minLength: rows * columns, maxLength: rows * columns, noNaN: true, noDefaultInfinity: true }),
        header: named
          ? fc.array(fc.string({ unit: fc.constantFrom(...'ab",;\t #ü') }), { minLength: columns, maxLength: columns })
          : fc.constant(undefined),
      }),
    );
  fc.assert(
    fc.property(table, ({ shape, data, header }) => {
      const names = header?.map((name) => `x${name.trim()}`);
      const back = parseCsv(writeCsv({ shape, data, header: names }));
      expect(back.data).toEqual(data);
      expect(back.shape).toEqual(shape);
      expect(back.header).toEqual(names);
    }),
  );
});

const refused: [string, string][] = [
  ["", "there are no rows: expected one point in each line"],
  ["# only\n\n", "there are no rows: expected one point in each line"],
  ["a,b\n", 'there are no rows of numbers: line 1 is "a,b"'],
  ["1,2\n3,x", 'line 2, column 2: "x" is not a number'],
  ["1,2\r\n\r\n# c\r\n3,0x1F", 'line 4, column 2: "0x1F" is not a number'],
  ["1,2x", 'line 1, column 2: "2x" is not a number'],
  ["1;2\n3;4,5", 'line 2, column 2: "4,5" is not a number'],
  ["1,2\nnan,4", 'line 2, column 1 is "nan": every value must be a finite number'],
  ["-Inf,NaN", 'line 1, column 1 is "-Inf": every value must be a finite number'],
  ["1e999", 'line 1, column 1 is "1e999": every value must be a finite number'],
  ["1,2\n,4", "line 2, column 1 is empty: every value must be given"],
  ["1,2\n3,", "line 2, column 2 is empty: every value must be given"],
  ["1,2\n3", "line 2 has 1 columns, but line 1 has 2: every line needs as many"],
  ["# c\na,b\n3,4,5", "line 3 has 3 columns, but line 2 has 2: every line needs as many"],
  ['1,2\n3,"4', "line 2, column 2: the quote is not closed in its line"],
  ['1,2\n"3"4,5', 'line 2, column 1: expected a separator after the closing quote, got "4"'],
  ['1 2\n"3"4 5', 'line 2, column 1: expected a separator after the closing quote, got "4"'],
  [`1\n${"9".repeat(200)}x`, `line 2, column 1: "${"9".repeat(79)}…" is not a number`],
  [`1${",1".repeat(2 ** 20)}`, "line 1 has more than 1048576 columns"],
  [`1\n${" ".repeat(9)}${"1".repeat(2 ** 25 + 1)}`, "line 2 is longer than 32.0 MiB: expected one point in each line"],
];

it.each(refused.map(([text, message]) => [quote(text), text, message]))(
  "parseCsv refuses %s by line and column",
  (_, text, message) => {
    expect(() => parseCsv(text)).toThrow(new FormatError(message));
  },
);

it("writeCsv refuses what could not be read back", () => {
  expect(() => writeCsv({ shape: [1, 2], data: [1, Number.NaN] })).toThrow(
    new DomainError("row 1, column 2 is NaN: a CSV table holds finite numbers"),
  );
  expect(() => writeCsv({ shape: [1, 2], data: [1] })).toThrow(new ShapeError("a table of 1 x 2 cannot hold 1 values"));
  expect(() => writeCsv({ shape: [1, 1], data: [1], header: ["a", "b"] })).toThrow(
    new ShapeError("a table of 1 x 1 cannot hold 1 values and 2 names"),
  );
  expect(() => writeCsv({ shape: [1, 1], data: [1], header: ["a\nb"] })).toThrow(
    new DomainError('the column name "a�b" holds a line break: a CSV table has one row in each line'),
  );
});
