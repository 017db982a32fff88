/**
 * A word as a shell reads it.
 *
 * @example
 * shellWord("it's") // "'it'\\''s'"
 * shellWord("a-b/c=1") // "a-b/c=1"
 */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
