/** Whether a value can be drawn. */
export function drawable(value: number | null | undefined): value is number {
  return typeof value === "number" && value - value === 0;
}

/** The least and the greatest of the values that can be drawn and pass `keep`; undefined where there is none. */
export function extent(
  values: Iterable<number | null>,
  keep: (value: number) => boolean = () => true,
): [number, number] | undefined {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!drawable(value) || !keep(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : undefined;
}
