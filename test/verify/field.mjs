import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/lib/root.mjs";
import { run } from "../../scripts/lib/run.mjs";

const folder = join(root, "test", "field");

/** What the doctor says of the networks in test/field, printed case by case; ours is the number of things that it misses: the verdict, what the report found to be the cause, the cure. */
export async function* rows() {
  for (const { case: name, args, verdict, findings, fix } of JSON.parse(readFileSync(join(folder, "cases.json"), "utf8"))) {
    const begun = performance.now();
    const asked = [join(root, "scripts/sonde.mjs"), "check", ...args, "--json", "--quiet"];
    const { stdout, output } = await run(process.execPath, asked, { cwd: folder });
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    if (!stdout.startsWith("{")) throw new Error(`case ${name}: ${output.trim()}`);
    const { result } = JSON.parse(stdout);
    const found = result.findings.map(({ pathology, layer }) => `${pathology} (${layer})`).join(", ") || "nothing";
    const [best] = result.fixes;
    console.log(`  ${name}: ${result.verdict}, ${found}${best ? `; ${best.change}: ${best.after.verdict}` : ""}; ${seconds} s`);
    const missed = findings.filter((pathology) => !result.findings.some((own) => own.pathology === pathology));
    const uncured = fix !== undefined && !result.fixes.some(({ change }) => change.includes(fix));
    const wrong = verdict !== null && result.verdict !== verdict;
    yield { case: `case ${name}`, ours: missed.length + Number(uncured) + Number(wrong), reference: 0 };
  }
}
