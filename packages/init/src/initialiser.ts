import { ConfigError, DomainError, quote } from "@sonde/core";
import { type Bias, parseBias } from "./bias.js";
import type { Distribution } from "./distribution.js";
import { independent } from "./independent.js";
import { suggest } from "./suggest.js";
import type { Initialiser } from "./types.js";
import { glorot, he, lecun, type VarianceRule } from "./variance-rules.js";

/** What the initialisation of a layer is chosen by; every field as on the command line. */
export interface InitialiserSpec {
  /** One of `initialiserNames`; default `he-normal`. */
  readonly init?: string;
  /** Variance of a weight times its fan-in (for the orthogonal ones: the squared gain), > 0; default: the initialiser's own. */
  readonly weightVariance?: number;
  /** `zeros` (default), `like-weights`, `normal:VAR` or `uniform:R`, see `parseBias`. */
  readonly bias?: string;
}

type Builder = (name: string, bias: Bias, weightVariance: number | undefined) => Initialiser;

const scaled =
  (distribution: Distribution, rule: VarianceRule): Builder =>
  (name, bias, weightVariance) =>
    independent(name, distribution, weightVariance === undefined ? rule : () => weightVariance, bias);

/** Initialisers that take a bias and a weight variance. */
const builders = new Map<string, Builder>();
for (const [family, rule] of Object.entries({ he, glorot, lecun }))
  for (const distribution of ["normal", "uniform", "truncated-normal"] as const)
    builders.set(`${family}-${distribution}`, scaled(distribution, rule));

/** Every name that `initialiser` knows; the sign flips also take a base after a colon, such as `sign-flip-layer:glorot-normal`. */
export const initialiserNames: readonly string[] = [...builders.keys()];

/**
 * The initialiser with the given name and options, all as on the command line.
 *
 * Throws `ConfigError` for an unknown name or bias and for options that exclude each other, `DomainError` for a variance that is not positive.
 *
 * @example
 * initialiser({ init: "glorot-uniform", bias: "normal:0.05" }).name // "glorot-uniform"
 */
export function initialiser({ init = "he-normal", weightVariance, bias }: InitialiserSpec = {}): Initialiser {
  const build = builders.get(init);
  if (!build) {
    const near = suggest(init, initialiserNames);
    throw new ConfigError(
      `unknown initialiser ${quote(init)}${near ? `: did you mean "${near}"?` : ":"} choose one of ${initialiserNames.join(", ")}`,
    );
  }
  if (weightVariance !== undefined && !(Number.isFinite(weightVariance) && weightVariance > 0))
    throw new DomainError(`a weight variance must be a number above 0, got ${weightVariance}`);
  return build(init, parseBias(bias ?? "zeros"), weightVariance);
}
