// node packages/training/scripts/collapse.mjs [NETWORKS] [WORD]: what becomes of narrow deep networks, by initialisation and target, after 5000 steps of Adam. Trains the rows that
// collapse.jsonl does not have yet with NETWORKS networks (default 1000), of those whose name the regular expression WORD fits, and draws up collapse.md and pictures/collapse-*.svg anew
// from all that it has. A row is written when it is finished: after an interruption the same command goes on.
import { writeFileSync } from "node:fs";
import { proportion, quantiles } from "@sonde/core";
import { mlp } from "@sonde/nets";
import { functionData, train } from "@sonde/training";
import { draw } from "./lib/draw.mjs";
import { markdownTable } from "./lib/markdown-table.mjs";
import { addRow, bestRow } from "./lib/rows.mjs";

const [networks = 1000, word = ""] = [Number(process.argv[2] ?? 1000), process.argv[3]];
const steps = 5000;
const here = (name) => new URL(`../${name}`, import.meta.url);

/** Seeds differ, so that rows of different targets are of different networks. `published`: collapsed shares of the papers (1000 runs); `replicated`: an independent replication of 250 runs. */
const tasks = [
  {
    name: "|x|, MSE",
    model: "1-2x9-1",
    target: "abs",
    loss: "mse",
    seed: 1,
    published: { "He, zero bias": "> 0.9" },
    replicated: { "He, zero bias": "0.912 (born dead 0.856)", RAI: "0.360" },
  },
  {
    name: "x sin 5x, MSE",
    model: "1-2x9-1",
    target: "x-sin-5x",
    loss: "mse",
    seed: 2,
    published: { "He, zero bias": "0.919 or 0.938 *", RAI: "0.292 or 0.326 *" },
    replicated: { "He, zero bias": "0.912 at 0.177 (mean of its sample 0.1687)" },
  },
  {
    name: "x sin 5x, MAE",
    model: "1-2x9-1",
    target: "x-sin-5x",
    loss: "mae",
    seed: 3,
    published: {},
    replicated: { "He, zero bias": "0.908 at 0.1445 (median of its sample 0.1416)" },
  },
  {
    name: "step + 0.2 sin 5x, MSE",
    model: "1-2x9-1",
    target: "step-sin",
    loss: "mse",
    seed: 4,
    published: { "He, zero bias": "0.919 or 0.938 *", RAI: "0.292 or 0.326 *" },
    replicated: {},
  },
  {
    name: "2-d, MSE",
    model: "2-4x19-2",
    target: "abs-2d",
    loss: "mse",
    seed: 5,
    published: { "He, zero bias": "0.768", RAI: "0.096" },
    replicated: {},
  },
];

const initialisers = [
  { name: "He, zero bias", options: { init: "he-normal" } },
  { name: "He, Gaussian bias", options: { init: "he-normal", bias: "like-weights" } },
  { name: "Glorot", options: { init: "glorot-normal" } },
  { name: "LeCun", options: { init: "lecun-normal" } },
  { name: "orthogonal", options: { init: "orthogonal" } },
  { name: "RAI", options: { init: "rai" } },
  { name: "batch norm", options: { init: "he-normal", norm: "batch" } },
  { name: "layer norm", options: { init: "he-normal", norm: "layer" } },
  { name: "LSUV", options: { init: "lsuv" } },
];

const rows = initialisers.flatMap((initialiser) =>
  tasks.map((task) => ({ name: `${initialiser.name}: ${task.name}`, initialiser, task })),
);

for (const row of rows) {
  const known = bestRow(here("collapse.jsonl"), row.name);
  if (!new RegExp(word).test(row.name) || (known && known.networks >= networks)) continue;
  const begun = performance.now();
  addRow(here("collapse.jsonl"), { row: row.name, ...(await collapse(row)) });
  console.error(`${row.name}: ${((performance.now() - begun) / 1000).toFixed(0)} s`);
}
writeFileSync(here("collapse.md"), table());
draw("collapse", figure());

