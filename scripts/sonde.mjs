// What ./sonde runs: set up what is missing or out of date, then the command line in this same process.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./lib/root.mjs";
import { isUpToDate } from "./lib/stamp.mjs";

if (!isUpToDate()) {
  const { setUpOrExit } = await import("./lib/setup.mjs");
  await setUpOrExit();
}
process.argv[1] = join(root, "apps", "cli", "bundle", "main.js");
await import(pathToFileURL(process.argv[1]).href);
