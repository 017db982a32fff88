import { proportion, quantiles } from "@sonde/core";
import { mlp } from "@sonde/nets";
import { shallowOf, train } from "@sonde/training";
import { draw } from "../lib/draw.mjs";
import { markdownTable } from "../lib/markdown-table.mjs";
import { kindsOf, pooled } from "./maps.mjs";
import { countOf, kindOf, middleOf, short } from "./networks.mjs";
import { bestRate, onCorners, recipes, steps } from "./pilot.mjs";

const examples = [
  {
    name: "healthy gradients, healthy nodes",
    short: "both healthy",
    model: "2-16x16-1",
    options: { activation: "tanh", init: "orthogonal", weightVariance: 1 },
  },
  {
    name: "healthy gradients, vanished nodes",
    short: "nodes vanished",
    model: "2-8x32-1",
    options: { activation: "relu", init: "normal", weightVariance: 2.8 },
  },
  {
    name: "vanishing gradients, healthy nodes",
    short: "gradients vanish",
    model: "2-16x16-1",
    options: { activation: "tanh", init: "orthogonal", weightVariance: 0.25 },
  },
  {
    name: "vanishing gradients, vanished nodes",
    short: "both vanish",
    model: "2-4x32-1",
    options: { activation: "tanh", init: "normal", weightVariance: 0.5 },
  },
];
const rows = examples.flatMap((example, e) =>
  recipes.map((recipe, r) => ({ name: rowName(example, recipe), example, recipe, seed: 50_000 + 10 * e + r })),
);

/** Gradients and nodes, each healthy or not: an example of every combination. */
export const combinations = {
  title: "Gradients and nodes are two questions",
  rows,
  async run({ example: { model, options }, recipe, seed }, networks) {
    const architecture = mlp(model, options);
    const learningRate = await bestRate(model, options, recipe, seed);
    const asked = onCorners({ optimizer: recipe.optimizer, learningRate, runs: networks, seed });
    const shallow = await train(shallowOf(architecture), asked);
    const { networks: each } = await train(architecture, asked);
    const norms = (record) => record.networks.map(({ diagnosis }) => diagnosis.gradientNorm);
    const reference =
      middleOf(norms({ networks: shallow.networks.filter(({ outcome }) => outcome === "learned") })) ?? middleOf(norms(shallow));
    const relative = each.map(({ diagnosis }) => diagnosis.gradientNorm / reference);
    const spread = (values) => quantiles(values, [0.25, 0.5, 0.75]).map((value) => short(value, 3));
    return {
      seed,
      learningRate,
      outcomes: countOf(each.map(kindOf)),
      vni: spread(each.flatMap(({ diagnosis }) => diagnosis.vni ?? [])),
      weightedVni: spread(each.flatMap(({ diagnosis }) => diagnosis.weightedVni ?? [])),
      gradient: spread(relative),
      shallow: reference,
      healthy: relative.filter((ratio) => ratio >= 0.1 && ratio <= 10).length,
    };
  },
  report(found) {
    const lines = rows.map(({ name, example, recipe }) => {
      const row = found.get(name);
      const { value, low, high } = proportion(row.outcomes.learned ?? 0, row.networks);
      const { activation, init, weightVariance } = example.options;
      return [
        example.name,
        `${example.model}, ${activation}, ${init} ${weightVariance}`,
        `${recipe.name}, ${row.learningRate}`,
        range(row.vni),
        range(row.gradient),
        row.healthy,
        `${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`,
        kindsOf(row.outcomes),
      ];
    });
    const together = quadrants(found).map(({ name, group }) => {
      const { value, low, high } = proportion(group.learned, group.networks);
      return [name, group.networks, `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`, kindsOf(group.outcomes)];
    });
    return `One example of each combination: medians and quartiles at initialisation, the gradient by the first layer over that of networks with one hidden layer that learned, how many networks are within a factor 10 of them, and the share that learned
after ${steps} steps at a pilot's rate. The number behind the law is the weight variance times the fan-in.

${markdownTable(["combination", "network", "optimiser, rate", "VNI", "gradient", "healthy", "learned (95 %)", "others"], lines)}

All networks of the maps, each by its own VNI (healthy: below 0.6, vanished: from 0.95 on) and gradient (vanishing: below a tenth of the shallow networks'):

${markdownTable(["combination", "networks", "learned (95 %)", "others"], together)}`;
  },
  async draw(found) {
    draw("vanishing-nodes-combinations", figure(found), { width: 1000 });
  },
};

/** Networks of the maps by gradients and nodes. The bins of VNI are those of the maps: 0 and 1 are below 0.5, 2 is below 0.6, from 7 on it is 0.95 or more. */
export function quadrants(found) {
  const nodes = [
    ["healthy nodes", (bin) => bin !== null && bin <= 2],
    ["vanished nodes", (bin) => bin !== null && bin >= 7],
  ];
  return ["healthy", "vanishing"].flatMap((gradient) =>
    nodes.map(([name, vniFits]) => ({
      name: `${gradient} gradients, ${name}`,
      group: pooled(found, { vniFits, gradientFits: (one) => one === gradient }),
    })),
  );
}

export function examplesOf(found) {
  return rows.map(({ name, example, recipe }) => ({ example, recipe, ...found.get(name) }));
}

function rowName(example, recipe) {
  return `combination: ${example.name}, ${recipe.name}`;
}

function range([low, middle, high]) {
  return `${middle} (${low} to ${high})`;
}

function figure(found) {
  const at = (k) => examples.length - 1 - k;
  const names = examples.map(({ short: name }, k) => ({ at: at(k), name }));
  const y = { label: "", names, domain: [-0.6, examples.length - 0.4] };
  const dots = (which, r, name) => ({
    kind: "dots",
    tone: r,
    errors: "x",
    name,
    x: examples.map((example) => which(found.get(rowName(example, recipes[r])))[1]),
    low: examples.map((example) => which(found.get(rowName(example, recipes[r])))[0]),
    high: examples.map((example) => which(found.get(rowName(example, recipes[r])))[2]),
    y: examples.map((_, k) => at(k) + 0.12 - 0.24 * r),
  });
  const learned = (row) => {
    const { value, low, high } = proportion(row.outcomes.learned ?? 0, row.networks);
    return [low, value, high];
  };
  return {
    title: "Vanishing gradients and vanishing nodes are two questions",
    subtitle: `exclusive or, ${steps} steps · medians and quartiles at initialisation; shares with 95 % intervals`,
    description:
      "VNI and gradients at initialisation, and the share that learned, for an example of each combination of healthy and vanishing gradients and nodes.",
    columns: 3,
    panels: [
      {
        title: "before: VNI",
        x: { label: "VNI", domain: [0.3, 1.02] },
        y,
        height: 200,
        marks: [dots(({ vni }) => vni, 0), dots(({ vni }) => vni, 1)],
      },
      {
        title: "before: gradient",
        x: { label: "first layer's gradient over a shallow network's", scale: "log" },
        y,
        height: 200,
        marks: [
          { kind: "rule", axis: "x", at: 0.1, tone: "neutral", dash: "dashed", name: "a tenth" },
          dots(({ gradient }) => gradient, 0),
          dots(({ gradient }) => gradient, 1),
        ],
      },
      {
        title: "after: learned",
        x: { label: "share that learned", domain: [0, 1] },
        y,
        height: 200,
        marks: recipes.map(({ name }, r) => dots(learned, r, name)),
      },
    ],
  };
}
