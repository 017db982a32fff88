import type { Architecture } from "@sonde/nets";
import { type Attempt, attempt } from "../fix.js";
import { remedies } from "./list.js";
import type { Change, Inputs } from "./remedy.js";
import { plainText } from "./same.js";

/** One attempt at every remedy that applies to an architecture and its inputs, and changes something that no other before it does alike. */
export function firstAttempts(architecture: Architecture, inputs: Inputs): Attempt[] {
  const attempts = remedies.flatMap((remedy) => {
    const change = remedy.change(architecture, inputs);
    return change ? [attempt(remedy, change)] : [];
  });
  return different(attempts, [{ architecture }]);
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
  return `${standardise} ${plainText(architecture)}`;
}
