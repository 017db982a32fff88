// node packages/papers/scripts/pages.mjs [--check]: writes what is drawn from the records of the standard runs: pictures, the Results pages of the site, the table of the README, and CITATION.cff from the bibliography. With
// --check it writes nothing, and names the files that would differ.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { headline, judged, papers } from "@sonde/papers";
import { readRecord } from "@sonde/papers/node";
import { renderSvg } from "@sonde/plots";
import { bibliography } from "@sonde/predictor";

const home = fileURLToPath(new URL("../../..", import.meta.url));
const check = process.argv.includes("--check");
const stale = [];

/** Writes a file of the repository, or notes that it differs. */
function put(path, text) {
  const file = join(home, path);
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  stale.push(path);
  if (check) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** The recorded standard run, or where there is none that is finished the quick one. */
function finishedRecord(claim) {
  return ["standard", "quick"].map((scale) => readRecord(claim, scale)).find((record) => record && !record.interrupted);
}

/** A claim with its record, compared anew by the rules of today. */
const rows = papers.flatMap((paper) =>
  paper.claims.map((claim) => {
    const record = finishedRecord(claim);
    const finished = record && !record.interrupted ? judged(claim, { ...record, interrupted: false }) : undefined;
    const { comparisons = [], verdict = "not run" } = finished ?? {};
    return { paper, claim, record, finished, comparisons, verdict, told: headline(comparisons, verdict) };
  }),
);

for (const { claim, record, finished } of rows) {
  if (!finished) continue;
  const figure = claim.figure(finished.parts, { subtitle: `sonde reproduce ${claim.id} --scale ${record.scale}` });
  for (const theme of ["light", "dark"])
    put(`packages/papers/pictures/${pictureName(claim)}-${theme}.svg`, renderSvg(figure, { theme, width: 1000 }));
  if (record.verdict !== finished.verdict) console.error(`${claim.id}: recorded as ${record.verdict}, now ${finished.verdict}`);
}
put("apps/docs/results/index.md", overview());
for (const paper of papers) put(`apps/docs/results/${paper.name}.md`, page(paper));
const readme = readFileSync(join(home, "packages/papers/README.md"), "utf8");
put(
  "packages/papers/README.md",
  readme.replace(/(?<=<!-- results -->\n)[\s\S]*(?=<!-- end of results -->)/, `\n${resultTable(linkInReadme)}\n\n`),
);
put("CITATION.cff", citation());

if (stale.length > 0) console.log(`${check ? "not as the records say: " : "written: "}${stale.join(", ")}`);
if (check && stale.length > 0) process.exitCode = 1;

function pictureName({ id }) {
  return id.replace("/", "-");
}

function linkInReadme({ id }) {
  return `\`${id}\``;
}

/** One line a claim: the number that tells it, what was published or expected, ours, the verdict and the command. */
function resultTable(link) {
  const head = ["", "claim", "the number that tells it", "expected", "ours", "verdict"];
  const lines = rows.map(({ claim, record, told, verdict }) => [
    claim.number,
    link(claim),
    told?.what ?? "",
    told ? `${expectedText(told)} (${told.expected.origin})` : "",
    told ? valueText(told.ours) : "",
    `*${verdict}*${record?.scale === "quick" ? " (quick run)" : ""}`,
  ]);
  return markdownTable(head, lines);
}

function overview() {
  const counts = [...new Set(rows.map(({ verdict }) => verdict))].map(
    (verdict) => `${rows.filter((row) => row.verdict === verdict).length} ${verdict}`,
  );
  return `# Results

Every claim of the abstracts of the five papers, and of figures of theirs, measured again: ${rows.length} claims, ${counts.join(", ")}. This page and its neighbours are written from the recorded runs of \`sonde reproduce CLAIM --scale standard\`,
which anyone can repeat bit for bit, and \`npm run verify -- papers\` does; of claims marked *quick run* the standard run is not recorded yet.

${resultTable(({ id }) => `[${id}](./${id.split("/")[0]}.md#${anchor(id)})`)}

- **Expected** values carry where they come from: *published* in the paper, *read off a figure* of it, *replicated here* by an independent program of ours, *theory* (a closed form or an exact law), or *claim*, a number that stands for the words of
  the sentence. None is passed off as another.
- **Rule**: two numbers are equal within four joint standard errors and the rounding of what was printed; one is above or below another from three errors on, and undecided before.
- **Verdict**: *not confirmed* as soon as a number of what the sentence says fails; *undecided* where an error is too large; *confirmed with a correction* where a published value fails; otherwise *confirmed*. It is computed, never written.
- Larger runs of training, of 26,000 and 16,000 networks, lie beside [\`@sonde/training\`](../concepts/training.md).

${rows
  .filter(({ finished }) => !finished)
  .map(({ claim }) => `- \`${claim.id}\` has no finished standard run in this version.`)
  .join("\n")}
`.replace(/\n+$/, "\n");
}

function page(paper) {
  const { authors, title, year, arxiv, venue } = bibliography[paper.source];
  return `# ${paper.title}

${authors}, *${title}*${venue ? `, ${venue}` : ""}, ${year}, [arXiv ${arxiv}](https://arxiv.org/abs/${arxiv}).

${rows
  .filter((row) => row.paper === paper)
  .map(section)
  .join("\n\n")}
`;
}

function section({ claim, record, finished, comparisons, verdict, told }) {
  const { id, number, sentence, figureOf, runs, substitute, correction } = claim;
  const lines = [`## ${number} ${id}`, `> ${sentence}${figureOf ? ` (${figureOf})` : ""}`];
  lines.push(
    `**${verdict[0].toUpperCase()}${verdict.slice(1)}.**${told ? ` ${told.what}: ${valueText(told.ours)}, ${told.rule === "equal" ? "expected " : ""}${expectedText(told)} (${told.expected.origin}).` : ""}${verdict === "confirmed with a correction" && correction ? ` ${correction}` : ""}`,
  );
  lines.push(`Measured: ${runs}.${substitute ? ` Instead of the paper's: ${substitute}.` : ""}`);
  if (!finished) return [...lines, "No standard run is recorded."].join("\n\n");
  const shown = comparisons.filter(
    ({ expected, outcome }) => !["theory", "claim"].includes(expected.origin) || outcome !== "holds",
  );
  const rest = comparisons.filter((one) => !shown.includes(one));
  lines.push(
    `![${claim.figure(finished.parts, {}).description.replaceAll("\n", " ")}](../../../packages/papers/pictures/${pictureName(claim)}-light.svg)`,
  );
  if (shown.length > 0) lines.push(comparisonTable(shown));
  if (rest.length > 0)
    lines.push(`::: details ${rest.length} more comparisons, all as expected\n\n${comparisonTable(rest)}\n\n:::`);
  const seconds = record.parts.reduce((sum, part) => sum + part.seconds, 0);
  const images = record.images === "none" ? "" : `, images ${record.images}`;
  lines.push(
    `\`sonde reproduce ${id} --scale ${record.scale}\` · ${record.parts.length} parts, ${Math.round(seconds)} s of one core${images} · Sonde ${record.sonde}`,
  );
  return lines.join("\n\n");
}

function comparisonTable(comparisons) {
  const marks = { holds: "✓", fails: "✗", undecided: "?" };
  return markdownTable(
    ["", "what", "ours", "expected", "origin", "apart (standard errors)", "bears on"],
    comparisons.map((one) => [
      marks[one.outcome],
      one.what,
      valueText(one.ours),
      expectedText(one),
      one.expected.origin,
      one.apart === null ? "" : one.apart.toFixed(1),
      { claim: "the claim", value: "its numbers", context: "nothing" }[one.bears],
    ]),
  );
}

function markdownTable(head, lines) {
  const all = [head, head.map(() => "---"), ...lines];
  return all.map((cells) => `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`).join("\n");
}

function expectedText({ rule, expected }) {
  return `${{ equal: "", above: "≥ ", below: "≤ " }[rule]}${valueText(expected)}`;
}

/** Two digits of the error; four of a number without one. */
function valueText({ value, standardError = 0 }) {
  if (value === null || !Number.isFinite(value)) return "–";
  if (!(standardError > 1e-12 * Math.abs(value))) return short(value);
  const decimals = Math.max(0, Math.min(12, 1 - Math.floor(Math.log10(standardError))));
  return Math.abs(value) < 1e-4
    ? `${value.toExponential(2)} ± ${standardError.toExponential(1)}`
    : `${value.toFixed(decimals)} ± ${standardError.toFixed(decimals)}`;
}

function short(value) {
  return value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5)
    ? value.toExponential(2)
    : String(Number(value.toPrecision(4)));
}

/** As VitePress makes it of a heading. */
function anchor(id) {
  const { number } = rows.find(({ claim }) => claim.id === id).claim;
  return `_${number}-${id}`.replaceAll(/[./]/g, "-");
}

/** The citation file of the project, with the papers that it reproduces. */
function citation() {
  const quoted = (text) => JSON.stringify(text);
  const people = (authors) =>
    authors
      .split(", ")
      .map((author) => {
        const [, given, family] = /^((?:[A-Z][^ ]*\. ?)+)(.*)$/.exec(author);
        return `      - given-names: ${quoted(given.trim())}\n        family-names: ${quoted(family)}`;
      })
      .join("\n");
  const references = papers.map(({ source }) => {
    const { authors, title, year, arxiv, doi, venue } = bibliography[source];
    return [
      `  - type: ${venue?.includes("Conference") ? "conference-paper" : "article"}`,
      `    title: ${quoted(title)}`,
      `    authors:\n${people(authors)}`,
      `    year: ${year}`,
      ...(venue
        ? [venue.includes("Conference") ? `    conference:\n      name: ${quoted(venue)}` : `    journal: ${quoted(venue)}`]
        : []),
      ...(doi ? [`    doi: ${doi}`] : []),
      `    identifiers:\n      - type: other\n        value: "arXiv:${arxiv}"`,
    ].join("\n");
  });
  const { version } = JSON.parse(readFileSync(join(home, "packages/papers/package.json"), "utf8"));
  return `cff-version: 1.2.0
message: If you use Sonde, please cite it, and the paper whose claim you rest on.
title: Sonde
abstract: >-
  Tells, before a deep network is trained, whether it can be trained, what will
  stop it and in which layer; measures again every claim of five papers on that.
type: software
authors:
  - name: The Sonde authors
version: ${version}
license: Apache-2.0
references:
${references.join("\n")}
`;
}
