// npm run api [-- PACKAGE ...]: writes packages/*/api.md, the public signatures, for people to review with the change that makes them.
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { apiReports } from "./lib/api-report.mjs";
import { setUpOrExit } from "./lib/setup.mjs";
import { libraries } from "./lib/workspace.mjs";

await setUpOrExit();
const wanted = process.argv.slice(2);
const all = libraries();
const reports = apiReports(all);
for (const { name, home } of all)
  if (wanted.length === 0 || wanted.includes(basename(home))) writeFileSync(join(home, "api.md"), reports.get(name));
