import { html, type Markup } from "./markup.js";

/** The sign of a verdict or severity, beside its colour. */
export const signs: Readonly<Record<string, string>> = { healthy: "✓", note: "i", "at-risk": "!", degenerate: "✗" };

/** A verdict as a badge: colour, sign and word. */
export function badge(verdict: string): Markup {
  return html`<span class="badge ${classOf(verdict)}"><span aria-hidden="true">${signs[verdict] ?? "?"}</span> ${verdict}</span>`;
}

/** The class of a verdict; any other word has none of its own. */
export function classOf(verdict: string): string {
  return verdict in signs ? verdict : "unknown";
}
