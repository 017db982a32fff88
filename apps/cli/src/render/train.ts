import type { Architecture } from "@sonde/nets";
import type { ContingencyRow, Outcome, Quantiles, TrainedLayer, TrainingPlan, TrainingRecord } from "@sonde/training";
import { heading } from "./heading.js";
import { layerColumns } from "./layer-columns.js";
import { count, percent, short } from "./numbers.js";
import type { Page } from "./page.js";
import { bar, sparkline } from "./spark.js";
import { type Column, shownLayers, table } from "./table.js";
import { labelled } from "./wrap.js";

export interface TrainReport {
  readonly model: string;
  readonly architecture: Architecture;
  readonly plan: TrainingPlan;
  readonly record: TrainingRecord;
  /** What was learned, in words. */
  readonly task: string;
}

/** The report of `sonde train`. */
export function trainReport(page: Page, { model, architecture, plan, record, task }: TrainReport): string {
  return [
    ...heading(page, model, architecture, `${count(record.runs, "random network")} trained on ${task}`),
    page.dim(`  ${recipeLine(plan, record)}`),
    "",
    summaryLine(page, record),
    "",
    ...outcomeTable(page, record),
    "",
    ...deathLines(page, record),
    ...curveLines(page, record),
    ...contingencyLines(page, record),
    ...layerTable(page, architecture, record),
  ].join("\n");
}

function recipeLine(
  { loss, optimizer, learningRate, schedule, warmup, batch, l2, decay, clip }: TrainingPlan,
  { steps }: TrainingRecord,
) {
  return [
    loss.name,
    `${optimizer.name} ${short(learningRate)}`,
    ...(schedule.name === "constant" ? [] : [`${schedule.name} schedule`]),
    ...(warmup > 0 ? [`warm-up ${warmup}`] : []),
    `batch ${batch}`,
    ...(l2 + decay > 0 ? [`weight decay ${short(l2 + decay)}`] : []),
    ...(clip === undefined ? [] : [`clipped to ${short(clip)}`]),
    count(steps, "step"),
  ].join(" · ");
}

/** How many learned, and how many are constant. */
function summaryLine(page: Page, { shares, collapsed, runs }: TrainingRecord): string {
  const { value, low, high } = shares.learned;
  const colour = value >= 0.9 ? page.green : value > 0.1 ? page.yellow : page.red;
  const sign = value >= 0.9 ? "✓" : value > 0.1 ? "!" : "✗";
  const many = runs > 1 ? `   ${page.dim(`95 %: ${percent(low)} to ${percent(high)}`)}` : "";
  const constant = collapsed.value > 0 ? `, ${percent(collapsed.value)} ended constant` : "";
  return colour(page.bold(`  ${sign} ${percent(value)} learned${constant}`)) + many;
}

const words: Readonly<Record<Outcome, string>> = {
  learned: "learned",
  collapsedMean: "collapsed to the mean",
  collapsedMedian: "collapsed to the median",
  collapsedOther: "collapsed elsewhere",
  walkingDead: "walking dead",
  vanished: "vanished gradients",
  exploded: "exploded gradients",
  diverged: "diverged",
  undecided: "undecided",
};

function outcomeTable(page: Page, { outcomes, shares, constants }: TrainingRecord): string[] {
  const names = (Object.keys(words) as Outcome[]).filter((name) => outcomes[name] > 0 || name === "learned");
  const reached = names.map((name) => {
    const first = constants.reached[name]?.[0]?.p50;
    return first === null || first === undefined ? "" : short(first);
  });
  const [head, ...rows] = table(
    [
      { heading: "outcome", align: "left", cells: names.map((name) => words[name]) },
      { heading: "networks", cells: names.map((name) => String(outcomes[name])) },
      {
        heading: "share",
        align: "left",
        cells: names.map((name) => `${bar(shares[name].value, 16).padEnd(16)} ${percent(shares[name].value).padStart(7)}`),
      },
      {
        heading: "95 %",
        align: "left",
        cells: names.map((name) => `${percent(shares[name].low)} to ${percent(shares[name].high)}`),
      },
      ...(reached.some(Boolean) ? [{ heading: "at", cells: reached }] : []),
    ],
    page.width,
  );
  return [page.dim(head), ...rows];
}

