/**
 * A count with its noun.
 *
 * @example
 * count(1, "network") // "1 network"
 * count(10000, "network") // "10,000 networks"
 */
export function count(number: number, noun: string): string {
  return `${thousands(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/**
 * A whole number with commas between thousands. Loading an engine's tables of languages for it would take longer than a prediction.
 *
 * @example
 * thousands(1234567) // "1,234,567"
 */
export function thousands(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}
