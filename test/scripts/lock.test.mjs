import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "sonde-lock-"));
afterAll(() => rmSync(folder, { recursive: true }));

const lock = new URL("../../scripts/lib/lock.mjs", import.meta.url).href;
const turn = `
  import { appendFileSync } from "node:fs";
  import { withLock } from ${JSON.stringify(lock)};
  await withLock("lock", async () => {
    appendFileSync("log", "begin\\n");
    await new Promise((resolve) => setTimeout(resolve, 50));
    appendFileSync("log", "end\\n");
  });`;

function takeTurn() {
  return promisify(execFile)(process.execPath, ["--input-type=module", "--eval", turn], { cwd: folder });
}

test("processes take turns, also after one that died with the lock", async () => {
  // No process has this id: it is above the largest that Linux hands out.
  writeFileSync(join(folder, "lock"), String(2 ** 30));
  await Promise.all([takeTurn(), takeTurn(), takeTurn(), takeTurn()]);
  expect(readFileSync(join(folder, "log"), "utf8")).toBe("begin\nend\n".repeat(4));
});
