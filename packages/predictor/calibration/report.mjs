// node packages/predictor/calibration/report.mjs: how right the probability of failure is on the half of the architectures that nothing was fitted to or chosen by, beside each indicator alone, the proxies of architecture search and
// plain counts, into failure.md and pictures/reliability-*.svg.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { integer, median, quantiles, split, stream, wilson } from "@sonde/core";
import { mlp, parameterCount } from "@sonde/nets";
import { thresholds } from "@sonde/predictor";
import { calibration } from "../dist/failure/calibration.js";
import { logOddsOf } from "../dist/failure/model.js";
import { examples, fails } from "./examples.mjs";
import { auc, brier, designOf, fit, knotsOf, logOdds } from "./logistic.mjs";

/** Why the worst misses became what they became, by their numbers, written by hand. */
const causes = JSON.parse(readFileSync(new URL("causes.json", import.meta.url), "utf8"));
const { renderSvg } = await import(new URL("../../plots/dist/index.js", import.meta.url));

const all = examples();
const held = all.filter((one) => one.held);
const own = all.filter((one) => !one.held);
const failedBy = (one) => fails(one.adam.end);
const failed = held.map(failedBy);
const { adam, momentum } = calibration;
const odds = (one, { model }) => logOddsOf(model, one.inputs, (name) => one.indicators[name]?.[0]);
const probability = (z) => 1 / (1 + Math.exp(-z));
const scores = held.map((one) => odds(one, adam.withTargets));
const blind = held.map((one) => odds(one, adam.withoutTargets));

const byMomentum = held.filter(({ sgd }) => sgd);

const groups = ["all", "ReLU, plain", "other activations", "normalised", "residual", "classification", "regression"];
const tasks = [...new Set(held.map(({ task }) => task))].sort();
const inGroup = (name) => held.flatMap((one, i) => (name === "all" || one.groups.includes(name) || one.task === name ? [i] : []));

const lines = [...groups, ...tasks].map((name) => {
  const chosen = inGroup(name);
  const bad = chosen.map((i) => failed[i]);
  return [
    name,
    chosen.length,
    bad.reduce((sum, one) => sum + one, 0),
    withInterval(chosen, scores),
    withInterval(chosen, blind),
    brier(
      chosen.map((i) => probability(scores[i])),
      bad,
    ).toFixed(3),
  ];
});

const alone = [...new Set(held.flatMap(({ indicators }) => Object.keys(indicators)))].map((name) => [
  name,
  auc(
    held.map(({ indicators }) => indicators[name]?.[0] ?? 0),
    failed,
  ),
]);

const number = (value) => (value === "inf" ? 1e6 : value === "-inf" ? -1e6 : (value ?? 0));
const rivals = {
  depth: ({ widths }) => widths.length,
  "depth / width": ({ widths }) => widths.length / Math.min(...widths),
  parameters: (one) => -Math.log(parameterCount(mlp(one.model, one.options))),
  "gradient norm": ({ proxies }) => -number(proxies?.gradNorm),
  SNIP: ({ proxies }) => -number(proxies?.snip),
  GraSP: ({ proxies }) => -number(proxies?.grasp),
  "SynFlow (ln)": ({ proxies }) => -number(proxies?.logSynflow),
  NASWOT: ({ proxies }) => -number(proxies?.naswot),
  "Jacobian covariance": ({ proxies }) => -number(proxies?.jacobCov),
  "tangent kernel's condition (ln)": ({ indicators }) => indicators.condition?.[0] ?? 0,
};
const scored = (one) => one.proxies && Object.keys(one.proxies).length > 0;
const known = held.filter(scored);
const knownFailed = known.map(failedBy);
const rivalLines = Object.entries(rivals).map(([name, value]) => {
  const area = known.length > 0 ? auc(known.map(value), knownFailed) : Number.NaN;
  return [name, area.toFixed(3), Math.max(area, 1 - area).toFixed(3)];
});
const together = combined();

writeFileSync(new URL("failure.md", import.meta.url), text());
reliability();

/** A logistic model of all rivals at once, in both directions, fitted to the half that is not held out. */
function combined() {
  const learn = own.filter(scored);
  if (learn.length === 0 || known.length === 0) return undefined;
  const asIndicators = (one) => ({
    ...one,
    indicators: Object.fromEntries(
      Object.entries(rivals).flatMap(([name, value]) => [
        [name, [value(one)]],
        [`-${name}`, [-value(one)]],
      ]),
    ),
  });
  const [a, b] = [learn.map(asIndicators), known.map(asIndicators)];
  const knots = new Map(
    Object.keys(a[0].indicators).flatMap((name) => {
      const places = knotsOf(a.map(({ indicators }) => indicators[name][0]));
      return places.length > 0 ? [[name, places]] : [];
    }),
  );
  const w = fit(designOf(a, knots), learn.map(failedBy), { penalty: 1e-3 });
  return auc(logOdds(designOf(b, knots), w), knownFailed);
}

