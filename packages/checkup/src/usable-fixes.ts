import { SondeError } from "@sonde/core";
import type { Interval } from "@sonde/metrics-death";
import { type Architecture, sameArchitecture } from "@sonde/nets";
import type { Choices, Fix } from "@sonde/predictor";
import { architectureOf, type ModelSource } from "./asked/model-source.js";
import type { AskedOptions } from "./asked/options.js";

/** A fix as it is printed: its change says how to have it. */
export interface UsableFix extends Fix {
  /** The options that lead to it when they are added to the command line (a model among them replaces that one); null where only a file can say it. */
  readonly options: string | null;
}

/** The fixes with the options in their words that lead to them from the command line of a source; where none do, how to get them as a file. */
export function usableFixes(source: ModelSource, options: GivenOptions, fixes: readonly Fix[]): UsableFix[] {
  return fixes.map((fix) => {
    const found = optionsFor(fix, source, options);
    return { ...fix, options: found, change: `${fix.change} (${found ?? asFile(fix, options)})` };
  });
}

/** A fix as JSON: without the architecture, which may be large and which the options or the file give. */
export function fixRecord({
  architecture: _architecture,
  choices: _choices,
  ...fix
}: UsableFix): Omit<UsableFix, "architecture" | "choices"> {
  return fix;
}

/** The options of the command line that fixes are added to. */
export type GivenOptions = Omit<AskedOptions, "seed" | "method"> & { readonly domain?: readonly Interval[] };

function asFile({ remedies, architecture, standardise }: Fix, given: GivenOptions): string {
  const inputs = standardise ? `, used with ${standardisedText(architecture, given)}` : "";
  return `advise --save FILE --cure ${remedies.join("+")}${inputs}`;
}

/** The option that standardises the inputs: of an interval or a box it is another one. */
export function standardisedText({ input }: Architecture, { data, domain }: Pick<GivenOptions, "data" | "domain">): string {
  const boxed = domain !== undefined || (data === undefined && input.every((size) => size === 1));
  if (!boxed) return "--standardize";
  const side = Math.sqrt(3);
  const box = (domain ?? [0]).map(() => `-${side},${side}`).join(";");
  return `--domain=${box.includes(";") ? `'${box}'` : box}`;
}

/** The fewest options that lead to a change. */
function optionsFor({ choices, architecture, standardise }: Fix, source: ModelSource, given: GivenOptions): string | null {
  if (!choices) return null;
  const inputs = standardise ? [standardisedText(architecture, given)] : [];
  const entries = Object.entries(choices) as [keyof Choices, unknown][];
  for (const some of subsets(entries)) {
    const chosen = Object.fromEntries(some) as Choices;
    if (leadsTo(architecture, chosen, source, given)) return [...texts(chosen), ...inputs].join(" ");
  }
  return null;
}

/** Whether the command line with these choices added is that of an architecture. */
function leadsTo(architecture: Architecture, { widths, ...choices }: Choices, source: ModelSource, given: GivenOptions): boolean {
  if (widths && typeof source !== "string") return false;
  try {
    return sameArchitecture(architectureOf(widths ? notationOf(widths) : source, { ...given, ...choices }), architecture);
  } catch (error) {
    // Choices that exclude what was given, such as a variance for an initialiser that has its own.
    if (error instanceof SondeError) return false;
    throw error;
  }
}

/** All parts of a list, the shorter ones first; of long lists none but the whole. */
function subsets<Value>(all: readonly Value[]): Value[][] {
  const parts = all.reduce<Value[][]>((found, value) => found.flatMap((part) => [part, [...part, value]]), [[]]);
  return parts.sort((a, b) => a.length - b.length);
}

const names: Readonly<Record<Exclude<keyof Choices, "widths">, string>> = {
  activation: "--activation",
  init: "--init",
  weightVariance: "--weight-variance",
  bias: "--bias",
  norm: "--norm",
  skip: "--skip",
  block: "--block",
};

function texts({ widths, ...choices }: Choices): string[] {
  const options = Object.entries(choices).map(([name, value]) => `${names[name as keyof typeof names]} ${value}`);
  return widths ? [notationOf(widths), ...options] : options;
}

/** The notation of widths, such as 784-128x20-10. */
function notationOf(widths: readonly number[]): string {
  const parts = [`${widths[0]}`];
  for (let l = 1; l < widths.length - 1; ) {
    let next = l;
    while (next < widths.length - 1 && widths[next] === widths[l]) next++;
    parts.push(next - l > 1 ? `${widths[l]}x${next - l}` : `${widths[l]}`);
    l = next;
  }
  return [...parts, widths[widths.length - 1]].join("-");
}
