import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inProcess, patience } from "./sonde.js";

/** Few small networks at the end, so that what happens to be right is quick. */
const small = ["--networks", "2", "--points", "2", "--quiet"];

const word = fc.constantFrom(
  ..."check death angles kernel help vni 1-2-1 2-3x2-1 1-1 1-2x2- -1 x 1-2-1x3 net.json . / -- - --- -h --help=1 --version --json --quiet --seed --seed=1".split(
    " ",
  ),
  ..."--domain --domain=-1,1 --domain=;; --theta0 1 --pairs 3 --data xor gaussian digits /dev/null /proc/self/mem --init orthogonal rai lsuv --bias zeros".split(
    " ",
  ),
  ..."like-weights normal:1e308 uniform:1 --norm batch layer --skip residual dense --block 2 --activation tanh leaky-relu:-1 --weight-variance 1e-300".split(
    " ",
  ),
  ..."--method law weights --rel-error 0.5 --threads 2 --out --fail-on never __proto__ constructor NaN Infinity 1e3 0x1 1_0 ½".split(
    " ",
  ),
);
const args = fc.array(fc.oneof({ weight: 6, arbitrary: word }, fc.string({ unit: "binary", maxLength: 12 })), { maxLength: 8 });
/** Mostly a command and a model first, so that more than the first word is tried. */
const commandLine = fc.oneof(
  args,
  fc
    .tuple(fc.constantFrom("check", "death", "angles", "kernel"), fc.constantFrom("1-2-1", "2-3x2-1", "3-2x2-2", "2-1x2-1"), args)
    .map(([command, model, rest]) => [command, model, ...rest, ...small]),
);

describe("any command line", () => {
  it("ends with an exit code of usage or success, never a stack trace", { timeout: patience }, async () => {
    await fc.assert(
      fc.asyncProperty(commandLine.filter(writesNoFile), async (line) => {
        const { code, stdout, stderr } = await inProcess(line);
        expect([0, 1, 2]).toContain(code);
        if (code !== 2) return;
        expect(stdout).toBe("");
        expect(stderr).toMatch(/^sonde: [^\n]+\n$/);
        expect(stderr.length).toBeLessThan(1000);
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});

/** Results would land in whatever file the words name. */
function writesNoFile(line: readonly string[]): boolean {
  return !line.some((text) => text.startsWith("--out"));
}