/** The area with the 95 % interval of 400 bootstrap samples. */
function withInterval(chosen, values) {
  const bad = chosen.map((i) => failed[i]);
  const own = chosen.map((i) => values[i]);
  if (!bad.includes(1) || !bad.includes(0)) return "";
  const areas = Array.from({ length: 400 }, (_, r) => {
    const random = split(stream(11), r);
    const drawn = chosen.map((_, k) => integer(random, k, chosen.length));
    return auc(
      drawn.map((k) => own[k]),
      drawn.map((k) => bad[k]),
    );
  }).filter(Number.isFinite);
  const [low, high] = quantiles(areas, [0.025, 0.975]);
  return `${auc(own, bad).toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}

function table(head, rows) {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function bins() {
  const edges = [0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85, 0.95, 1];
  return edges.slice(1).flatMap((high, b) => {
    const inside = scores.flatMap((z, i) => (probability(z) >= edges[b] && (probability(z) < high || high === 1) ? [i] : []));
    if (inside.length === 0) return [];
    const said = inside.reduce((sum, i) => sum + probability(scores[i]), 0) / inside.length;
    const count = inside.reduce((sum, i) => sum + failed[i], 0);
    return [{ said, count, total: inside.length, ...wilson(count, inside.length) }];
  });
}

function reliability() {
  const shown = bins();
  const folder = new URL("../pictures/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  const figure = {
    title: "How often do networks fail that are said to fail so often?",
    subtitle: `${held.length} architectures that were held out; 95 % intervals`,
    description: "The share that failed against the probability that was said before training, in classes of that probability.",
    panels: [
      {
        x: { label: "P(fails to train), before training", domain: [0, 1] },
        y: { label: "share that failed", domain: [0, 1] },
        marks: [
          { kind: "line", name: "as often as said", tone: "neutral", dash: "dashed", x: [0, 1], y: [0, 1] },
          {
            kind: "dots",
            name: "held out",
            tone: 0,
            x: shown.map(({ said }) => said),
            y: shown.map(({ count, total }) => count / total),
            low: shown.map(({ low }) => low),
            high: shown.map(({ high }) => high),
          },
        ],
      },
    ],
  };
  for (const theme of ["light", "dark"])
    writeFileSync(new URL(`reliability-${theme}.svg`, folder), renderSvg(figure, { theme, width: 640 }));
}

function verdicts() {
  const { atRisk, degenerate, momentum: other } = thresholds.failure;
  const verdict = (one, i) => {
    if (probability(scores[i]) > degenerate) return "degenerate";
    return probability(scores[i]) > atRisk || probability(odds(one, momentum.withTargets)) > other ? "at-risk" : "healthy";
  };
  const said = held.map(verdict);
  return ["healthy", "at-risk", "degenerate"].map((name) => {
    const chosen = held.map((_, i) => i).filter((i) => said[i] === name);
    const count = chosen.reduce((sum, i) => sum + failed[i], 0);
    const both = chosen.filter((i) => held[i].sgd);
    const lost = both.reduce((sum, i) => sum + fails(held[i].sgd.end), 0);
    return [name, chosen.length, share(count, chosen.length), share(lost, both.length)];
  });
}

/** A count as a share with its 95 % interval. */
function share(count, total) {
  const { low, high } = wilson(count, total);
  return `${count}: ${(count / total).toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}

function momentumLines() {
  const bad = byMomentum.map(({ sgd }) => fails(sgd.end));
  return [
    ["targets known", momentum.withTargets],
    ["targets not known", momentum.withoutTargets],
    ["targets known, the model of Adam", adam.withTargets],
  ].map(([name, model]) => {
    const z = byMomentum.map((one) => odds(one, model));
    return [name, auc(z, bad).toFixed(3), brier(z.map(probability), bad).toFixed(3)];
  });
}

function otherRules() {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const rules = {
    "the median is below 0.5": (end) => median(end) < 0.5,
    "the median is below 0.3": (end) => median(end) < 0.3,
    "the median is below 0.7": (end) => median(end) < 0.7,
    "the mean is below 0.5": (end) => mean(end) < 0.5,
    "one of four is below 0.5": (end) => Math.min(...end) < 0.5,
    "all are below 0.5": (end) => Math.max(...end) < 0.5,
  };
  return Object.entries(rules).map(([name, rule]) => {
    const bad = held.map(({ adam: { end } }) => Number(rule(end)));
    return [name, bad.reduce((sum, one) => sum + one, 0), auc(scores, bad).toFixed(3)];
  });
}

/** The fifteen architectures whose outcome was least expected. */
function misses() {
  return held
    .map((one, i) => ({ one, p: probability(scores[i]), surprise: failed[i] ? -scores[i] : scores[i], i }))
    .sort((a, b) => b.surprise - a.surprise)
    .slice(0, 15)
    .map(({ one, p, i }) => [
      one.k,
      `${one.model} ${JSON.stringify(one.options)}`.replaceAll("|", "\\|"),
      `${one.task}${one.changed.scale === 1 ? "" : ` x ${one.changed.scale}`}${one.changed.offset ? ` + ${one.changed.offset}` : ""}${one.changed.standardize ? ", standardised" : ""}`,
      p.toFixed(3),
      failed[i] ? "failed" : "learned",
      one.adam.end.join(", "),
      causes[one.k] ?? "",
    ]);
}

function rates() {
  const values = [1e-4, 1e-3, 1e-2, 1e-1, 1];
  const known = all.filter(({ sgd, largestLearningRate }) => sgd && largestLearningRate > 0);
  const classes = [-Infinity, -2, -1, 0, 1, 2, 3, Infinity];
  return classes.slice(1).map((high, b) => {
    let [count, lost] = [0, 0];
    for (const { sgd, largestLearningRate } of known)
      values.forEach((rate, r) => {
        // Momentum 0.9 allows 1.9 times as much.
        const above = Math.log10(rate / (1.9 * largestLearningRate));
        if (!(above >= classes[b] && above < high)) return;
        count++;
        if (sgd.early[r] === null || sgd.early[r] > 1) lost++;
      });
    const interval = count > 0 ? wilson(lost, count) : undefined;
    return [
      `${classes[b]} to ${high}`,
      count,
      interval ? `${(lost / count).toFixed(3)} (${interval.low.toFixed(3)} to ${interval.high.toFixed(3)})` : "",
    ];
  });
}

function text() {
  const both = all.filter(({ sgd }) => sgd);
  const agree = both.filter((one) => failedBy(one) === fails(one.sgd.end)).length;
  return `# P(fails to train)

Written by \`node packages/predictor/calibration/report.mjs\` from experiment.json.gz: ${all.length} architectures (\`sample.mjs\`), four networks each, trained by ${adam.recipe}; ${both.length} of them also by momentum 0.9 at the best of five rates (all go an eighth of the steps, two three eighths, one to the end).
An architecture fails where the median of its networks has a training accuracy below one half, or explains less than half of the targets' variance: ${all.filter(failedBy).length} do. ${own.length} calibrate (${adam.architectures} did), ${held.length} are held out by seed.
The two recipes agree about ${((100 * agree) / both.length).toFixed(1)} % of the architectures that both have trained (fail by Adam ${both.filter(failedBy).length}, by momentum ${both.filter((one) => fails(one.sgd.end)).length}).

## Held out: area under the ROC curve

With 95 % bootstrap intervals; the Brier score is that with targets.

${table(["", "architectures", "failed", "AUC, targets known", "AUC, targets not known", "Brier"], lines)}

<picture>
  <source media="(prefers-color-scheme: dark)" srcset="../pictures/reliability-dark.svg">
  <img alt="The share of held-out architectures that failed against the probability that was said" src="../pictures/reliability-light.svg">
</picture>

${table(
  ["said", "architectures", "failed", "share (95 %)"],
  bins().map(({ said, count, total, low, high }) => [
    said.toFixed(3),
    total,
    count,
    `${(count / total).toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`,
  ]),
)}

## Verdicts

The ranges of P that are called healthy, at-risk and degenerate (\`thresholds.failure\`), on the held-out half. A network is also at risk where momentum alone is likely to fail, and whatever P, where some networks are certain to fail (born dead, dead outputs).

${table(["verdict by P", "architectures", "failed by Adam", "of those trained by momentum, failed"], verdicts())}

## Momentum

The same model fitted to what became of the ${momentum.architectures} calibrating architectures that were trained by momentum too; ${byMomentum.length} held-out ones.

${table(["", "AUC", "Brier"], momentumLines())}

## Other rules of failure

The same probabilities, for other rules of what a failure is.

${table(["an architecture fails where", "failed", "AUC"], otherRules())}

## Each indicator alone

${table(
  ["indicator", "AUC"],
  alone.sort((a, b) => b[1] - a[1]).map(([name, area]) => [name, area.toFixed(3)]),
)}

## Proxies of architecture search, and plain counts

On the ${known.length} held-out architectures for which they were worked out: 32 training points, the median of four networks. A larger proxy is meant to be better; the last column is the better of both directions. All of them in one additive model, fitted to the other half: ${together === undefined ? "not worked out" : together.toFixed(3)}; ours on the same: ${
    known.length > 0
      ? auc(
          known.map((one) => odds(one, adam.withTargets)),
          knownFailed,
        ).toFixed(3)
      : ""
  }.

${table(["", "AUC", "either direction"], rivalLines)}

## Learning rates

The share of momentum runs whose loss was above its start, or not finite, after an eighth of the steps, by log10 of the rate over 1.9 times the largest stable one of the tangent kernel (for squared error).

${table(["log10 of rate over stable", "runs", "diverged"], rates())}

## The fifteen worst misses

${table(["number", "architecture", "task", "P", "became", "accuracy or variance explained", "cause"], misses())}
`;
}
