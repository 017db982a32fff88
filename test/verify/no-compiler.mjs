import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { root } from "../../scripts/lib/root.mjs";

const compiler = /(^|-)(cc|c89|c99|gcc|g\+\+|c\+\+|clang|clang\+\+|tcc|cpp)(-[\d.]+)?$/;
const network = ["check", "1-2x9-1", "--json", "--quiet"];

/** What the README's two commands do on a machine without a C compiler: a fresh clone, and a PATH of links to everything but compilers. */
export async function* rows() {
  const folder = mkdtempSync(join(tmpdir(), "sonde-no-compiler-"));
  try {
    const bin = join(folder, "bin");
    const clone = join(folder, "sonde");
    linkAllBut(compiler, bin);
    ask("git", ["clone", "--quiet", root, clone], { cwd: folder });
    const env = { ...process.env, PATH: bin };
    delete env.CC;
    const there = (program, args) => ask(program, args, { cwd: clone, env });
    const [ours, here] = [there("./sonde", network), ask("./sonde", network, { cwd: root })];
    yield { case: "exit code of ./sonde check 1-2x9-1", ours: ours.status, reference: here.status };
    const same = JSON.stringify(JSON.parse(ours.stdout).result) === JSON.stringify(JSON.parse(here.stdout).result);
    yield { case: "the same result as with a compiler", ours: Number(same), reference: 1 };
    yield { case: "words on standard error but the set-up's", ours: others(ours.stderr).length, reference: 0 };
    yield {
      case: "native kernels built",
      ours: Number(existsSync(join(clone, "packages/kernels-native/build/kernels.node"))),
      reference: 0,
    };
    const { stdout } = there("./sonde", ["--version", "--verbose"]);
    yield { case: "kernels are WebAssembly", ours: Number(/^kernels: .*(wasm|WebAssembly)/m.test(stdout)), reference: 1 };
    const tests = there(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "packages/kernels/"]);
    yield { case: "exit code of the tests of the kernels", ours: tests.status, reference: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A folder of links to what lies on PATH, the first of each name, without those whose names match. */
function linkAllBut(pattern, bin) {
  mkdirSync(bin);
  for (const place of [...process.env.PATH.split(delimiter)].filter((place) => existsSync(place)))
    for (const name of readdirSync(place))
      if (!pattern.test(name) && !existsSync(join(bin, name))) {
        rmSync(join(bin, name), { force: true });
        symlinkSync(join(place, name), join(bin, name));
      }
}

/** Lines that are not the set-up's own. */
function others(text) {
  return text.split("\n").filter((line) => line && !line.startsWith("sonde: "));
}

function ask(program, args, options) {
  const answer = spawnSync(program, args, { encoding: "utf8", maxBuffer: 2 ** 26, ...options });
  if (answer.error) throw answer.error;
  return answer;
}
