import { ConfigError, DomainError, nearest, quote } from "@sonde/core";
import { type Bias, parseBias } from "./bias.js";
import { deltaOrthogonal } from "./delta-orthogonal.js";
import type { Distribution } from "./distribution.js";
import { independent } from "./independent.js";
import { keras } from "./keras.js";
import { lsuv } from "./lsuv.js";
import { orthogonal } from "./orthogonal.js";
import { pytorch } from "./pytorch.js";
import { rai } from "./rai.js";
import { signFlipLayer, signFlipNeuron } from "./sign-flip.js";
import type { Initialiser } from "./types.js";
import { glorot, he, lecun, type VarianceRule } from "./variance-rules.js";

/** What the initialisation of a layer is chosen by; every field as on the command line. */
export interface InitialiserSpec {
  /** One of `initialiserNames`, default `he-normal`; a sign flip may name its base after a colon, as in `sign-flip-layer:glorot-normal`. */
  readonly init?: string;
  /** Variance of a weight times its fan-in (for the orthogonal ones: the squared gain), > 0; default: the initialiser's own. */
  readonly weightVariance?: number;
  /** `zeros` (default), `like-weights`, `normal:VAR` or `uniform:R`, see `parseBias`. */
  readonly bias?: string;
}

/** Makes the initialiser of one name from the options that were given. */
type Builder = (name: string, weightVariance: number | undefined, bias: Bias | undefined) => Initialiser;

const scaled =
  (distribution: Distribution, rule?: VarianceRule): Builder =>
  (name, weightVariance, bias = { kind: "zeros" }) => {
    const variance = weightVariance === undefined ? rule : () => weightVariance;
    if (!variance) throw new ConfigError(`"${name}" has no variance of its own: give a weight variance, or choose "he-${name}"`);
    return independent(name, distribution, variance, bias);
  };

const fixed =
  (make: () => Initialiser): Builder =>
  (name, weightVariance, bias) => {
    if (weightVariance !== undefined || bias !== undefined)
      throw new ConfigError(
        `"${name}" sets weights and biases itself: leave out the ${weightVariance === undefined ? "bias" : "weight variance"}, or choose another initialiser`,
      );
    return make();
  };

const builders: Readonly<Record<string, Builder>> = {
  "he-normal": scaled("normal", he),
  "he-uniform": scaled("uniform", he),
  "he-truncated-normal": scaled("truncated-normal", he),
  "glorot-normal": scaled("normal", glorot),
  "glorot-uniform": scaled("uniform", glorot),
  "glorot-truncated-normal": scaled("truncated-normal", glorot),
  "lecun-normal": scaled("normal", lecun),
  "lecun-uniform": scaled("uniform", lecun),
  "lecun-truncated-normal": scaled("truncated-normal", lecun),
  normal: scaled("normal"),
  uniform: scaled("uniform"),
  "truncated-normal": scaled("truncated-normal"),
  orthogonal: (_, gainSquared, bias) => orthogonal({ gainSquared, bias }),
  "delta-orthogonal": (_, gainSquared, bias) => deltaOrthogonal({ gainSquared, bias }),
  rai: fixed(rai),
  pytorch: fixed(pytorch),
  keras: fixed(keras),
  lsuv: (name, weightVariance, bias) => {
    if (weightVariance !== undefined)
      throw new ConfigError(`"${name}" scales the weights by the data: leave out the weight variance, or choose "orthogonal"`);
    return lsuv({ bias });
  },
};

const flips: Readonly<Record<string, (base: Initialiser) => Initialiser>> = {
  "sign-flip-layer": signFlipLayer,
  "sign-flip-neuron": signFlipNeuron,
};

/** Every name that `initialiser` knows; the sign flips also take a base after a colon. */
export const initialiserNames: readonly string[] = [...Object.keys(builders), ...Object.keys(flips)];

/**
 * The initialiser with the given name and options, all as on the command line.
 *
 * Throws `ConfigError` for an unknown name or bias and for options that exclude each other, `DomainError` for a weight variance that is not a
 * positive number.
 *
 * @example
 * initialiser({ init: "sign-flip-layer:glorot-uniform", bias: "normal:0.05" }).needsInput // true
 */
export function initialiser({ init = "he-normal", weightVariance, bias }: InitialiserSpec = {}): Initialiser {
  const [, flip, base] = /^(sign-flip-[^:]+)(?::(.*))?$/s.exec(init) ?? [];
  if (Object.hasOwn(flips, flip)) {
    if (base?.startsWith("sign-flip"))
      throw new ConfigError(`${quote(init)} flips signs twice: name another base, as in "${flip}:glorot-normal"`);
    return flips[flip](initialiser({ init: base, weightVariance, bias }));
  }
  if (!Object.hasOwn(builders, init)) {
    const near = nearest(init, initialiserNames);
    throw new ConfigError(
      `unknown initialiser ${quote(init)}${near ? `, did you mean "${near}"?` : ","} the names are ${initialiserNames.join(", ")}`,
    );
  }
  if (weightVariance !== undefined && !(Number.isFinite(weightVariance) && weightVariance > 0))
    throw new DomainError(`a weight variance is a number above 0, got ${weightVariance}`);
  return builders[init](init, weightVariance, bias === undefined ? undefined : parseBias(bias));
}
