import { join } from "node:path";
import { root } from "../../../scripts/lib/root.mjs";
import { run } from "../../../scripts/lib/run.mjs";

/** The JSON result of one command, such as `sonde("death", "1-2x9-1", "--method", "count")`. */
export async function sonde(...args) {
  const { code, stdout, output } = await run(process.execPath, [join(root, "scripts/sonde.mjs"), ...args, "--json", "--quiet"]);
  if (code !== 0) throw new Error(`sonde ${args.join(" ")} ended with code ${code}: ${output}`);
  return JSON.parse(stdout).result;
}
