/**
 * The slope of values against their index backwards, by least squares: what is added from one to the one before it. NaN for fewer than two.
 *
 * @example
 * backwardSlope([4, 3, 1]) // 1.5
 */
export function backwardSlope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  let along = 0;
  let squares = 0;
  values.forEach((value, k) => {
    along += (middle - k) * value;
    squares += (middle - k) * (middle - k);
  });
  return along / squares;
}
