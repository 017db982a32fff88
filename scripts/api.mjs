// npm run api [-- PACKAGE ...]: writes packages/*/api.md, the public signatures, for people to review with the change that makes them.
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { apiReport } from "./lib/api-report.mjs";
import { setUpOrExit } from "./lib/setup.mjs";
import { libraries } from "./lib/workspace.mjs";

await setUpOrExit();
const wanted = process.argv.slice(2);
for (const library of libraries())
  if (wanted.length === 0 || wanted.includes(basename(library.home)))
    writeFileSync(join(library.home, "api.md"), apiReport(library));
