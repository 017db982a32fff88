import { plain } from "../text.js";

/** Text that is markup already. */
export interface Markup {
  readonly markup: string;
}

export type Content = Markup | string | number | undefined | false | readonly Content[];

/**
 * Markup from a template: what is put in is escaped, unless it is markup itself; lists are joined, what is absent or false is nothing.
 *
 * @example
 * html`<b>${"1 < 2"}</b>`.markup // "<b>1 &lt; 2</b>"
 */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return { markup: parts.map((part, k) => (k === 0 ? part : textOf(contents[k - 1]) + part)).join("") };
}

/** What is markup, such as a picture. */
export function raw(markup: string): Markup {
  return { markup };
}

function textOf(content: Content): string {
  if (content === undefined || content === false) return "";
  if (typeof content === "string" || typeof content === "number") return escaped(plain(String(content)));
  return "markup" in content ? content.markup : content.map(textOf).join("");
}

const signs: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as HTML and XML take it, in attributes too. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => signs[sign]);
}
