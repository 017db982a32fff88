import { format } from "node:util";
import { show, textMatches, valueMatches } from "./compare.mjs";

// Snippets run one after the other in one process, so one record of the current one is enough.
let problems = [];
let printed = [];

/** Imports an instrumented snippet, awaits its default export if it has one, and returns what did not come out as its comments say. */
export async function runModule(url, limit = 240_000) {
  problems = [];
  printed = [];
  const { log, table } = console;
  console.log = (...values) => printed.push(format(...values));
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not finished after ${limit / 1000} s`)), limit);
  });
  try {
    await Promise.race([import(url).then((module) => module.default), late]);
  } catch (error) {
    problems.push(brief(error));
  } finally {
    clearTimeout(timer);
    Object.assign(console, { log, table });
  }
  return problems.join("\n");
}

/**
 * Called by a snippet: the value of `expression` must read as `expected`, which may be `throws NAME` or `throws NAME: message`.
 * @public
 */
export async function check(expression, expected, line) {
  const fails = /^throws\b\s*(.*)$/s.exec(expected);
  try {
    const value = await expression();
    if (fails || !valueMatches(value, expected)) report(line, expected, show(value));
  } catch (error) {
    const text = fails?.[1].includes(":") ? `${error.name}: ${error.message}` : error.name;
    if (!fails) throw error;
    if (fails[1] && !textMatches(text, fails[1])) report(line, expected, `throws ${error.name}: ${error.message}`);
  }
}

/**
 * Called by a snippet: what was printed since the last call must be `expected`.
 * @public
 */
export function checkPrinted(expected, line) {
  const text = printed.join("\n");
  printed = [];
  if (!textMatches(text, expected)) report(line, expected, text);
}

/** The message and the stack lines that lie in the project's packages and snippets. */
function brief(error) {
  const lines = (error?.stack ?? String(error)).split("\n");
  return lines.filter((line) => !/^ +at /.test(line) || /packages|apps|\.cache/.test(line)).join("\n");
}

function report(line, expected, got) {
  problems.push(`line ${line}: expected ${expected}\n${" ".repeat(`line ${line}: expec`.length)}got ${got}`);
}
