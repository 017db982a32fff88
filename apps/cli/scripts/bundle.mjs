// Makes of the compiled command line and all it is made of a few files in bundle/, which load in half the time: what ./sonde and an installed sonde run.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const home = fileURLToPath(new URL("..", import.meta.url));
const packages = join(home, "..", "..", "packages");
const out = join(home, "bundle");

const manifests = [home, ...readdirSync(packages).map((name) => join(packages, name))]
  .map((folder) => join(folder, "package.json"))
  .filter((file) => existsSync(file))
  .map((file) => JSON.parse(readFileSync(file, "utf8")));
/** What is looked for when it is needed: packages that a user may have or not have, and what stands on native code of others. */
const apart = new Set(["@sonde/plots/node", ...manifests.flatMap(({ peerDependencies = {} }) => Object.keys(peerDependencies))]);

/** Data and native code lie in the packages that bring them: there is where their modules look, wherever they have been bundled to. */
const addresses = {
  name: "addresses",
  transform(code, id) {
    const [name, dist, ...path] = relative(packages, id).split(sep);
    if (dist !== "dist" || !code.includes("import.meta.url")) return;
    const address = `new URL(${JSON.stringify(`./${path.join("/")}`)}, import.meta.resolve("@sonde/${name}")).href`;
    return code.replaceAll("import.meta.url", address);
  },
};

/** The package that a module's name begins with. */
const packageOf = (id) => /^(@[^/]+\/)?[^/]+/.exec(id)?.[0];

const entries = ["main", "worker", "training-worker", "sweep-worker", "products-worker"];
const bundle = await rolldown({
  input: Object.fromEntries(entries.map((name) => [name, join(home, "dist", `${name}.js`)])),
  platform: "node",
  external: (id) => apart.has(id) || apart.has(packageOf(id)),
  plugins: [addresses],
});
rmSync(out, { recursive: true, force: true });
const { output } = await bundle.write({ dir: out, format: "esm", chunkFileNames: "[name]-[hash].js" });
writeFileSync(join(out, "LICENCES.txt"), licences(output.flatMap(({ moduleIds = [] }) => moduleIds)));

/** The licences of the packages of others that are in the bundle. */
function licences(modules) {
  const folders = new Set(modules.flatMap((id) => /^.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+/.exec(id) ?? []));
  return [...folders]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      return `${name} ${version} (${license})\n\n${file ? readFileSync(join(folder, file), "utf8").trim() : ""}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}
