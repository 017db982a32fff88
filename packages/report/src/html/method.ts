import type { CheckRecord } from "../check-record.js";
import { html, type Markup } from "./markup.js";
import type { Section } from "./section.js";

interface Question {
  readonly question: string;
  readonly how: string;
  readonly source: string;
  readonly asked: (record: CheckRecord) => unknown;
}

const questions: readonly Question[] = [
  {
    question: "Is it born dead?",
    how: "Random networks are drawn; one whose hidden layer is zero at every input is constant, and no training revives it. Proven bounds stand beside the estimate where there are some.",
    source: "Lu, Shin, Su, Karniadakis 2019 (arXiv 1903.06733); Rister, Rubin 2021 (arXiv 2007.06192)",
    asked: ({ result }) => result.bornDead,
  },
  {
    question: "Which points and units live?",
    how: "A point lives where no layer up to there is zero; a unit is dead where it is zero at every recorded point.",
    source: "Rister, Rubin 2021 (arXiv 2007.06192)",
    asked: ({ architecture }) => !architecture,
  },
  {
    question: "Do inputs become indistinguishable?",
    how: "ln sin² of the angle θ between pairs of inputs, layer by layer. Pairs of which one is mapped to zero, or both to one ray, are degenerate and counted apart. Pairs that the inputs do not tell apart are left out.",
    source: "Jakub, Nica 2024 (arXiv 2302.09712)",
    asked: ({ result }) => result.layers.some(({ logSin2 }) => logSin2),
  },
  {
    question: "Do units become copies of one another?",
    how: "The vanishing node indicator: the mean squared correlation between units over the points; 1 over it is the number of different units that the layer is worth.",
    source: "Chang, Lin 2019 (arXiv 1910.09745)",
    asked: ({ result }) => result.nodes ?? result.layers.some(({ vni }) => vni),
  },
  {
    question: "Does the signal keep its size?",
    how: "ln of the mean square of the activations and of their variance over the inputs. Sizes are logarithms, since they change by a factor in every layer.",
    source: "Glorot, Bengio 2010; He, Zhang, Ren, Sun 2015 (arXiv 1502.01852)",
    asked: ({ result }) => result.layers.some(({ signal }) => signal),
  },
  {
    question: "Do gradients reach the first layers?",
    how: "Mean squares of the gradients by activations and by weights, for errors of unit variance at the outputs, or as they were recorded.",
    source: "Hochreiter 1991; Schoenholz, Gilmer, Ganguli, Sohl-Dickstein 2017 (arXiv 1611.01232)",
    asked: ({ result }) => result.layers.some(({ gradient }) => gradient),
  },
  {
    question: "Does the signal lose its dimensions?",
    how: "The effective rank tr C / λmax(C) of the units' covariance over the points, and the share of the power that varies.",
    source: "Labatie 2019 (arXiv 1811.03087)",
    asked: ({ result }) => result.signal ?? result.layers.some(({ effectiveRank }) => effectiveRank !== undefined),
  },
  {
    question: "How likely is it to fail?",
    how: "An additive logistic model of these indicators, calibrated on architectures that were trained. It is given where networks like this one were among them.",
    source: "calibration/failure.md of @sonde/predictor",
    asked: ({ result }) => result.failure?.inRange,
  },
];

/** How each question was asked, and where that is from. */
export function method(record: CheckRecord): Section {
  const asked = questions.filter((question) => question.asked(record));
  return {
    id: "method",
    title: "Method",
    note: "Estimates come with their 95 % interval. The verdict is the worst of the findings, which thresholds decide; the page on the verdict lists them.",
    content: html`<dl>${asked.map(
      ({ question, how, source }): Markup => html`<dt>${question}</dt><dd>${how} <span class="note">${source}</span></dd>`,
    )}</dl>`,
  };
}
