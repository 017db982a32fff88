/** A number with as many digits as its standard error leaves, in percent where asked. */
export function withError(value: number | null | undefined, standardError?: number | null, percent = false): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const factor = percent ? 100 : 1;
  const unit = percent ? " %" : "";
  const scaled = factor * value;
  if (!Number.isFinite(scaled)) return scaled > 0 ? "∞" : "−∞";
  if (scaled !== 0 && Math.abs(scaled) < 1e-3) return `${scaled.toExponential(1)}${unit}`.replace("e", "·10^");
  const error = standardError ? factor * standardError : 0;
  const digits = error > 0 ? Math.max(0, Math.min(6, 1 - Math.floor(Math.log10(error)))) : digitsOf(scaled);
  return `${scaled.toFixed(digits)}${unit}`.replace("-", "−");
}

/** Digits after the point for three that mean something. */
function digitsOf(value: number): number {
  const size = Math.abs(value);
  if (size === 0 || Number.isInteger(value)) return 0;
  return Math.max(0, Math.min(4, 2 - Math.floor(Math.log10(size))));
}

/** Verdicts in words and by a sign that does not need colour. */
export const verdictWords = {
  healthy: { sign: "✓", word: "healthy" },
  "at-risk": { sign: "!", word: "at risk" },
  degenerate: { sign: "✗", word: "degenerate" },
} as const;

/** What a finding points at, of a network with so many layers. */
export function placeWords({ layer, name }: { readonly layer: number; readonly name?: string }, layers: number): string {
  if (layer === 0) return "inputs";
  if (layer > layers) return "outputs";
  return name === undefined ? `layer ${layer}` : `layer ${layer} (${name})`;
}
