import { readFileSync } from "node:fs";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

/** Ways to resolve that packages of ES modules alone do not promise. */
const notPromised = new Set(["node10", "node16-cjs"]);

/** What publint and "are the types wrong" say against a tarball of a package; nothing where it is well. */
export async function packedWell({ manifest }, tarball) {
  const data = new Uint8Array(readFileSync(tarball));
  return [...(await packageProblems(data, manifest)), ...(manifest.exports ? await typeProblems(data, manifest) : [])].join("\n");
}

async function packageProblems({ buffer }, manifest) {
  const { messages, pkg } = await publint({ pack: { tarball: buffer }, level: "warning", strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, pkg ?? manifest, { color: false })}`);
}

async function typeProblems(data, { name, exports }) {
  // Data files among the entry points have no types to check.
  const excludeEntrypoints = Object.keys(exports).filter((path) => typeof exports[path] === "string");
  const { types, problems } = await checkPackage(createPackageFromTarballData(data), { excludeEntrypoints });
  if (!types) return [`${name} has no types`];
  return problems
    .filter(({ resolutionKind }) => !notPromised.has(resolutionKind))
    .map((problem) => `types: ${JSON.stringify(problem)}`);
}
