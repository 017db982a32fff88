// Writes the API pages into the folder api: one Markdown page per entry point of every library.
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Application, Comment, ReflectionKind } from "typedoc";

const home = dirname(dirname(fileURLToPath(import.meta.url)));
const packages = join(home, "..", "..", "packages");
const entries = readdirSync(packages).filter(isLibrary).flatMap(entryPoints);

const out = join(home, "api");
rmSync(out, { recursive: true, force: true });
const app = await Application.bootstrapWithPlugins({
  plugin: ["typedoc-plugin-markdown", "typedoc-vitepress-theme"],
  entryPoints: entries.map(({ source }) => source),
  tsconfig: join(home, "tsconfig.json"),
  // The compiler looks for errors elsewhere, and takes most of the time here.
  skipErrorChecking: true,
  out,
  docsRoot: home,
  name: "API",
  readme: "none",
  disableSources: true,
  excludePrivate: true,
  outputFileStrategy: "modules",
  hidePageHeader: true,
  hideBreadcrumbs: true,
  groupOrder: ["Functions", "Variables", "Interfaces", "Type Aliases", "*"],
  indexFormat: "table",
  useCodeBlocks: true,
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  typeDeclarationFormat: "table",
  tableColumnSettings: { hideInherited: true, hideModifiers: true, hideOverrides: true },
  logLevel: "Warn",
});
const project = await app.convert();
if (!project) process.exit(1);
for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
  const entry = entries.find(({ module: path }) => path === module.name);
  if (!entry) continue;
  module.name = entry.name;
  module.comment = new Comment([{ kind: "text", text: `${entry.description}.` }]);
}
// An options object that is taken apart in the signature has no name of its own.
for (const parameter of project.getReflectionsByKind(ReflectionKind.Parameter))
  if (parameter.name === "__namedParameters") parameter.name = "options";
await app.generateOutputs(project);
if (app.logger.hasErrors()) process.exit(1);

function isLibrary(folder) {
  const manifest = join(packages, folder, "package.json");
  return existsSync(manifest) && !JSON.parse(readFileSync(manifest, "utf8")).private;
}

/** Of each entry point the name that it is imported by, its source, and the module name that TypeDoc makes of that, such as core/src/math. */
function entryPoints(folder) {
  const { name, description, exports } = JSON.parse(readFileSync(join(packages, folder, "package.json"), "utf8"));
  return Object.entries(exports)
    .filter(([, target]) => target["@sonde/source"])
    .map(([path, target]) => {
      const source = join(packages, folder, target["@sonde/source"]);
      const module = relative(packages, source).replace(/(\/index)?\.ts$/, "");
      return { name: name + path.slice(1), description: path === "." ? description : `Sub-path of ${name}`, source, module };
    });
}
