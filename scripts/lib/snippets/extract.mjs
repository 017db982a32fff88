import { readFileSync } from "node:fs";
import ts from "typescript";

/**
 * The fenced code blocks of a Markdown file: `{ language, words, code, line, output }`. `words` are the words after the language, `line` is
 * the code's first line, `output` the content of a ```text block that directly follows.
 */
export function markdownBlocks(file) {
  const lines = readFileSync(file, "utf8").split("\n");
  const blocks = [];
  for (let i = 0; i < lines.length; i++) {
    const open = /^( *)(```+)\s*([\w-]*)(.*)$/.exec(lines[i]);
    if (!open) continue;
    const [, margin, fence, language, rest] = open;
    const start = i + 1;
    while (++i < lines.length && lines[i].trim() !== fence);
    const code = lines
      .slice(start, i)
      .map((line) => (line.startsWith(margin) ? line.slice(margin.length) : line.trimStart()))
      .join("\n");
    const words = rest.split(/\s+/).filter(Boolean);
    const previous = blocks.at(-1);
    if (language === "text" && previous && lines.slice(previous.end + 1, start - 1).every((line) => line.trim() === ""))
      previous.output = code;
    else blocks.push({ language, words, code, line: start + 1, end: i });
  }
  return blocks;
}

/** The `@example` parts of a TypeScript file's doc comments: `{ code, line }`, `line` being the first of the code; fences are taken off. */
export function docExamples(file) {
  const text = readFileSync(file, "utf8");
  const examples = [];
  for (const comment of docComments(text)) {
    const lines = comment.text
      .replace(/^\/\*\*|\*\/$/g, "")
      .split("\n")
      .map((line) => line.replace(/^\s*\* ?/, ""));
    lines.forEach((line, i) => {
      if (!/^@example\b/.test(line)) return;
      const length = lines.slice(i + 1).findIndex((next) => /^@\w/.test(next));
      const body = lines.slice(i + 1, length < 0 ? undefined : i + 1 + length);
      const code = body.map((each) => (/^```/.test(each) ? "" : each)).join("\n");
      if (code.trim()) examples.push({ code, line: comment.line + i + 1 });
    });
  }
  return examples;
}

function docComments(text) {
  const source = ts.createSourceFile("doc.ts", text, ts.ScriptTarget.ES2022, true);
  const found = new Map();
  const visit = (node) => {
    for (const range of ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [])
      if (text.startsWith("/**", range.pos))
        found.set(range.pos, {
          text: text.slice(range.pos, range.end),
          line: source.getLineAndCharacterOfPosition(range.pos).line + 1,
        });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...found.values()];
}
