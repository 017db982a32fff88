// npm run consumer: packs libraries as they would be published, installs the tarballs into empty projects with npm and with pnpm, and runs the
// first example of each README there, by import and by require; and the command from its own tarball. npm run release:dry does it with all of them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packAll } from "../../scripts/lib/pack.mjs";
import { finish, runChecks } from "../../scripts/lib/tally.mjs";
import { workspace } from "../../scripts/lib/workspace.mjs";
import { installers, installInto, runCommand, runExample } from "./project.mjs";

/** Each with everything it needs from the workspace. */
const tested = ["@sonde/core", "@sonde/metrics-death"];
const command = "@sonde/cli";
const members = workspace();
const member = (name) => members.find((one) => one.name === name);

const place = mkdtempSync(join(tmpdir(), "sonde consumer "));
process.on("exit", () => rmSync(place, { recursive: true, force: true }));

const tarballs = await packAll(join(place, "packed"));
const checks = Object.keys(installers).flatMap((installer) => [
  ...tested.flatMap((name) =>
    project(name, installer, {
      "README example by import": (folder) => runExample(folder, member(name), "mjs"),
      "README example by require": (folder) => runExample(folder, member(name), "cjs"),
    }),
  ),
  ...project(command, installer, { "runs on the data it ships": (folder) => runCommand(folder) }),
]);
finish(await runChecks(checks));

/** The checks of one empty project: the installation, then those of `uses`, which take its folder. */
function project(name, installer, uses) {
  const folder = join(place, installer, name);
  let installed = false;
  const install = async () => {
    const problem = await installInto(folder, { names: [name], tarballs, members, installer });
    installed = !problem;
    return problem;
  };
  const further = Object.entries(uses).map(([what, use]) => ({
    name: `${name} ${what} (${installer})`,
    run: () => (installed ? use(folder) : { skip: "not installed" }),
  }));
  return [{ name: `${name} installs with ${installer}`, run: install }, ...further];
}
