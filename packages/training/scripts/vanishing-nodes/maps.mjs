import { proportion } from "@sonde/core";
import { mlp } from "@sonde/nets";
import { train } from "@sonde/training";
import { draw } from "../lib/draw.mjs";
import { markdownTable } from "../lib/markdown-table.mjs";
import { rankCorrelation } from "../lib/rank-correlation.mjs";
import { collapsed, failed, failures, happened, kindOf, meanOf, middleOf, short, variants } from "./networks.mjs";
import { bestRate, onCorners, recipes, steps } from "./pilot.mjs";

const { edgesAround, isolines } = await import(new URL("../../../plots/dist/index.js", import.meta.url));

export const depths = [1, 2, 4, 8, 16, 32, 64, 128];
export const widths = [2, 4, 8, 16, 32, 64];
/** Where networks are parted by their VNI. */
export const edges = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999];

export const all = recipes.flatMap((recipe) =>
  variants.map((variant) => ({ name: `${variant.name}, ${recipe.name}`, variant, recipe })),
);
const rows = all.flatMap((map, m) =>
  depths.flatMap((depth, d) =>
    widths.map((width, w) => ({ name: rowName(map, width, depth), map, width, depth, seed: 10_000 + 1000 * m + 10 * d + w })),
  ),
);

/** What becomes of networks of every depth and width, each cell at the learning rate that a pilot chose. */
export const maps = {
  title: "Failure over depth and width",
  rows,
  async run({ map, width, depth, seed }, networks, find) {
    const { variant, recipe } = map;
    const model = `2-${width}x${depth}-1`;
    const learningRate = await bestRate(model, variant.options, recipe, seed);
    const { outcomes, networks: each } = await train(
      mlp(model, variant.options),
      onCorners({ optimizer: recipe.optimizer, learningRate, runs: networks, seed }),
    );
    const norms = (which) => middleOf(which.map(({ diagnosis }) => diagnosis.gradientNorm));
    const shallow = depth === 1 ? undefined : find(rowName(map, width, 1))?.shallow;
    const reference = shallow ?? norms(each.filter(({ outcome }) => outcome === "learned")) ?? norms(each);
    const classes = {};
    for (const { diagnosis, ...one } of each) {
      const outcome = kindOf(one);
      const key = `${vniClass(diagnosis.vni)} ${gradientClass(diagnosis.gradientNorm, reference)}`;
      classes[key] ??= {};
      classes[key][outcome] = (classes[key][outcome] ?? 0) + 1;
    }
    return {
      seed,
      learningRate,
      outcomes: happened(outcomes),
      bornDead: each.filter(({ bornDead }) => bornDead).length,
      vni: meanOf(each.map(({ diagnosis }) => diagnosis.vni)),
      weightedVni: meanOf(each.map(({ diagnosis }) => diagnosis.weightedVni)),
      gradient: norms(each),
      shallow: short(reference),
      classes,
    };
  },
  report(found) {
    return `Each of the ${all.length} x ${depths.length} x ${widths.length} cells: networks 2-WxL-1, ${steps} steps at the learning rate of ${rateList()} with which most of four networks of another seed learn. A network fails if it is not called learned.
Gradients are compared with those of networks with one hidden layer that learned.

What failures are, over all cells of a map. Collapsed networks are constant; undecided ones tell three corners right. *Stuck* are those whose loss has not fallen where no shallow network learns by the same recipe (a low rate, for a deep network):
the package calls them undecided too, since it has nothing to compare their gradients with. *Rank correlation* is Spearman's, over the cells, with the failed share.

${summary(found)}

Failed share (mean VNI at initialisation), by depth L and width:

${grids(found)}`;
  },
  async draw(found) {
    draw("vanishing-nodes-maps", mapsFigure(found), { width: 1500 });
    draw("vanishing-nodes-failures", failuresFigure(found), { width: 1500 });
    draw("vanishing-nodes-learned", learnedFigure(found), { width: 1000 });
  },
};

export function cellsOf(found, map) {
  return depths.flatMap((depth) => widths.map((width) => ({ depth, width, ...found.get(rowName(map, width, depth)) })));
}

function rowName(map, width, depth) {
  return `${map.name}: ${width} x ${depth}`;
}

/** The bin of a VNI by `edges`, `none` where fewer than two units vary. */
function vniClass(vni) {
  return vni === null ? "none" : edges.filter((edge) => vni >= edge).length;
}

