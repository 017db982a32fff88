import type { CheckRecord, FindingRecord } from "../check-record.js";
import { repeatCommand } from "../repeat-command.js";
import { isNumber, modelName, placeOf, words } from "../text.js";

/** A log of SARIF 2.1.0, as far as it is written. */
export interface SarifLog {
  $schema: string;
  version: "2.1.0";
  runs: SarifRun[];
}

interface SarifRun {
  tool: { driver: { name: string; version: string; rules: SarifRule[] } };
  invocations: { executionSuccessful: boolean; commandLine: string }[];
  results: SarifResult[];
  properties: Record<string, unknown>;
}

interface SarifRule {
  id: string;
  shortDescription: { text: string };
  fullDescription: { text: string };
  help: { text: string };
}

interface SarifResult {
  ruleId: string;
  ruleIndex: number;
  level: "error" | "warning" | "note";
  message: { text: string };
  locations: SarifLocation[];
  partialFingerprints: Record<string, string>;
}

interface SarifLocation {
  physicalLocation?: { artifactLocation: { uri: string }; region: { startLine: number } };
  logicalLocations: { name: string; fullyQualifiedName: string; kind: string }[];
}

/**
 * The findings of a check-up as a log of SARIF 2.1.0, which GitHub and other services show: degenerate is an error, at-risk a warning, a note a note. A model that is a file is the location of its findings, at line 1, since
 * services ask for one; the layer is the logical location.
 *
 * @example
 * const finding = { pathology: "dead-layer", severity: "degenerate" as const, layer: 1, evidence: "all zero", explanation: "It is dead.", source: "here" };
 * const result = { verdict: "degenerate", findings: [finding], layers: [{ layer: 1 }] };
 * const log = sarifLog({ sonde: "0.0.0", command: "check", architecture: null, settings: { model: "a.npz" }, result, warnings: [], elapsedMs: 1 });
 * log.runs[0].results[0].level // "error"
 */
export function sarifLog(record: CheckRecord): SarifLog {
  const { sonde, result, interrupted = false } = record;
  const rules = new Map<string, FindingRecord>();
  for (const finding of result.findings) if (!rules.has(finding.pathology)) rules.set(finding.pathology, finding);
  const names = [...rules.keys()];
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Sonde", version: sonde, rules: [...rules.values()].map(ruleOf) } },
        invocations: [{ executionSuccessful: !interrupted, commandLine: repeatCommand(record) }],
        results: result.findings.map((finding) => ({
          ruleId: finding.pathology,
          ruleIndex: names.indexOf(finding.pathology),
          level: levels[finding.severity],
          message: { text: `${words(finding.pathology)} (${placeOf(finding, result)}): ${finding.evidence}.` },
          locations: [locationOf(finding, record)],
          partialFingerprints: { "sonde/v1": `${modelName(record)}:${finding.pathology}:${finding.layer}` },
        })),
        properties: {
          verdict: result.verdict,
          ...(result.failure?.inRange && isNumber(result.failure.value) && { failure: result.failure.value }),
        },
      },
    ],
  };
}

const levels = { degenerate: "error", "at-risk": "warning", note: "note" } as const;

function ruleOf({ pathology, explanation, source }: FindingRecord): SarifRule {
  return {
    id: pathology,
    shortDescription: { text: words(pathology) },
    fullDescription: { text: explanation },
    help: { text: `${explanation} Source: ${source}` },
  };
}

/** The file, where the model is one, and the layer. */
function locationOf(finding: FindingRecord, { settings: { model }, result }: CheckRecord): SarifLocation {
  const place = placeOf(finding, result);
  const uri = typeof model === "string" && /\.\w+$/.test(model) ? uriOf(model) : undefined;
  return {
    ...(uri !== undefined && { physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } } }),
    logicalLocations: [{ name: place, fullyQualifiedName: finding.name ?? place, kind: "module" }],
  };
}

/** A path as a reference: with `/`, and what no reference may hold in per cent. */
function uriOf(path: string): string {
  return path.replaceAll("\\", "/").split("/").map(encoded).join("/");
}

function encoded(part: string): string {
  return Array.from(part, (sign) => {
    const lone = sign.length === 1 && /\p{Cs}/u.test(sign);
    return lone ? "%EF%BF%BD" : encodeURIComponent(sign);
  }).join("");
}
