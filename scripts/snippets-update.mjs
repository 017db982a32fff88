// npm run snippets:update [-- FILE ...]: prints the output of `./sonde` examples anew into the text block below them. Blocks with wildcards are left alone.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib/root.mjs";
import { setUpOrExit } from "./lib/setup.mjs";
import { markdownBlocks } from "./lib/snippets/extract.mjs";

const usual = ["README.md", "apps/cli/README.md", "apps/docs/index.md", "apps/docs/start.md", "apps/docs/reference/json.md"];

await setUpOrExit();
const asked = process.argv.slice(2);
for (const file of asked.length > 0 ? asked : usual) {
  const path = join(root, file);
  let text = readFileSync(path, "utf8");
  let search = 0;
  for (const { language, code, output, words } of markdownBlocks(path)) {
    const runs = language === "sh" && /^(\$ )?(\.\/)?sonde /.test(code) && !words.includes("no-run");
    if (!runs || output === undefined || output.includes("...")) continue;
    const printed = run(code.replace(/^\$ /gm, ""));
    const from = text.indexOf(`\`\`\`text\n${output}`, search);
    text = `${text.slice(0, from)}\`\`\`text\n${printed}${text.slice(from + 8 + output.length)}`;
    search = from + 8 + printed.length;
  }
  writeFileSync(path, text);
}

function run(code) {
  const environment = { ...process.env, NO_COLOR: "1", PATH: `${root}:${process.env.PATH}` };
  const { status, stdout, stderr } = spawnSync("sh", ["-c", code], { cwd: root, env: environment, encoding: "utf8" });
  if (status > 1) throw new Error(`${code} ended with code ${status}: ${stderr}`);
  return stdout.replace(/^\n+|\n+$/g, "").replace(/[ \t]+$/gm, "");
}
