import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../root.mjs";

/**
 * The command lines of a shell block, as lists of arguments, where each is a plain call of `sonde`: words, quotes, comments and continued lines. Undefined for anything
 * that needs a shell.
 */
export function plainCalls(code) {
  const calls = code
    .replace(/\\\n/g, " ")
    .split("\n")
    .filter((line) => !/^\s*(#|$)/.test(line))
    .map(wordsOf);
  return calls.every((words) => /^(\.\/)?sonde$/.test(words?.[0])) ? calls.map((words) => words.slice(1)) : undefined;
}

/** The words of a line without anything special to a shell outside of single quotes; else undefined. */
function wordsOf(line) {
  const words = [];
  let rest = line.replace(/^\$ /, "").trim();
  while (rest !== "" && !rest.startsWith("#")) {
    const word = /^(?:[^\s'"\\$`|&;<>()*?[\]{}~!#]|'[^']*'|"[^"\\$`!]*")+/.exec(rest)?.[0];
    if (word === undefined) return undefined;
    words.push(word.replace(/'([^']*)'|"([^"]*)"/g, "$1$2"));
    const after = rest.slice(word.length);
    if (!/^(\s|$)/.test(after)) return undefined;
    rest = after.trim();
  }
  return words;
}

/** What calls printed that left no file behind, by their arguments: pages show the same example. */
const known = new Map();

/** Runs calls of the built command in this process, one after the other: `{ code, stdout, output }` as of a shell, `code` being that of the last. */
export async function runCalls(calls, folder) {
  const key = JSON.stringify(calls);
  const result = known.get(key) ?? (await runAnew(calls, folder));
  if (readdirSync(folder).length === 0) known.set(key, result);
  return result;
}

async function runAnew(calls, folder) {
  const { run } = await import(pathToFileURL(join(root, "apps", "cli", "dist", "program.js")).href);
  const ended = { code: 0, stdout: "", output: "" };
  const before = process.cwd();
  const restore = [
    capture(process.stdout, (text) => {
      ended.stdout += text;
      ended.output += text;
    }),
    capture(process.stderr, (text) => {
      ended.output += text;
    }),
  ];
  process.chdir(folder);
  try {
    for (const args of calls) ended.code = await run(args);
  } finally {
    process.chdir(before);
    for (const undo of restore) undo();
  }
  return ended;
}

/** Hands what is written to a stream to `take`, as if it were a pipe. */
function capture(stream, take) {
  const { write, isTTY } = stream;
  stream.isTTY = false;
  stream.write = (text, encoding, done = encoding) => {
    take(String(text));
    if (typeof done === "function") done();
    return true;
  };
  return () => Object.assign(stream, { write, isTTY });
}