/** What became of the networks of a row. */
async function collapse({ initialiser: { options }, task: { model, target, loss, seed } }) {
  const architecture = mlp(model, options);
  const [width] = architecture.input;
  const data = functionData(target, { points: 3000, inputs: width, outputs: width, seed });
  const record = await train(architecture, {
    data,
    loss,
    seed,
    steps,
    runs: networks,
    looks: 0,
    // The affine norms of PyTorch and Keras.
    trainNorms: options.norm !== undefined,
  });
  const { outcomes, constants, deaths, bornDead, executor } = record;
  const reached = record.networks.flatMap(({ constant }) => (constant ? [constant] : []));
  return {
    networks,
    steps,
    executor,
    outcomes,
    collapsed: reached.length,
    bornDead: record.networks.filter((network) => network.bornDead).length,
    bornDeadLearned: bornDead.dead.learned,
    deaths,
    mean: constants.mean,
    median: constants.median,
    // Quartiles, output by output.
    reached:
      reached.length > 0
        ? constants.mean.map((_, j) =>
            quantiles(
              reached.map((c) => c[j]),
              [0.25, 0.5, 0.75],
            ),
          )
        : [],
  };
}

function table() {
  const head = [
    "target, loss",
    "initialisation",
    "networks",
    "collapsed (95 %)",
    "published",
    "replicated",
    "born dead",
    "died in training",
    "learned",
    "at mean / median / elsewhere",
    "constant reached (quartiles)",
    "mean, median of the sample",
    "revived, born dead and learned",
  ];
  const lines = finished().map(({ task, initialiser, run }) => {
    const { outcomes, deaths } = run;
    return [
      task.name,
      initialiser.name,
      run.networks,
      shareText(run.collapsed, run.networks),
      task.published[initialiser.name] ?? "",
      task.replicated[initialiser.name] ?? "",
      (run.bornDead / run.networks).toFixed(3),
      (deaths.diedInTraining / run.networks).toFixed(3),
      (outcomes.learned / run.networks).toFixed(3),
      `${outcomes.collapsedMean} / ${outcomes.collapsedMedian} / ${outcomes.collapsedOther}`,
      run.reached.map(([low, middle, high]) => `${middle.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`).join("; "),
      run.mean.map((mean, j) => `${mean.toFixed(4)}, ${run.median[j].toFixed(4)}`).join("; "),
      `${deaths.revived}, ${run.bornDeadLearned}`,
    ];
  });
  return `# Collapse

Written by \`node packages/training/scripts/collapse.mjs\`. ReLU, width 2 and 9 hidden layers (width 4 and 19 for the 2-d target), ${steps} steps of Adam at 0.001, batches of 128 of 3000 points. Collapsed: the
outputs range over less than 0.001 on the grid. He, Glorot and LeCun are normal laws; norms (He weights, zero bias) have a trained scale and shift. Born dead and died in training are shares of all networks, by the
training points; the latter collapsed.

${markdownTable(head, lines)}

Published: Lu, Su, Karniadakis (arXiv 1808.04947) and Lu, Shin, Su, Karniadakis (arXiv 1903.06733), 1000 runs each. * Two one-dimensional examples; which value is which target's is not told apart here.
`;
}

/** Rows that have been run, target by target. */
function finished() {
  return tasks.flatMap((task) =>
    rows.flatMap((row) => {
      const run = row.task === task ? bestRow(here("collapse.jsonl"), row.name) : undefined;
      return run ? [{ ...row, run }] : [];
    }),
  );
}

function shareText(count, of) {
  const { value, low, high } = proportion(count, of);
  return `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}

/** The collapsed share of every row with its interval, a panel for each target, beside the share that is born dead. */
function figure() {
  const all = finished();
  return {
    title: "Collapse by initialisation and target",
    subtitle: `width 2, H = 9 (2-d: 4, 19) · Adam, ${steps} steps`,
    description: "The share of networks that are constant after training, with 95 % intervals, and the share that was born dead.",
    panels: tasks.flatMap((task) => {
      const shown = all.filter((row) => row.task === task);
      if (shown.length === 0) return [];
      const at = shown.map((_, k) => shown.length - 1 - k);
      const shares = shown.map(({ run }) => proportion(run.collapsed, run.networks));
      return [
        {
          title: task.name,
          x: { label: "share of networks", domain: [0, 1] },
          y: {
            label: "",
            names: shown.map(({ initialiser }, k) => ({ at: at[k], name: initialiser.name })),
            domain: [-0.6, shown.length - 0.4],
          },
          marks: [
            { kind: "dots", tone: "neutral", name: "born dead", x: shown.map(({ run }) => run.bornDead / run.networks), y: at },
            {
              kind: "dots",
              tone: 0,
              errors: "x",
              name: "collapsed, 95 % interval",
              x: shares.map(({ value }) => value),
              y: at,
              low: shares.map(({ low }) => low),
              high: shares.map(({ high }) => high),
            },
          ],
        },
      ];
    }),
  };
}
