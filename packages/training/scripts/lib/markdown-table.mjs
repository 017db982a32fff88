/** A table in Markdown. */
export function markdownTable(head, lines) {
  const all = [head, head.map(() => "---"), ...lines];
  return all.map((cells) => `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`).join("\n");
}
