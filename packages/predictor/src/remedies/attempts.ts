import { ConfigError, nearest, quote } from "@sonde/core";
import { type Architecture, architectureKey } from "@sonde/nets";
import { type Attempt, attempt } from "../fix.js";
import { remedies } from "./list.js";
import type { Change, Inputs, Remedy } from "./remedy.js";

/** One attempt at every remedy that applies to an architecture and its inputs, and changes something that no other before it does alike. */
export function firstAttempts(architecture: Architecture, inputs: Inputs): Attempt[] {
  const attempts = remedies.flatMap((remedy) => {
    const change = remedy.change(architecture, inputs);
    return change ? [attempt(remedy, change)] : [];
  });
  return different(attempts, [{ architecture }]);
}

/**
 * The change by one remedy or two of different families, by their names: not measured, and of a remedy in sizes one that is likely to do.
 *
 * Returns `undefined` where one of them does not apply.
 *
 * @throws ConfigError for a name that is unknown, and for names that do not go together
 *
 * @example
 * changeBy(["tanh"], mlp("2-8-1"))?.architecture.layers[1] // { kind: "activation", activation: "tanh" }
 */
export function changeBy(names: readonly string[], architecture: Architecture, inputs: Inputs = {}): Change | undefined {
  const [one, two] = names.map(remedyNamed);
  if (names.length === 1) return one.change(architecture, inputs);
  if (names.length !== 2 || one.family === two.family)
    throw new ConfigError(
      `${quote(names.join("+"))} is no change that is tried: name one remedy, or two of different families joined by +`,
    );
  return bothOf(architecture, one, two, inputs);
}

function remedyNamed(name: string): Remedy {
  const remedy = remedies.find((candidate) => candidate.name === name);
  if (remedy) return remedy;
  const known = remedies.map((candidate) => candidate.name);
  const near = nearest(name, known);
  throw new ConfigError(
    `there is no remedy ${quote(name)}${near ? `, did you mean ${near}?` : ":"} they are ${known.join(", ")}`,
  );
}

/** An attempt at two remedies; what rebuilds the layers goes first. `undefined` where they are of one family, or one of them does not apply. */
export function bothOf(architecture: Architecture, one: Remedy, two: Remedy, inputs: Inputs): Attempt | undefined {
  if (one.family === two.family) return undefined;
  const [second, first] = remedies.indexOf(one) < remedies.indexOf(two) ? [one, two] : [two, one];
  const once = first.change(architecture, inputs);
  const twice = once && second.change(once.architecture, inputs);
  if (!twice) return undefined;
  const standardise = once.standardise || twice.standardise;
  return {
    remedies: [second, first],
    change: `${twice.change} and ${once.change}`,
    architecture: twice.architecture,
    ...(once.choices && twice.choices && { choices: { ...once.choices, ...twice.choices } }),
    ...(standardise && { standardise }),
  };
}

/** Those of the attempts that lead to something else than what there is already, and than those before them. */
export function different(attempts: readonly Attempt[], already: readonly Outcome[]): Attempt[] {
  const done = new Set(already.map(textOf));
  return attempts.filter((attempt) => {
    const text = textOf(attempt);
    return !done.has(text) && done.add(text);
  });
}

type Outcome = Pick<Change, "architecture" | "standardise">;

/** A text that is the same for the same networks on the same inputs. */
function textOf({ architecture, standardise = false }: Outcome): string {
  return `${standardise} ${architectureKey(architecture)}`;
}
