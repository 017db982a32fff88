import type { MeanField, PhaseDiagram } from "@sonde/infinite-width";
import { short } from "./numbers.js";
import type { Page } from "./page.js";
import { table } from "./table.js";
import { labelled, wrap } from "./wrap.js";

/** What each phase means for a deep network. */
const meanings: Readonly<Record<MeanField["phase"], string>> = {
  ordered: "different inputs become alike with depth, and gradients vanish",
  critical: "at the edge of chaos: differences and gradients neither vanish nor explode exponentially",
  chaotic: "inputs that are close are torn apart with depth, and gradients explode",
  unbounded: "the variance of the signal grows without bound",
};

/** The report of `sonde phase`: one point, or a diagram. */
export function phaseReport(
  page: Page,
  activation: string,
  { point, diagram }: { readonly point?: MeanField; readonly diagram?: PhaseDiagram },
): string {
  return [`  ${page.bold(activation)}`, ...(point ? pointLines(page, point) : diagram ? diagramLines(page, diagram) : [])].join(
    "\n",
  );
}

function pointLines(page: Page, point: MeanField): string[] {
  const { weightVariance, biasVariance, qStar, chi1, cStar, xiC, xiQ, phase } = point;
  const layers = (xi: number) =>
    xi === Number.POSITIVE_INFINITY ? "∞ (algebraic)" : Number.isNaN(xi) ? "–" : `${short(xi)} layers`;
  return [
    page.dim(`  weight variance ${short(weightVariance)} · bias variance ${short(biasVariance)} · infinite width`),
    "",
    ...labelled(page, `  ${page.bold(phase)}  `, meanings[phase]),
    "",
    `  q*    ${amount(qStar).padEnd(16)} variance of pre-activations, deep in the network`,
    `  χ₁    ${amount(chi1).padEnd(16)} growth of a small difference, and of a gradient, in a layer (squared)`,
    `  c*    ${amount(cStar).padEnd(16)} correlation that different inputs reach`,
    `  ξ_c   ${layers(xiC).padEnd(16)} to forget the correlation by a factor e`,
    `  ξ_q   ${layers(xiQ).padEnd(16)} to forget the variance by a factor e`,
  ];
}

function amount(value: number): string {
  return value === Number.POSITIVE_INFINITY ? "∞" : short(value);
}

/** Rows of the table of critical points. */
const shownRows = 11;

function diagramLines(page: Page, { weightVariances, biasVariances, criticalLine, phase }: PhaseDiagram): string[] {
  const ends = (values: readonly number[]) =>
    values.length === 1 ? short(values[0]) : `${short(values[0])} to ${short(values[values.length - 1])}`;
  const counted = (["ordered", "critical", "chaotic", "unbounded"] as const).flatMap((name) => {
    const count = phase.filter((found) => found === name).length;
    return count > 0 ? [`${count} ${name}`] : [];
  });
  const top = [
    page.dim(`  weight variance ${ends(weightVariances)} · bias variance ${ends(biasVariances)} · infinite width`),
    "",
    ...wrap(`${phase.length} points: ${counted.join(", ")}`, page.width, "  "),
    "",
  ];
  if (criticalLine.length === 0) return [...top, "  no edge of chaos at these bias variances"];
  const step = Math.max(1, Math.ceil((criticalLine.length - 1) / (shownRows - 1)));
  const shown = criticalLine.filter((_, k) => k % step === 0);
  const [names, ...rows] = table(
    [
      { heading: "bias variance", cells: shown.map(({ biasVariance }) => short(biasVariance)) },
      { heading: "critical weight variance", cells: shown.map(({ weightVariance }) => weightVariance.toPrecision(7)) },
      { heading: "q*", cells: shown.map(({ qStar }) => short(qStar)) },
    ],
    page.width,
  );
  return [...top, page.dim(names), ...rows];
}
