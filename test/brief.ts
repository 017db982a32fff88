/** A value as JSON, for a test's title: cut in the middle where it is longer than `most` characters. */
export function brief(value: unknown, most = 60): string {
  const text = JSON.stringify(value) ?? String(value);
  const half = Math.floor((most - 3) / 2);
  return text.length <= most ? text : `${text.slice(0, half)} … ${text.slice(-half)}`;
}
