import { ConfigError, DomainError, nearest, quote, spelled } from "@sonde/core";
import { initialiserAliases } from "./aliases.js";
import { type Bias, parseBias } from "./bias.js";
import { constant } from "./constant.js";
import { deltaOrthogonal } from "./delta-orthogonal.js";
import type { Distribution } from "./distribution.js";
import { independent } from "./independent.js";
import { keras } from "./keras.js";
import { fanIn } from "./layer-shape.js";
import { lsuv } from "./lsuv.js";
import { orthogonal } from "./orthogonal.js";
import { pytorch } from "./pytorch.js";
import { rai } from "./rai.js";
import { signFlipLayer, signFlipNeuron } from "./sign-flip.js";
import type { Initialiser } from "./types.js";
import { glorot, he, lecun, type VarianceRule } from "./variance-rules.js";

/** What the initialisation of a layer is chosen by; every field as on the command line. */
export interface InitialiserSpec {
  /**
   * One of `initialiserNames`, default `he-normal`; a sign flip may name its base after a colon, as in `sign-flip-layer:glorot-normal`; the laws without a variance of their own may fix the standard
   * deviation of a weight, whatever the fan-in, as in `normal:std=0.01`, and `constant` names its value, as in `constant:0.1`.
   */
  readonly init?: string;
  /** Variance of a weight times its fan-in (for the orthogonal ones: the squared gain, > 0), from 0; default: the initialiser's own. */
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
    if (!variance)
      throw new ConfigError(
        `"${name}" has no variance of its own: give a weight variance, fix the standard deviation as in "${name}:std=0.01", or choose "he-${name}"`,
      );
    return weightVariance === 0 ? constant(name, 0, bias) : independent(name, distribution, variance, bias);
  };

/** Weights of one standard deviation, whatever the fan-in. */
const fixedSpread =
  (distribution: Distribution, sd: number): Builder =>
  (name, weightVariance, bias = { kind: "zeros" }) => {
    refuseVariance(name, weightVariance);
    if (sd === 0) return constant(name, 0, bias);
    return independent(name, distribution, (shape) => sd * sd * fanIn(shape), bias);
  };

const allEqual =
  (value: number): Builder =>
  (name, weightVariance, bias) => {
    refuseVariance(name, weightVariance);
    return constant(name, value, bias);
  };

function refuseVariance(name: string, weightVariance: number | undefined): void {
  if (weightVariance !== undefined)
    throw new ConfigError(
      `${quote(name)} fixes the weights itself: leave out the weight variance, or choose another initialiser`,
    );
}

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
  zeros: allEqual(0),
  ones: allEqual(1),
  orthogonal: (name, gainSquared, bias) => orthogonal({ gainSquared: gain(name, gainSquared), bias }),
  "delta-orthogonal": (name, gainSquared, bias) => deltaOrthogonal({ gainSquared: gain(name, gainSquared), bias }),
  rai: fixed(rai),
  pytorch: fixed(pytorch),
  keras: fixed(keras),
  lsuv: (name, weightVariance, bias) => {
    if (weightVariance !== undefined)
      throw new ConfigError(`"${name}" scales the weights by the data: leave out the weight variance, or choose "orthogonal"`);
    return lsuv({ bias });
  },
};

function gain(name: string, squared: number | undefined): number | undefined {
  if (squared === 0)
    throw new DomainError(`"${name}" needs a squared gain above 0, got 0: choose "zeros" if all weights are to be 0`);
  return squared;
}

const flips: Readonly<Record<string, (base: Initialiser) => Initialiser>> = {
  "sign-flip-layer": signFlipLayer,
  "sign-flip-neuron": signFlipNeuron,
};

/** Every name that `initialiser` knows without a number in it; the sign flips also take a base after a colon. */
export const initialiserNames: readonly string[] = [...Object.keys(builders), ...Object.keys(flips)];

/** What can be written for an initialiser, in words: the names, and the forms with a number. */
export const initialiserForms: readonly string[] = [
  ...initialiserNames,
  "constant:VALUE",
  "normal:std=SD",
  "uniform:std=SD",
  "truncated-normal:std=SD",
];