/** How networks became constant, and what the constants of the sample are. */
function deathLines(page: Page, { deaths, collapsed, constants, runs, bornDead }: TrainingRecord): string[] {
  const constantNetworks = Math.round(collapsed.value * runs);
  const ways = [
    `${deaths.bornDead} born dead`,
    `${deaths.diedInTraining} died in training`,
    `${deaths.constantAlive} constant without a dead layer`,
  ];
  const sample = constants.median
    ? `mean ${listed(constants.mean)}, median ${listed(constants.median)}`
    : `frequencies ${listed(constants.mean)}`;
  return [
    ...(constantNetworks > 0 ? labelled(page, "  how they died  ", `of ${constantNetworks}: ${ways.join(", ")}`) : []),
    ...labelled(page, "  born dead      ", `${percent(bornDead.share.value)} of all, ${bornDead.dead.learned} of them learned`),
    ...labelled(page, "  the sample     ", `${sample}; the best constant has the loss ${short(constants.loss)}`),
  ];
}

function listed(values: readonly number[]): string {
  return values.length > 4 ? `${values.slice(0, 4).map(short).join(", ")} ...` : values.map(short).join(", ");
}

/** Quantiles over networks against the logarithm of the step. */
function curveLines(page: Page, { curves }: TrainingRecord): string[] {
  const room = Math.min(24, curves.steps.length);
  const line = (label: string, quantiles: readonly Quantiles[], key: "p05" | "p50" | "p95", high: number) => {
    const values = quantiles.map((one) => one[key] ?? Number.NaN);
    return `  ${label.padEnd(13)}  ${sparkline(values, high, room)}  ${short(values[0])} → ${short(values[values.length - 1])}`;
  };
  const most = (quantiles: readonly Quantiles[]) =>
    Math.max(...quantiles.flatMap(({ p50, p95 }) => [p50 ?? 0, Math.min(p95 ?? 0, 3 * (p50 ?? 0))]), 1e-300);
  const { loss, accuracy, testLoss, testAccuracy, monitors } = curves;
  const high = most(loss);
  // Nothing is dead and all points live: not worth a line.
  const quiet = (name: string, values: readonly Quantiles[]) =>
    values.every(({ p05, p95 }) => p05 === p95 && p05 === (name === "livingRatio" ? 1 : 0));
  const shown = Object.entries(monitors).filter(([name, values]) => !quiet(name, values));
  const watched = shown.map(([name, values]) => line(monitorWords[name] ?? name, values, "p50", most(values)));
  return [
    "",
    page.dim("  over the logarithm of the steps, of all networks"),
    line("loss, 5 %", loss, "p05", high),
    line("loss, median", loss, "p50", high),
    line("loss, 95 %", loss, "p95", high),
    ...(testLoss ? [line("test loss", testLoss, "p50", high)] : []),
    ...(accuracy ? [line("accuracy", accuracy, "p50", 1)] : []),
    ...(testAccuracy ? [line("test accuracy", testAccuracy, "p50", 1)] : []),
    ...watched,
  ];
}

const monitorWords: Readonly<Record<string, string>> = {
  livingRatio: "living points",
  deadUnits: "dead units",
  vni: "VNI",
  weightedVni: "weighted VNI",
  localVni: "local VNI",
  logSin2: "ln sin²",
  degenerate: "degenerate",
};

const diagnoses: Readonly<Record<string, string>> = {
  livingRatio: "living points",
  logSin2: "ln sin²",
  vni: "VNI",
  gradientNorm: "gradient, layer 1",
};