/** By the rule of the package: within a factor 10 of the shallow networks'. */
function gradientClass(norm, reference) {
  if (norm === null || reference === null) return "unknown";
  if (norm < reference / 10) return "vanishing";
  return norm > reference * 10 ? "exploding" : "healthy";
}

/** Networks and those that learned, and their outcomes, of the maps whose class fits. */
export function pooled(found, { mapFits = () => true, vniFits = () => true, gradientFits = () => true }) {
  const outcomes = {};
  let networks = 0;
  for (const map of all.filter(mapFits))
    for (const { classes } of cellsOf(found, map))
      for (const [key, counts] of Object.entries(classes)) {
        const [vni, gradient] = key.split(" ");
        if (!vniFits(vni === "none" ? null : Number(vni)) || !gradientFits(gradient)) continue;
        for (const [name, count] of Object.entries(counts)) {
          outcomes[name] = (outcomes[name] ?? 0) + count;
          networks += count;
        }
      }
  return { networks, learned: outcomes.learned ?? 0, outcomes };
}

/** Outcomes of a cell, those that are stuck apart. */
function kindsOfCell({ classes }) {
  const kinds = {};
  for (const counts of Object.values(classes))
    for (const [name, count] of Object.entries(counts)) kinds[name] = (kinds[name] ?? 0) + count;
  return kinds;
}

/** Outcomes over the widths at one depth. */
export function atDepth(found, map, depth) {
  const outcomes = {};
  let networks = 0;
  for (const cell of cellsOf(found, map).filter((one) => one.depth === depth)) {
    networks += cell.networks;
    for (const [name, count] of Object.entries(kindsOfCell(cell))) outcomes[name] = (outcomes[name] ?? 0) + count;
  }
  return { networks, outcomes };
}

function rateList() {
  return recipes.map(({ name, rates }) => `${rates.join(", ")} (${name})`).join(" or ");
}

function summary(found) {
  const head = [
    "map",
    "networks",
    "failed",
    "collapsed",
    "walking dead",
    "stuck",
    "vanished",
    "exploded",
    "diverged",
    "undecided",
    "born dead",
  ];
  const correlated = ["with VNI", "with weighted VNI", "with depth", "with depth / width"];
  const lines = all.map((map) => {
    const cells = cellsOf(found, map);
    const sum = (value) => cells.reduce((total, cell) => total + value(cell), 0);
    const of = (name) => sum((cell) => kindsOfCell(cell)[name] ?? 0);
    return [
      map.name,
      sum(({ networks }) => networks),
      sum(failed),
      sum(({ outcomes }) => collapsed(outcomes)),
      ...["walkingDead", "stuck", "vanished", "exploded", "diverged", "undecided"].map(of),
      sum(({ bornDead }) => bornDead),
      ...[
        ({ vni }) => vni[0],
        ({ weightedVni }) => weightedVni[0],
        ({ depth }) => depth,
        ({ depth, width }) => depth / width,
      ].map((value) => {
        const known = cells.filter((cell) => value(cell) !== null);
        return rankCorrelation(
          known.map(value),
          known.map((cell) => failed(cell) / cell.networks),
        ).toFixed(2);
      }),
    ];
  });
  return markdownTable([...head, ...correlated.map((word) => `rank correlation ${word}`)], lines);
}

function grids(found) {
  const head = ["map", "L", ...widths.map((width) => `width ${width}`)];
  const lines = all.flatMap((map) => {
    const cells = cellsOf(found, map);
    return depths.map((depth) => [
      map.name,
      depth,
      ...cells
        .filter((cell) => cell.depth === depth)
        .map((cell) => `${(failed(cell) / cell.networks).toFixed(2)} (${cell.vni[0] === null ? "-" : cell.vni[0].toFixed(2)})`),
    ]);
  });
  return markdownTable(head, lines);
}

const axes = {
  x: { label: "width", scale: "log", names: widths.map((at) => ({ at, name: String(at) })) },
  y: { label: "hidden layers", scale: "log", names: depths.map((at) => ({ at, name: String(at) })) },
};

