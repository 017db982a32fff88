// npm run api: writes packages/*/api.md, the public signatures, for people to review with the change that makes them.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { apiReport } from "./lib/api-report.mjs";
import { setUpOrExit } from "./lib/setup.mjs";
import { libraries } from "./lib/workspace.mjs";

await setUpOrExit();
for (const library of libraries()) writeFileSync(join(library.home, "api.md"), apiReport(library));
