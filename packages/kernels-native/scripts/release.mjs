// Makes the packages of prebuilt native kernels in build/npm, one for each platform whose compiler is here: @sonde/kernels-linux-x64 and so on, for `npm publish`; and names them as optional
// dependencies of @sonde/kernels. Debian has the compilers: gcc, gcc-aarch64-linux-gnu, gcc-mingw-w64-x86-64 (with its binutils); for macOS run it on a Mac.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compileAddon, folder, home, run, sets } from "./lib.mjs";

const headers = createRequire(import.meta.url)("node-api-headers");
const wide = Object.keys(sets);
const elsewhere = process.platform !== "darwin";
const platforms = [
  { os: "linux", cpu: "x64", cc: elsewhere ? "x86_64-linux-gnu-gcc" : undefined, vectors: wide },
  { os: "linux", cpu: "arm64", cc: elsewhere ? "aarch64-linux-gnu-gcc" : undefined, vectors: ["base"] },
  { os: "win32", cpu: "x64", cc: elsewhere ? "x86_64-w64-mingw32-gcc" : undefined, vectors: wide, link: windowsLibrary },
  {
    os: "darwin",
    cpu: process.arch,
    cc: elsewhere ? undefined : "cc",
    vectors: process.arch === "x64" ? wide : ["base"],
    link: () => ["-bundle", "-undefined", "dynamic_lookup"],
  },
];

const { version } = JSON.parse(readFileSync(join(home, "..", "kernels", "package.json"), "utf8"));
const made = [];
for (const { os, cpu, cc, vectors, link = () => ["-shared"] } of platforms) {
  const name = `@sonde/kernels-${os}-${cpu}`;
  if (!cc || !(await run(cc, ["--version"]).catch(() => undefined))) {
    console.log(`${name}: left out, ${cc ?? "its compiler"} is not here`);
    continue;
  }
  const home = join(folder, "npm", `${os}-${cpu}`);
  mkdirSync(home, { recursive: true });
  const pic = os === "win32" ? ["-fno-pic", "-Wno-attributes"] : [];
  await compileAddon({ cc, vectors, out: join(home, "kernels.node"), extra: pic, link: await link() });
  const manifest = {
    ...{ name, version, description: `Native kernels of Sonde for ${os} ${cpu}`, license: "Apache-2.0" },
    ...{ os: [os], cpu: [cpu], files: ["kernels.node", "kernels.json"], engines: { node: ">=20.19" } },
  };
  writeFileSync(join(home, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
  writeFileSync(
    join(home, "README.md"),
    `# ${name}\n\nWhat \`@sonde/kernels\` runs on ${os} ${cpu} where it is installed; it asks for it by itself.\n`,
  );
  const license = [join(folder, "..", "LICENSE"), join(folder, "..", "..", "..", "LICENSE")].find(existsSync);
  copyFileSync(license, join(home, "LICENSE"));
  made.push(name);
  console.log(`${name}: ${home}`);
}
console.log(
  `publish these, then add them to the optionalDependencies of packages/kernels/package.json as "${version}": ${made.join(", ") || "none"}`,
);

/** Node's functions as libraries that the Windows linker understands. */
async function windowsLibrary() {
  const libraries = [];
  for (const [name, definitions] of Object.entries(headers.def_paths)) {
    const library = join(folder, `lib${name}.a`);
    await run("x86_64-w64-mingw32-dlltool", ["--input-def", definitions, "--dllname", "node.exe", "--output-lib", library]);
    libraries.push(library);
  }
  return ["-shared", "-static-libgcc", ...libraries];
}
