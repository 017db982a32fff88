/**
 * The candidate that is fewest edits (insert, delete, replace, swap neighbours) away from `name`, for a "did you mean"; nothing when none is within a third of its
 * length (or one edit), or when the name is longer than 80 characters.
 *
 * @example
 * nearest("foo6", ["tanh", "relu", "relu6"]) // undefined
 * nearest("reluu", ["tanh", "relu", "relu6"]) // "relu"
 * nearest("tahn", ["tanh", "relu", "relu6"]) // "tanh"
 */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  if (name.length > 80) return undefined;
  let best: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = edits(name, candidate);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** Levenshtein distance, with neighbours that changed places as one edit (optimal string alignment). */
function edits(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      current[j] = Math.min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && !same && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) current[j] = Math.min(current[j], before[j - 2] + 1);
    }
    [before, previous] = [previous, current];
  }
  return previous[b.length];
}