/** Distributions of a fixed standard deviation. */
const spreadable: readonly Distribution[] = ["normal", "uniform", "truncated-normal"];

/** An initialiser's name as it is written canonically, and what makes it. */
interface Named {
  readonly name: string;
  readonly build: Builder;
}

const plainNames: readonly string[] = [...Object.keys(builders), "constant"];
const flipNames: readonly string[] = Object.keys(flips);

/** What a text names: a name, or one with a number or a base after its colon. Throws `ConfigError` for an unknown one. */
function named(init: string): Named {
  const colon = init.indexOf(":");
  const stem = colon < 0 ? init : init.slice(0, colon);
  const argument = colon < 0 ? undefined : init.slice(colon + 1);
  const flip = spelled(stem, flipNames);
  if (flip !== undefined) return flipped(init, flip, argument);
  const name = spelled(stem, plainNames, initialiserAliases);
  if (name === "constant") {
    const value = decimal(argument ?? "");
    if (Number.isFinite(value)) return { name: `constant:${value}`, build: allEqual(value) };
    throw new ConfigError(`${quote(init)} needs its value: write for example "constant:0.1"`);
  }
  if (name !== undefined && argument === undefined) return { name, build: builders[name] };
  const distribution = spreadable.find((known) => known === name);
  if (!distribution) throw new ConfigError(unknown(init));
  const sd = decimal(/^std=(.*)$/s.exec(argument ?? "")?.[1] ?? "");
  if (sd >= 0) return { name: `${name}:std=${sd}`, build: fixedSpread(distribution, sd) };
  throw new ConfigError(`${quote(init)} needs a standard deviation from 0: write for example "${name}:std=0.01"`);
}

function flipped(init: string, flip: string, base: string | undefined): Named {
  if (base !== undefined && spelled(base.replace(/:.*/s, ""), flipNames) !== undefined)
    throw new ConfigError(`${quote(init)} flips signs twice: name another base, as in "${flip}:glorot-normal"`);
  const { name, build } = named(base ?? "he-normal");
  return {
    name: base === undefined ? flip : `${flip}:${name}`,
    build: (_, weightVariance, bias) => flips[flip](build(name, weightVariance, bias)),
  };
}

function unknown(init: string): string {
  if (/^default$/i.test(init))
    return 'the "default" initialisation differs from program to program: choose "pytorch" or "keras", or leave it out for he-normal';
  const near = nearest(init.toLowerCase(), initialiserNames);
  return `unknown initialiser ${quote(init)}${near ? `, did you mean "${near}"?` : ","} the names are ${initialiserForms.join(", ")}`;
}

/**
 * The name of an initialiser as Sonde writes it, from any of its spellings.
 *
 * Throws `ConfigError` for an unknown one.
 *
 * @example
 * initialiserName("kaiming_uniform_") // "he-uniform"
 * initialiserName("HeNormal") // "he-truncated-normal"
 */
export function initialiserName(init: string): string {
  return named(init).name;
}

/** The number that is written in plain decimal or scientific notation, else NaN. */
function decimal(text: string): number {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : Number.NaN;
}

/**
 * The initialiser with the given name and options, all as on the command line.
 *
 * The names of PyTorch and Keras are understood in any case, with or without underscores (`kaiming_normal_`, `GlorotUniform`); the normal laws of Keras are the truncated ones here.
 * A weight variance of 0 makes all weights 0. Throws `ConfigError` for an unknown name or bias and for options that exclude each other, `DomainError` for a weight
 * variance that is negative or not finite, or 0 for the orthogonal ones.
 *
 * @example
 * initialiser({ init: "sign-flip-layer:glorot-uniform", bias: "normal:0.05" }).needsInput // true
 */
export function initialiser({ init = "he-normal", weightVariance, bias }: InitialiserSpec = {}): Initialiser {
  const { name, build } = named(init);
  if (weightVariance !== undefined && !(Number.isFinite(weightVariance) && weightVariance >= 0))
    throw new DomainError(`a weight variance is a number from 0, got ${weightVariance}`);
  return build(name, weightVariance, bias === undefined ? undefined : parseBias(bias));
}
