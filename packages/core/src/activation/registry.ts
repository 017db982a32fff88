import { decimal } from "../decimal.js";
import { ConfigError, quote } from "../errors.js";
import { nearest } from "../nearest.js";
import { spelled } from "../spelled.js";
import type { Activation, ActivationFamily } from "./activation.js";
import { activationAliases } from "./aliases.js";
import { analytic } from "./analytic.js";
import { piecewise } from "./piecewise.js";
import { rectifying } from "./rectifying.js";
import { saturating } from "./saturating.js";

const families: Readonly<Record<string, ActivationFamily>> = { ...piecewise, ...saturating, ...rectifying, ...analytic };

/** The names that `activation` knows, without parameters. */
export const activationNames: readonly string[] = Object.keys(families);

/**
 * The activation with the given name, with its parameter after a colon where it has one: `leaky-relu:0.01` (slope for z < 0, default 0.01), `prelu:0.25` (the
 * slope that learning begins with, default 0.25), `elu:1` (alpha > 0, default 1) and `sin:30` (frequency > 0, default 1).
 *
 * | name | phi(z) |
 * |---|---|
 * | `relu`, `leaky-relu:a`, `prelu:a` | max(z, 0); z for z > 0, else a z |
 * | `linear`, `abs` | z; \|z\| |
 * | `relu6`, `hard-tanh` | z clipped to [0, 6], to [-1, 1] |
 * | `hard-sigmoid`, `hard-swish` | h(z) = (z + 3 clipped to [0, 6]) / 6; z h(z) |
 * | `sign` | -1, 0, 1 |
 * | `tanh`, `erf`, `softsign` | tanh z; erf z; z / (1 + \|z\|) |
 * | `sigmoid`, `softplus` | s(z) = 1 / (1 + e^-z); ln(1 + e^z) |
 * | `gelu`, `gelu-tanh` | z Phi(z), exact; z s(2 sqrt(2/pi) (z + 0.044715 z^3)) |
 * | `silu`, `mish` | z s(z); z tanh(softplus(z)) |
 * | `elu:a`, `selu` | z for z > 0, else a (e^z - 1); 1.0507... elu with a = 1.6732... |
 * | `sin:w`, `cos`, `exp`, `gaussian` | sin(w z); cos z; e^z; e^(-z^2) |
 *
 * The names of PyTorch and Keras are understood in any case, with hyphens, underscores or neither (`LeakyReLU`, `hard_swish`, `swish`).
 *
 * Throws `ConfigError` for an unknown name, a wrong parameter, or a parameter where none is taken.
 *
 * @example
 * activation("leaky-relu:0.2").value(-1) // -0.2
 * activation("relu").vanishes // true
 * activation("elu").name // "elu:1"
 */
export function activation(name: string): Activation {
  const colon = name.indexOf(":");
  const written = colon < 0 ? name : name.slice(0, colon);
  const stem = spelled(written, activationNames, activationAliases);
  if (stem === undefined) throw new ConfigError(unknown(name, written));
  const { parameter, define } = families[stem];
  if (!parameter) {
    if (colon >= 0) throw new ConfigError(`activation ${stem} takes no parameter, got ${quote(name)}: write ${stem}`);
    return { name: stem, ...define(0) };
  }
  const value = colon < 0 ? parameter.default : decimal(name.slice(colon + 1));
  if (!(Number.isFinite(value) && parameter.valid(value)))
    throw new ConfigError(
      `activation ${stem} takes ${parameter.expected}, got ${quote(name)}: write for example ${stem}:${parameter.default}`,
    );
  return { name: `${stem}:${value}`, ...define(value) };
}

function unknown(name: string, stem: string): string {
  if (/^(log-?_?)?softmax$/i.test(stem))
    return `${quote(name)} works on all units together, not value by value: at the output leave it out, or write { "kind": "softmax" } into an architecture file`;
  const near = nearest(stem.toLowerCase(), activationNames);
  const hint = near ? `did you mean ${near}? Known are` : "expected one of";
  return `unknown activation ${quote(name)}: ${hint} ${activationNames.join(", ")}`;
}
