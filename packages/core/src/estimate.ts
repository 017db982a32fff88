/**
 * A number that was estimated from independent random networks, with its uncertainty: `[low, high]` is a 95 % interval, `networks` the count of
 * independent samples behind it. Exact values carry `standardError` 0.
 */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
  readonly networks: number;
}
