import { ConfigError, DomainError, decimal, quote, type Stream, spelled, split } from "@sonde/core";
import { type Distribution, drawEntries } from "./distribution.js";

/**
 * How the biases of a layer are drawn, independently: all zero; with distribution and variance of the layer's weights; N(0, variance); or
 * uniform on (-radius, radius).
 */
export type Bias =
  | { readonly kind: "zeros" }
  | { readonly kind: "like-weights" }
  | { readonly kind: "normal"; readonly variance: number }
  | { readonly kind: "uniform"; readonly radius: number };

/** Distribution and variance of one weight. */
export interface EntryLaw {
  readonly distribution: Distribution;
  readonly variance: number;
}

/**
 * The bias that a text of the command line names: `zeros`, `like-weights`, `normal:VAR` (VAR the variance) or `uniform:R` (R the half-width).
 *
 * Throws `ConfigError` for another text and `DomainError` if the number is negative.
 *
 * @example
 * parseBias("normal:0.05") // { kind: "normal", variance: 0.05 }
 */
export function parseBias(text: string): Bias {
  const word = spelled(text, ["zeros", "like-weights"], { zero: "zeros", none: "zeros", false: "zeros" });
  if (word !== undefined) return { kind: word as "zeros" | "like-weights" };
  const [, kind, digits] = /^(normal|uniform):(\S+)$/.exec(text) ?? [];
  const value = decimal(digits ?? "");
  if (!kind || !Number.isFinite(value))
    throw new ConfigError(
      `unknown bias ${quote(text)}: expected "zeros", "like-weights", "normal:VAR" (such as "normal:0.05") or "uniform:R"`,
    );
  if (value < 0)
    throw new DomainError(`a bias needs a ${kind === "normal" ? "variance" : "radius"} of at least 0, got ${quote(text)}`);
  return kind === "normal" ? { kind, variance: value } : { kind: "uniform", radius: value };
}

/** Whether every bias is 0. */
export function isZeroBias(bias: Bias): boolean {
  return (
    bias.kind === "zeros" || (bias.kind === "normal" && bias.variance === 0) || (bias.kind === "uniform" && bias.radius === 0)
  );
}

/** The law of one bias; `undefined` where it is zero. */
export function biasLaw(bias: Bias, weights: EntryLaw): EntryLaw | undefined {
  switch (bias.kind) {
    case "zeros":
      return undefined;
    case "like-weights":
      return weights;
    case "normal":
      return { distribution: "normal", variance: bias.variance };
    case "uniform":
      return { distribution: "uniform", variance: (bias.radius * bias.radius) / 3 };
  }
}

/** Draws the biases of a layer from its stream's child 1. `-> [outputs]`. */
export function drawBias(bias: Bias, weights: EntryLaw, random: Stream, outputs: number): Float64Array {
  const result = new Float64Array(outputs);
  const law = biasLaw(bias, weights);
  if (law) drawEntries(law.distribution, law.variance, split(random, 1), result);
  return result;
}
