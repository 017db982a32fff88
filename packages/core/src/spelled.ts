/**
 * The known name that a text spells: itself, else one that differs in case, hyphens, underscores and blanks alone, or whose alias does; `undefined` for none. Aliases are given by their
 * letters and digits, in lower case, and come before names that differ in spelling.
 *
 * @example
 * spelled("Leaky_ReLU", ["relu", "leaky-relu"]) // "leaky-relu"
 * spelled("Swish", ["silu"], { swish: "silu" }) // "silu"
 * spelled("mish", ["silu"], { swish: "silu" }) // undefined
 */
export function spelled(
  text: string,
  known: readonly string[],
  aliases: Readonly<Record<string, string>> = {},
): string | undefined {
  if (known.includes(text)) return text;
  const letters = lettersOf(text);
  if (letters === "") return undefined;
  if (Object.hasOwn(aliases, letters)) return aliases[letters];
  return known.find((name) => lettersOf(name) === letters);
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[-_ ]/g, "");
}
