import { performance } from "node:perf_hooks";
import { processorTime } from "./processor-time.mjs";

/**
 * Runs checks, at most `parallel` at a time, and prints a line for each. A check is `{ name, run }`; `run` returns undefined or "" when all is
 * well, `{ skip: reason }`, or the text that says what is wrong; throwing counts as wrong.
 * Returns `{ passed, failed, skipped }`.
 */
export async function runChecks(checks, { parallel = 1, quiet = false } = {}) {
  const tally = { passed: 0, failed: 0, skipped: 0 };
  const queue = [...checks];
  const worker = async () => {
    for (let check = queue.shift(); check; check = queue.shift()) {
      const start = performance.now();
      const problem = await outcome(check);
      const seconds = `${((performance.now() - start) / 1000).toFixed(1)} s`;
      if (!problem) {
        tally.passed++;
        if (!quiet) console.log(`  ok    ${check.name} (${seconds})`);
      } else if (problem.skip) {
        tally.skipped++;
        console.log(`  skip  ${check.name}: ${problem.skip}`);
      } else {
        tally.failed++;
        console.log(`  FAIL  ${check.name} (${seconds})\n${indent(problem)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return tally;
}

async function outcome(check) {
  try {
    return await check.run();
  } catch (error) {
    return error?.stack ?? String(error);
  }
}

function indent(text) {
  return text.trimEnd().replace(/^/gm, "        ");
}

/** The last two lines of every check script, its cost and its tally, which `npm test` reads. Sets the exit code. */
export function finish(tally) {
  console.log(`${cost()}\n${format(tally)}`);
  if (tally.failed > 0) process.exitCode = 1;
}

/** What this process and what it started have taken so far. */
export function cost() {
  const seconds = `${(performance.now() / 1000).toFixed(0)} s`;
  const processor = processorTime();
  return processor === undefined ? seconds : `${seconds}, ${processor.toFixed(0)} s of processor time`;
}

export function format({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`;
}

/** The tally and, as `spent`, the cost that `finish` wrote at the end of a text; undefined if there is none. */
export function parse(text) {
  const match = /(?:^|\n)([^\n]*)\n(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$/.exec(text);
  if (!match) return undefined;
  const [, spent, passed, failed, skipped = 0] = match;
  return { passed: Number(passed), failed: Number(failed), skipped: Number(skipped), spent };
}

export function add(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}
