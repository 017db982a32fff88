import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { textMatches, valueMatches } from "../../scripts/lib/snippets/compare.mjs";
import { docExamples, markdownBlocks } from "../../scripts/lib/snippets/extract.mjs";
import { freeNames, instrument, toCommonJs } from "../../scripts/lib/snippets/instrument.mjs";
import { plainCalls } from "../../scripts/lib/snippets/shell.mjs";

const folder = mkdtempSync(join(tmpdir(), "sonde-snippets-"));
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(name, ...lines) {
  const path = join(folder, name);
  writeFileSync(path, lines.join("\n"));
  return path;
}

describe("a value reads as its comment", () => {
  test.each([
    [0.90996, "0.90996"],
    [0.90996, "0.909..."],
    [1.5e-12, "1.5...e-12"],
    ["a b", '"a b"'],
    ["a b", "'a b'"],
    [Float64Array.of(1, 2), "[1, 2]"],
    [Float64Array.of(1, 2), "Float64Array(2) [1, 2]"],
    [{ value: 1, list: [0.25] }, "{ value: 1, list: [0.25] }"],
    [{ value: 1, list: [0.25] }, '{ "value": 1, ... }'],
    [undefined, "undefined"],
  ])("%j as %s", (value, comment) => expect(valueMatches(value, comment)).toBe(true));

  test.each([
    [0.90996, "0.90"],
    [0.90996, "0.91..."],
    [[1, 2], "[1..."],
    [[1, 2, 3], "[1, 2]"],
    [{ value: 1 }, "{ value: 2 }"],
  ])("but %j not as %s", (value, comment) => expect(valueMatches(value, comment)).toBe(false));
});

test("printed text is compared line by line, with ... for lines and parts of lines", () => {
  const text = "verdict  healthy\nlayer 1\nlayer 2  \ntook 12.5 ms\n";
  expect(textMatches(text, "verdict  healthy\n...\ntook ... ms")).toBe(true);
  expect(textMatches(text, "verdict  healthy\nlayer 1\nlayer 2\ntook 12.5 ms")).toBe(true);
  expect(textMatches(text, "verdict  healthy\ntook ... ms")).toBe(false);
  expect(textMatches(text, "verdict  degenerate\n...")).toBe(false);
});

test("blocks of Markdown come with their words, line and expected output", () => {
  const fence = "```";
  const path = fileWith(
    "a.md",
    "# A",
    "",
    `${fence}sh`,
    "sonde x",
    fence,
    "",
    `${fence}text`,
    "out",
    fence,
    "",
    `${fence}ts no-run`,
    "y",
    fence,
  );
  expect(markdownBlocks(path)).toMatchObject([
    { language: "sh", code: "sonde x", line: 4, output: "out" },
    { language: "ts", code: "y", line: 12, words: ["no-run"] },
  ]);
});

test("examples of doc comments end at the next tag", () => {
  const path = fileWith(
    "a.ts",
    "/**",
    " * Says hello.",
    " *",
    " * @example",
    " * hello() // 1",
    " * @throws never",
    " */",
    "export const hello = 1;",
  );
  expect(docExamples(path)).toEqual([{ code: "hello() // 1", line: 5 }]);
});

describe("calls of the command are taken apart", () => {
  test("with quotes, comments and continued lines", () => {
    const code = "$ ./sonde check 1-2-1 --domain='-1,1;0,2' # a remark\n\n# another\nsonde death \\\n  \"a b\".json";
    expect(plainCalls(code)).toEqual([
      ["check", "1-2-1", "--domain=-1,1;0,2"],
      ["death", "a b.json"],
    ]);
  });

  test.each(["sonde x | head", "sonde x > y", "sonde x; ls", "sonde $x", "sonde 'x", "ls\nsonde x", "sonde a*"])(
    "but not %s, which needs a shell",
    (code) => expect(plainCalls(code)).toBeUndefined(),
  );
});

test("only names that a snippet does not bring itself are looked up", () => {
  const code = 'import { a } from "x";\nconst b = a(c);\nb.d({ e: f }, (g) => g);';
  expect(freeNames(code).sort()).toEqual(["c", "f"]);
});

describe("a snippet that checks itself", () => {
  async function problems(code, extension = "mjs") {
    const runtime = new URL("../../scripts/lib/snippets/runtime.mjs", import.meta.url).href;
    const head = `const { check: __check, checkPrinted: __printed } = await import(${JSON.stringify(runtime)});`;
    const checked = instrument(code, 1);
    const path = fileWith(
      `${Math.random()}.${extension}`,
      extension === "mjs" ? `${head}\n${checked}` : toCommonJs(checked, head),
    );
    const { runModule } = await import(/* @vite-ignore */ runtime);
    return runModule(pathToFileURL(path).href);
  }

  test.each(["mjs", "cjs"])("passes where its comments are right (%s)", async (extension) => {
    const code = [
      'import { sep } from "node:path";',
      'sep; // "/"',
      "const x: number = await Promise.resolve(3);",
      "x // 3",
      'console.log("x is", x); // x is 3',
      "for (const i of [1, 2]) {",
      "  console.log(i);",
      "}",
      "// 1",
      "// 2",
      "null.x; // throws TypeError",
      "({ a: [1, 2] }); // {",
      "// a: [1, ...",
      "// }",
    ].join("\n");
    expect(await problems(code, extension)).toBe("");
  });

  test.each([
    ["2 + 2; // 5", "line 1: expected 5\n             got 4"],
    ['console.log("a"); // b', "expected b"],
    ["1; // throws RangeError", "expected throws RangeError"],
    ["null.x; // throws RangeError", "got throws TypeError"],
    ["nothing();", "ReferenceError: nothing is not defined"],
  ])("fails on %s", async (code, message) => expect(await problems(code)).toContain(message));
});
