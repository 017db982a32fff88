import { readFileSync } from "node:fs";
import { type Matrix, matrix } from "@sonde/core";

/** The fixture's batch and width. */
export const points = 6;
export const units = 5;

const fill = (rows: number, cols: number, value: (i: number, j: number) => number): Matrix<Float64Array> =>
  matrix(
    rows,
    cols,
    Float64Array.from({ length: rows * cols }, (_, k) => value(Math.floor(k / cols), k % cols)),
  );

export const inputs = fill(points, units, (b, i) => Math.sin(1 + 2 * b + 3 * i) + 0.25 * Math.cos(b * i));
export const noise = fill(points, units, (b, i) => Math.cos(2 + 5 * b + i));

/** The weights of layer l = 1, 2, ... */
export const weights = (l: number) =>
  fill(units, units, (i, j) => Math.sqrt(2 / units) * Math.SQRT2 * Math.sin(1.7 * (25 * l + 5 * i + j) + 0.3));

/** A line of the fixture: nu1|x|, nu2, mu2, mu4, r_eff(x), nu2(dx), r_eff(dx), chi. */
export interface Line {
  readonly location: string;
  readonly numbers: readonly number[];
}

/** The sections of the fixture by the first word of their titles. */
export const sections: ReadonlyMap<string, readonly Line[]> = new Map(
  readFileSync(new URL("fixtures/moments.txt", import.meta.url), "utf8")
    .split("\n## ")
    .slice(1)
    .map((section) => {
      const [title, ...lines] = section.trimEnd().split("\n");
      const numbers = (line: string) => [...line.matchAll(/=([-\d.e]+)/g)].map(([, digits]) => Number(digits));
      return [
        title.split(" ")[0],
        lines.map((line) => ({ location: line.slice(0, 22).trim(), numbers: numbers(line.slice(22)) })),
      ];
    }),
);
