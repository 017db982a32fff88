import { quantiles } from "@sonde/core";

/** Quantiles over the networks that are finite and have a value; null where none has. */
export interface Quantiles {
  readonly networks: number;
  readonly p05: number | null;
  readonly p25: number | null;
  readonly p50: number | null;
  readonly p75: number | null;
  readonly p95: number | null;
}

/** The quantiles of a value over items; what is not finite or absent is left out. */
export function quantilesOver<Item>(items: readonly Item[], value: (item: Item) => number | null | undefined): Quantiles {
  const values = items.map(value).filter((one): one is number => typeof one === "number" && Number.isFinite(one));
  if (values.length === 0) return { networks: 0, p05: null, p25: null, p50: null, p75: null, p95: null };
  const [p05, p25, p50, p75, p95] = quantiles(values, [0.05, 0.25, 0.5, 0.75, 0.95]);
  return { networks: values.length, p05, p25, p50, p75, p95 };
}