function mapsFigure(found) {
  return {
    title: "Networks that do not learn exclusive or, and their VNI before training",
    subtitle: `${steps} steps at the best of five learning rates · lines: mean VNI of the last hidden layer at initialisation`,
    description:
      "The share of networks that fail over width and depth, for eight recipes, with contours of the VNI at initialisation.",
    columns: 4,
    panels: all.map((map) => {
      const cells = cellsOf(found, map);
      const vni = cells.map((cell) => cell.vni[0]);
      return {
        title: map.name,
        ...axes,
        height: 260,
        marks: [
          {
            kind: "cells",
            label: "failed share",
            domain: [0, 1],
            xEdges: edgesAround(widths, "log"),
            yEdges: edgesAround(depths, "log"),
            values: cells.map((cell) => failed(cell) / cell.networks),
          },
          ...[0.6, 0.8, 0.95].map((level, k) => ({
            kind: "paths",
            name: `VNI ${level}`,
            tone: "neutral",
            dash: ["dotted", "dashed", "solid"][k],
            paths: isolines({ xs: widths, ys: depths, values: vni }, level),
          })),
        ],
      };
    }),
  };
}

/** What became of networks of one depth, over all widths. */
function failuresFigure(found) {
  const kinds = [
    { name: "failed", of: (outcomes, networks) => networks - (outcomes.learned ?? 0), tone: "neutral" },
    { name: "collapsed", of: collapsed, tone: 0 },
    { name: "walking dead", of: ({ walkingDead = 0 }) => walkingDead, tone: 1 },
    { name: "vanished gradients", of: ({ vanished = 0 }) => vanished, tone: 2 },
    { name: "exploded or diverged", of: ({ exploded = 0, diverged = 0 }) => exploded + diverged, tone: 3 },
    { name: "stuck", of: ({ stuck = 0 }) => stuck, tone: 4 },
    { name: "undecided", of: ({ undecided = 0 }) => undecided, tone: 5 },
  ];
  return {
    title: "What failures are, by depth",
    subtitle: `shares of the networks of all ${widths.length} widths`,
    description:
      "The shares of networks that fail, collapse, are walking dead, have vanished or exploded gradients, against depth, for eight recipes.",
    columns: 4,
    panels: all.map((map) => {
      const at = depths.map((depth) => atDepth(found, map, depth));
      return {
        title: map.name,
        x: { ...axes.y },
        y: { label: "share of networks", domain: [0, 1] },
        height: 220,
        marks: kinds.map(({ name, of, tone }) => ({
          kind: "line",
          name,
          tone,
          dash: tone === "neutral" ? "dashed" : "solid",
          x: depths,
          y: at.map(({ outcomes, networks }) => of(outcomes, networks) / networks),
        })),
      };
    }),
  };
}

/** The share that learned by the VNI at initialisation, for networks with and without healthy gradients. */
function learnedFigure(found) {
  const bins = Array.from({ length: edges.length + 1 }, (_, k) => k);
  const names = bins.map((k) => ({
    at: k,
    name: k === 0 ? `<${edges[0]}` : k === edges.length ? `>${edges.at(-1)}` : `${edges[k - 1]}`,
  }));
  return {
    title: "Who learns exclusive or, by the VNI at initialisation",
    subtitle: "networks of all depths and widths, SGD and Adam · a place is named by the least VNI of its group · 95 % intervals",
    description:
      "The share of networks that learned against their VNI before training, for networks with healthy and with vanishing gradients, in four panels by activation and weights.",
    columns: 2,
    panels: variants.map((variant) => ({
      title: variant.name,
      x: { label: "VNI at initialisation", names, domain: [-0.5, edges.length + 0.5] },
      y: { label: "share that learned", domain: [0, 1] },
      height: 240,
      marks: ["healthy", "vanishing"].map((gradient, g) => {
        const groups = bins.flatMap((bin) => {
          const group = pooled(found, {
            mapFits: (map) => map.variant === variant,
            vniFits: (vni) => vni === bin,
            gradientFits: (name) => name === gradient,
          });
          return group.networks >= 10 ? [{ bin, ...proportion(group.learned, group.networks) }] : [];
        });
        return {
          kind: "dots",
          name: `${gradient} gradients`,
          tone: g,
          x: groups.map(({ bin }) => bin + (g - 0.5) * 0.2),
          y: groups.map(({ value }) => value),
          low: groups.map(({ low }) => low),
          high: groups.map(({ high }) => high),
        };
      }),
    })),
  };
}

/** The kinds of failures of pooled networks, in words. */
export function kindsOf(outcomes) {
  return failures
    .filter((name) => outcomes[name] > 0)
    .map((name) => `${outcomes[name]} ${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`)
    .join(", ");
}
