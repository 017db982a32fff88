import type { CheckRecord, FindingRecord } from "../check-record.js";
import { escaped } from "../html/markup.js";
import { modelName, placeOf, plain, words } from "../text.js";
import { unmeasured } from "../unmeasured.js";

export interface JunitOptions {
  /** The verdict from which on a finding is a failure. Default: that of the record's settings, `degenerate` without any. */
  readonly failOn?: "degenerate" | "at-risk" | "never";
}

/** The questions of the doctor, the pathologies that answer each, and under which name it may not be measured. */
const questions: readonly {
  readonly name: string;
  readonly pathologies: readonly string[];
  readonly open?: readonly string[];
}[] = [
  { name: "inputs", pathologies: ["input-scale", "input-offset", "uneven-inputs"], open: ["inputs"] },
  { name: "structure", pathologies: ["copied-units", "norm-over-one", "bottleneck"] },
  { name: "death", pathologies: ["born-dead", "dead-layer", "constant-layer", "dead-units"] },
  { name: "angles between inputs", pathologies: ["degenerate-pairs", "vanishing-angles"], open: ["angles"] },
  { name: "different units", pathologies: ["vanishing-nodes"], open: ["vanishing nodes"] },
  { name: "size of the signal", pathologies: ["vanishing-signal", "exploding-signal", "growing-sums"] },
  { name: "saturation", pathologies: ["saturation", "linear-layers"], open: ["saturation", "slopes and saturation"] },
  {
    name: "dimensions of the signal",
    pathologies: ["zero-dimensional-signal", "one-dimensional-signal", "exploding-sensitivity"],
  },
  { name: "gradients", pathologies: ["vanishing-gradients", "exploding-gradients"], open: ["gradients"] },
  { name: "training", pathologies: ["hard-to-train"], open: ["probability of failing to train"] },
  { name: "outputs", pathologies: ["dead-outputs", "overconfident-outputs"], open: ["outputs"] },
];

/**
 * A check-up as a report of JUnit, which services of continuous integration read: a test case for every question, failed where a finding is as bad as `failOn`, skipped where it was not measured. What is less bad stands in its output.
 *
 * @example
 * const result = { verdict: "healthy", findings: [], layers: [{ layer: 1 }] };
 * const xml = junitXml({ sonde: "0.0.0", command: "check", architecture: null, settings: { model: "a.npz" }, result, warnings: [], elapsedMs: 5 });
 * xml.includes('failures="0"') // true
 */
export function junitXml(record: CheckRecord, { failOn = failOnOf(record) }: JunitOptions = {}): string {
  const { result } = record;
  const model = modelName(record);
  const absent = new Map(unmeasured(record).map(({ question, reason }) => [question, reason]));
  const known = new Set(questions.flatMap(({ pathologies }) => pathologies));
  const others = [...new Set(result.findings.map(({ pathology }) => pathology).filter((name) => !known.has(name)))];
  const cases = [...questions, ...others.map((name) => ({ name: words(name), pathologies: [name], open: [] }))].map(
    ({ name, pathologies, open = [] }) => {
      const found = result.findings.filter(({ pathology }) => pathologies.includes(pathology));
      const failing = found.filter((finding) => fails(finding, failOn));
      // Structure is looked at without any network, where there is an architecture.
      const unknown = name === "structure" && !record.architecture ? "the architecture is not known" : undefined;
      const missing = found.length === 0 ? (unknown ?? open.flatMap((question) => absent.get(question) ?? [])[0]) : undefined;
      return { name, found, failing, missing };
    },
  );
  const failures = cases.filter(({ failing }) => failing.length > 0).length;
  const skipped = cases.filter(({ missing }) => missing !== undefined).length;
  const seconds = (record.elapsedMs / 1000).toFixed(3);
  const counts = `tests="${cases.length}" failures="${failures}" errors="0"`;
  const text = (finding: FindingRecord) =>
    `${words(finding.pathology)}, ${placeOf(finding, result)}: ${plain(finding.evidence)}.`;
  const body = cases.map(({ name, found, failing, missing }) => {
    const rest = found.filter((finding) => !failing.includes(finding));
    return [
      `    <testcase name="${attribute(name)}" classname="${attribute(`sonde.check.${model}`)}" time="0">`,
      ...(missing !== undefined ? [`      <skipped message="${attribute(missing)}"/>`] : []),
      ...(failing.length > 0
        ? [
            `      <failure message="${attribute(text(failing[0]))}" type="${attribute(failing[0].pathology)}">${escaped(failing.map((finding) => `${text(finding)} ${plain(finding.explanation)}`).join("\n"))}</failure>`,
          ]
        : []),
      ...(rest.length > 0 ? [`      <system-out>${escaped(rest.map(text).join("\n"))}</system-out>`] : []),
      "    </testcase>",
    ].join("\n");
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="sonde check" ${counts} time="${seconds}">
  <testsuite name="${attribute(model)}" ${counts} skipped="${skipped}" time="${seconds}">
    <properties><property name="verdict" value="${attribute(result.verdict)}"/><property name="sonde" value="${attribute(record.sonde)}"/></properties>
${body.join("\n")}
  </testsuite>
</testsuites>
`;
}

function fails({ severity }: FindingRecord, failOn: NonNullable<JunitOptions["failOn"]>): boolean {
  return (failOn === "at-risk" && severity !== "note") || (failOn === "degenerate" && severity === "degenerate");
}

function failOnOf({ settings: { failOn } }: CheckRecord): NonNullable<JunitOptions["failOn"]> {
  return failOn === "at-risk" || failOn === "never" ? failOn : "degenerate";
}

function attribute(text: string): string {
  return escaped(plain(text));
}
