import { inspect } from "node:util";

/** Whether a value reads as the expected text: as `util.inspect` or JSON shows it, blanks and the kind of quotes aside; `...` stands for anything. */
export function valueMatches(value, expected) {
  return renderings(value).some((text) => matches(compact(text), compact(expected)));
}

/** How a value is shown in a message. */
export function show(value) {
  return inspect(value, { depth: Infinity, maxArrayLength: 100, breakLength: 120 });
}

function renderings(value) {
  const text = inspect(value, { depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity, breakLength: Infinity });
  // Typed arrays may be written like plain ones.
  return [text, text.replace(/\b\w+Array\(\d+\) /g, ""), JSON.stringify(value) ?? text];
}

/** Whether printed text equals the expected one; a line `...` stands for any lines, `...` inside a line for anything. */
export function textMatches(text, expected) {
  const lines = trimLines(text).split("\n").join("\n");
  const pattern = trimLines(expected)
    .split("\n")
    .map((line) => (/^\s*(\.\.\.|…)$/.test(line) ? "(?:.*\n)*" : `${linePattern(line)}\n`))
    .join("");
  return new RegExp(`^${pattern}$`).test(`${lines}\n`);
}

function matches(text, expected) {
  return new RegExp(`^${linePattern(expected)}$`, "s").test(text);
}

/** After a digit, `...` stands for more digits only; elsewhere for anything. */
function linePattern(expected) {
  return expected
    .split(/(\d?(?:\.\.\.|…))/)
    .map((part) => {
      const more = /^(\d?)(?:\.\.\.|…)$/.exec(part);
      if (!more) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      return more[1] ? `${more[1]}[\\d.]*(?:e[+-]?\\d+)?` : ".*";
    })
    .join("");
}

function compact(text) {
  return text.replace(/'/g, '"').replace(/\s+/g, "");
}

function trimLines(text) {
  return text.replace(/[ \t]+$/gm, "").replace(/^\n+|\n+$/g, "");
}
