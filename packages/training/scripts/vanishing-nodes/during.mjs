import { mlp } from "@sonde/nets";
import { constantsOf, labelledData, outcomeOf, trainSteps, xorData } from "@sonde/training";
import { draw } from "../lib/draw.mjs";
import { markdownTable } from "../lib/markdown-table.mjs";
import { meanOf, variants, withError } from "./networks.mjs";
import { bestRate, recipes, steps } from "./pilot.mjs";

const { readDataSet } = await import(new URL("../../../formats/dist/node/index.js", import.meta.url));

const tasks = [
  { name: "four corners", model: "2-16x8-1", data: () => xorData(), most: 100, options: { loss: "mse" } },
  {
    name: "clouds of 256 points",
    model: "2-16x8-1",
    data: () => xorData({ points: 256 }),
    most: 100,
    options: { loss: "mse", batch: 64, batches: "own" },
  },
  {
    name: "digits",
    model: "64-32x8-10",
    data: digits,
    most: 20,
    options: { loss: "cross-entropy", batch: 64, batches: "own" },
    rates: { sgd: 0.03, adam: 1e-3 },
  },
  {
    name: "clouds, cross-entropy",
    model: "2-16x8-2",
    data: () => xorData({ points: 256 }),
    most: 100,
    options: { loss: "cross-entropy", batch: 64, batches: "own" },
    rates: { sgd: 0.1, adam: 3e-3 },
  },
];
const looks = [1, 2, 5, 10, 20, 50, 100, 200, 350];
const rows = tasks.flatMap((task, t) =>
  recipes.flatMap((recipe, r) =>
    variants.map((variant, v) => ({
      name: rowName(task, variant, recipe),
      task,
      recipe,
      variant,
      seed: 40_000 + 100 * t + 10 * r + v,
    })),
  ),
);

/** The VNI of the last hidden layer while networks train, by the package's monitor. */
export const during = {
  title: "The VNI during training",
  rows,
  async run({ task, recipe, variant, seed }, networks) {
    const data = await task.data();
    const learningRate = task.rates?.[recipe.optimizer] ?? (await bestRate(task.model, variant.options, recipe, seed));
    const moments = [];
    for await (const moment of trainSteps(mlp(task.model, variant.options), {
      data,
      ...task.options,
      optimizer: recipe.optimizer,
      learningRate,
      steps,
      runs: Math.min(networks, task.most),
      seed,
      looks,
      monitors: ["vni"],
    }))
      moments.push(moment);
    const [{ plan }] = moments;
    const judgement = { loss: plan.loss, targets: plan.targets, constants: constantsOf(plan, data.targets) };
    const end = moments.at(-1).looks;
    const learned = end.map((look) => outcomeOf([look], judgement).outcome === "learned");
    const last = (look, name = "vni") => look.layers[name]?.at(-1) ?? Number.NaN;
    const changes = end.map((look, k) => last(look) - last(moments[0].looks[k]));
    return {
      seed,
      runs: end.length,
      learningRate,
      learned: learned.filter(Boolean).length,
      steps: moments.map(({ step }) => step),
      vni: moments.map(({ looks: now }) => meanOf(now.map((look) => last(look)))),
      weightedVni: moments.map(({ looks: now }) => meanOf(now.map((look) => last(look, "weightedVni")))),
      change: meanOf(changes),
      changeOfLearned: meanOf(changes.filter((_, k) => learned[k])),
      changeOfOthers: meanOf(changes.filter((_, k) => !learned[k])),
      weightedChange: meanOf(end.map((look, k) => last(look, "weightedVni") - last(moments[0].looks[k], "weightedVni"))),
      risen: changes.filter((change) => change > 0).length,
    };
  },
  report(found) {
    const head = [
      "task",
      "networks",
      "optimiser, rate",
      "learned",
      "VNI before",
      "VNI after",
      "largest (at step)",
      "change, in pairs",
      "risen",
      "change of those that learned",
      "of the others",
      "change of the weighted VNI",
    ];
    const lines = rows.map(({ name, task, variant, recipe }) => {
      const row = found.get(name);
      return [
        task.name,
        `${variant.name}, ${task.model}`,
        `${recipe.name}, ${row.learningRate}`,
        `${row.learned} of ${row.runs}`,
        withError(row.vni[0]),
        withError(row.vni.at(-1)),
        largest(row),
        withError(row.change),
        `${row.risen} of ${row.change[2]}`,
        row.changeOfLearned[2] > 1 ? withError(row.changeOfLearned) : "",
        row.changeOfOthers[2] > 1 ? withError(row.changeOfOthers) : "",
        withError(row.weightedChange),
      ];
    });
    return `Of the last hidden layer, by the monitor \`vni\`; means over networks with their standard errors. Of the first two tasks the rate is that of a pilot on the four corners. On digits, which have 64 dimensions, nothing but the network keeps the VNI up.

${markdownTable(head, lines)}`;
  },
  async draw(found) {
    draw("vanishing-nodes-during", figure(found), { width: 1800 });
  },
};

/** All digits, pixels from 0 to 1. */
async function digits() {
  const { labels, points } = await readDataSet("digits", { points: 1797 });
  const scaled = { ...points, data: points.data.map((pixel) => pixel / 16) };
  return labelledData({ name: "digits", points: scaled, labels }, { test: 0 });
}

/** Every row's change with its error. */
export function changes(found) {
  return rows.map(({ name, task, variant, recipe }) => ({ name, task, variant, recipe, ...found.get(name) }));
}

function largest({ steps: at, vni }) {
  const peak = vni.reduce((best, [mean], k) => (mean > vni[best][0] ? k : best), 0);
  return `${vni[peak][0].toFixed(3)} (${at[peak]})`;
}

function rowName(task, variant, recipe) {
  return `during: ${task.name}, ${variant.name}, ${recipe.name}`;
}

function figure(found) {
  return {
    title: "The VNI of the last hidden layer during training",
    subtitle: "means over networks · bands: two standard errors",
    description:
      "The VNI against the steps of training, a line for each activation and law of weights, for three tasks and two optimisers.",
    columns: 4,
    panels: recipes.flatMap((recipe) =>
      tasks.map((task) => ({
        title: `${task.name}, ${recipe.name}`,
        // The first look is before the first step; a logarithmic axis has no 0.
        x: { label: "step, counted from 1", scale: "log" },
        y: { label: "VNI", domain: [0, 1] },
        height: 260,
        marks: variants.flatMap((variant, tone) => {
          const row = found.get(rowName(task, variant, recipe));
          const x = row.steps.map((step) => step + 1);
          const [low, high] = [-2, 2].map((factor) => row.vni.map(([mean, error]) => mean + factor * (error ?? 0)));
          return [
            { kind: "band", tone, x, low, high },
            { kind: "line", tone, name: variant.name, x, y: row.vni.map(([mean]) => mean) },
          ];
        }),
      })),
    ),
  };
}
