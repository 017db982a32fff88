/** How the rows or columns of a block of numbers are told apart. */
export interface Compared {
  /** A number that equal ones share, such as their sum. */
  readonly keyOf: (index: number) => number;
  readonly equal: (a: number, b: number) => boolean;
}

/** Those of the candidates that equal an earlier one: few share a key without being equal, and only these are compared in full. */
export function repeats(candidates: readonly number[], { keyOf, equal }: Compared): number[] {
  const byKey = new Map<number, number[]>();
  return candidates.filter((index) => {
    const alike = byKey.get(keyOf(index));
    if (!alike) {
      byKey.set(keyOf(index), [index]);
      return false;
    }
    if (alike.some((other) => equal(index, other))) return true;
    alike.push(index);
    return false;
  });
}

/** Compares the columns of `[rows, columns]` numbers by their sums and then value by value. */
export function columnsOf(data: ArrayLike<number>, columns: number, sums: (column: number) => number): Compared {
  return {
    keyOf: sums,
    equal(a, b) {
      for (let k = 0; k < data.length; k += columns) if (data[k + a] !== data[k + b]) return false;
      return true;
    },
  };
}
