import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../scripts/lib/root.mjs";

/** Seconds of recorded time that are measured again for each claim. */
const budget = 20;

/**
 * The recorded standard runs of the papers: every verdict by the recorded numbers, and as many parts of each claim as take 20 seconds, cheapest first, measured again from their settings to the same bits.
 */
export async function* rows() {
  const built = (name, file = "index.js") => import(pathToFileURL(join(root, "packages", name, "dist", file)).href);
  const { claims, judged } = await built("papers");
  const { readRecord } = await built("papers", "node.js");
  const { readDataSet } = await built("formats", "node/index.js");
  for (const claim of claims) {
    const record = readRecord(claim) ?? readRecord(claim, "quick");
    if (!record) {
      yield { case: `${claim.id}: recorded`, ours: 0, reference: 1 };
      continue;
    }
    const { verdict } = judged(claim, record);
    yield { case: `${claim.id}: ${record.verdict}`, ours: verdict === record.verdict ? 1 : 0, reference: 1 };
    let spent = 0;
    for (const part of [...record.parts].sort((a, b) => a.seconds - b.seconds)) {
      spent += part.seconds;
      if (spent > budget) break;
      const result = await claim.measure(part.settings, { threads: 1, readData: (name, options) => readDataSet(name, options) });
      const same = JSON.stringify(result) === JSON.stringify(part.result);
      yield { case: `${claim.id}: ${part.name}`.slice(0, 90), ours: same ? 1 : 0, reference: 1 };
    }
  }
}
