/** Each digit can be matched in one way only, so that no text takes long to refuse. */
const pattern = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The number that is written in plain decimal or scientific notation, NaN for anything else: unlike `Number`, which takes "", " 1" and "0x10".
 *
 * @example
 * decimal("-1.5e3") // -1500
 * decimal("0x10") // NaN
 */
export function decimal(text: string): number {
  return pattern.test(text) ? Number(text) : Number.NaN;
}

/**
 * The same of a whole number, NaN where what is written is none, even if the nearest float64 is one.
 *
 * @example
 * wholeDecimal("1e6") // 1000000
 * wholeDecimal("9007199254740991.4") // NaN
 */
export function wholeDecimal(text: string): number {
  if (!pattern.test(text)) return Number.NaN;
  const [mantissa, exponent = "0"] = text.toLowerCase().split("e");
  const [before, after = ""] = mantissa.replace(/^[+-]/, "").split(".");
  const digits = `${before}${after}`;
  let significant = digits.length;
  while (significant > 0 && digits[significant - 1] === "0") significant--;
  // Places between the last digit that is not 0 and the point.
  const places = Number(exponent) - after.length + (digits.length - significant);
  return significant === 0 || places >= 0 ? Number(text) : Number.NaN;
}
