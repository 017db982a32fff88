import { bySeverity, placeOf, words } from "../text.js";
import { html } from "./markup.js";
import type { SectionOf } from "./section.js";
import { badge } from "./severity.js";

/** Each finding: where, how bad, the numbers, what it means, where that is from. */
export const findings: SectionOf = ({ result }) => ({
  id: "findings",
  title: "Findings",
  content:
    result.findings.length === 0
      ? html`<p>Nothing was found.</p>`
      : html`${bySeverity(result.findings).map(
          (finding) => html`<article class="finding ${finding.severity}" id="finding-${result.findings.indexOf(finding) + 1}">
<h3>${words(finding.pathology)}, ${placeOf(finding, result)}</h3>
<p>${badge(finding.severity)}</p>
${finding.severity === "note" && html`<p class="note">A note: networks like this one train all the same.</p>`}
<p><strong>${finding.evidence}.</strong></p>
<p>${finding.explanation}</p>
<p class="note">${finding.source}</p>
</article>
`,
        )}`,
});