/** What became of networks by their diagnosis at initialisation. */
function contingencyLines(page: Page, { contingency, bornDead, outcomes, runs }: TrainingRecord): string[] {
  // Where all became the same there is nothing to compare.
  if (Object.values(outcomes).includes(runs)) return [];
  const groups: { name: string; range: string; networks: number; learned: string; constant: string }[] = [];
  const dead = Math.round(bornDead.share.value * runs);
  if (dead > 0 && dead < runs)
    for (const [range, counts, networks] of [
      ["yes", bornDead.dead, dead],
      ["no", bornDead.alive, runs - dead],
    ] as const) {
      const constant = counts.collapsedMean + counts.collapsedMedian + counts.collapsedOther;
      groups.push({
        name: "born dead",
        range,
        networks,
        learned: percent(counts.learned / networks),
        constant: percent(constant / networks),
      });
    }
  for (const [key, name] of Object.entries(diagnoses))
    for (const row of contingency[key] ?? []) groups.push({ name, ...rowText(row) });
  if (groups.length === 0) return [];
  const [head, ...rows] = table(
    [
      {
        heading: "at initialisation",
        align: "left",
        cells: groups.map(({ name }, k) => (groups[k - 1]?.name === name ? "" : name)),
      },
      { heading: "value", align: "left", cells: groups.map(({ range }) => range) },
      { heading: "networks", cells: groups.map(({ networks }) => String(networks)) },
      { heading: "learned", cells: groups.map(({ learned }) => learned) },
      { heading: "constant", cells: groups.map(({ constant }) => constant) },
    ],
    page.width,
  );
  return ["", page.dim(head), ...rows];
}

function rowText({ from, to, networks, learned, collapsed }: ContingencyRow) {
  const share = ({ value, low, high }: ContingencyRow["learned"]) => `${percent(value)} (${percent(low)} to ${percent(high)})`;
  const range = from === to ? short(from) : `${short(from)} to ${short(to)}`;
  return { range, networks, learned: share(learned), constant: share(collapsed) };
}

/** Layers before and after training. */
function layerTable(page: Page, architecture: Architecture, { layers, gradientNorms }: TrainingRecord): string[] {
  if (layers.length === 0) return [];
  // Of a chain every hidden layer has weights, and the output layer.
  const chain = gradientNorms.length === layers.length + 1;
  const shown = shownLayers(layers.length, 16);
  const change = (heading: string, key: string, optional = false): Column[] => {
    const cells = shown.map((l) => `${middle(layers[l].start, key)} → ${middle(layers[l].end, key)}`);
    return cells.every((cell) => cell === "– → –") ? [] : [{ heading, cells, optional }];
  };
  const units = layers.some(({ deadUnits }) => deadUnits)
    ? [
        {
          heading: "dead units: born, died, revived",
          cells: shown.map((l) => {
            const { deadUnits } = layers[l];
            return deadUnits ? [deadUnits.bornDead, deadUnits.died, deadUnits.revived].map(short).join(", ") : "–";
          }),
        },
      ]
    : [];
  const [head, ...rows] = table(
    [
      ...layerColumns(architecture, shown),
      ...change("living points", "livingRatio"),
      ...units,
      ...(chain
        ? [
            {
              heading: "gradient",
              cells: shown.map((l) => `${brief(gradientNorms[l].start.p50)} → ${brief(gradientNorms[l].end.p50)}`),
              optional: true,
            },
          ]
        : []),
      ...change("VNI", "vni", true),
      ...change("weighted", "weightedVni", true),
      ...change("local", "localVni", true),
      ...change("ln sin²", "logSin2", true),
    ],
    page.width,
  );
  return ["", page.dim(head), ...rows];
}

function middle(seen: TrainedLayer["start"], key: string): string {
  return brief(seen[key]?.p50);
}

/** Three digits; what is 0 but for rounding is 0. */
function brief(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  return size < 1e-12 ? "0" : size < 1e-3 || size >= 1e5 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}
