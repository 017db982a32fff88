import type { Layer } from "@sonde/nets";

/** Whether a norm leaves mean 0 and variance 1, as theories of normalised networks suppose: no scale and no shift. */
export function isStandard({ gamma = 1, beta = 0 }: Layer & { readonly kind: "norm" }): boolean {
  return gamma === 1 && beta === 0;
}
