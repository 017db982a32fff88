import { type Architecture, hiddenLayers } from "@sonde/nets";
import type { Diagnosis, Finding, Verdict, Vitals } from "@sonde/predictor";
import { boundsText } from "./death.js";
import { modelLine } from "./describe-model.js";
import { percent, plusMinus, short } from "./numbers.js";
import type { Painter } from "./paint.js";
import { bar, sparkline } from "./spark.js";
import { shownLayers, table } from "./table.js";

/** The report of `sonde check`. */
export function checkReport(
  paint: Painter,
  model: string,
  architecture: Architecture,
  diagnosis: Diagnosis,
  inputs: string,
): string {
  const { verdict, findings, fixes, measurement } = diagnosis;
  const { death, angles } = measurement;
  const last = angles?.layers.at(-1);
  return [
    "",
    `  ${paint.bold(model)}  ${paint.dim(modelLine(architecture))}`,
    "",
    `  ${verdictLine(paint, verdict, findings)}`,
    "",
    `  P(born dead)   ${paint.bold(plusMinus(death))}   ${paint.dim(`95 %: ${short(death.low)} to ${short(death.high)}, ${death.networks} networks on ${inputs}`)}`,
    `  theory         ${boundsText(death)}`,
    `  living points  ${sparkline(
      death.layers.map(({ livingRatio }) => livingRatio.value),
      1,
    )}  ${percent(death.layers.at(-1)?.livingRatio.value ?? 1)} at the last layer`,
    ...(last && angles
      ? [
          `  angle          ${sparkline(
            angles.layers.map(({ angle }) => angle.value),
            Math.PI,
          )}  ${plusMinus(last.angle)} rad at the last layer, ${percent(last.degenerate)} of the pairs degenerate`,
        ]
      : []),
    "",
    ...layerTable(paint, architecture, diagnosis),
    ...findings.flatMap((finding) => ["", ...findingLines(paint, finding)]),
    ...(fixes.length > 0
      ? ["", `  ${paint.bold("What would help")} ${paint.dim("(computed)")}`, ...fixTable(paint, fixes[0].before, diagnosis)]
      : []),
    "",
    "",
  ].join("\n");
}

function verdictLine(paint: Painter, verdict: Verdict, findings: readonly Finding[]): string {
  const colour = { healthy: paint.green, "at-risk": paint.yellow, degenerate: paint.red }[verdict];
  const sign = { healthy: "✓", "at-risk": "!", degenerate: "✗" }[verdict];
  const why = findings.map(({ pathology, layer }) => `${pathology.replace("-", " ")} (layer ${layer})`).join(", ");
  return `${colour(paint.bold(`${sign} ${verdict}`))}${why ? `: ${why}` : ""}`;
}

function layerTable(paint: Painter, architecture: Architecture, { measurement: { death, angles } }: Diagnosis): string[] {
  const hidden = hiddenLayers(architecture);
  const shown = shownLayers(death.layers.length, 16);
  const [heading, ...rows] = table([
    { heading: "layer", cells: shown.map((l) => String(l + 1)) },
    { heading: "units", cells: shown.map((l) => String(hidden[l].units)) },
    { heading: "living points", align: "left", cells: shown.map((l) => bar(death.layers[l].livingRatio.value).padEnd(13)) },
    { heading: "", cells: shown.map((l) => percent(death.layers[l].livingRatio.value)) },
    { heading: "died here", cells: shown.map((l) => percent(death.layers[l].deadHere.value)) },
    ...(angles
      ? [
          { heading: "angle (rad)", cells: shown.map((l) => plusMinus(angles.layers[l].angle)) },
          { heading: "ln sin²", cells: shown.map((l) => short(angles.layers[l].logSin2.value)) },
        ]
      : []),
  ]);
  return [paint.dim(heading), ...rows];
}

function findingLines(paint: Painter, { severity, pathology, layer, evidence, explanation, source }: Finding): string[] {
  const colour = severity === "degenerate" ? paint.red : paint.yellow;
  return [
    `  ${colour(paint.bold(`${pathology.replace("-", " ")}, layer ${layer}`))}`,
    ...wrap(`${evidence}.`),
    ...wrap(explanation),
    ...wrap(source).map(paint.dim),
  ];
}

function fixTable(paint: Painter, before: Vitals, { fixes }: Diagnosis): string[] {
  const rows: { change: string; vitals: Vitals }[] = [
    { change: "as it is", vitals: before },
    ...fixes.map(({ change, after }) => ({ change, vitals: after })),
  ];
  const [heading, ...lines] = table([
    { heading: "change", align: "left", cells: rows.map(({ change }) => change) },
    { heading: "born dead", cells: rows.map(({ vitals }) => percent(vitals.bornDead)) },
    { heading: "degenerate pairs", cells: rows.map(({ vitals }) => percent(vitals.degenerate ?? Number.NaN)) },
    { heading: "ln sin²", cells: rows.map(({ vitals }) => short(vitals.logSin2 ?? Number.NaN)) },
    { heading: "verdict", align: "left", cells: rows.map(({ vitals }) => vitals.verdict) },
  ]);
  return [paint.dim(heading), paint.dim(lines[0]), ...lines.slice(1)];
}

/** Lines of at most 100 characters, indented. */
function wrap(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 100) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`    ${word}`);
  }
  return lines;
}
