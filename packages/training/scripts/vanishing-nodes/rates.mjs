import { proportion } from "@sonde/core";
import { mlp } from "@sonde/nets";
import { train } from "@sonde/training";
import { draw } from "../lib/draw.mjs";
import { markdownTable } from "../lib/markdown-table.mjs";
import { depths } from "./maps.mjs";
import { failed, happened, variants } from "./networks.mjs";
import { onCorners, steps } from "./pilot.mjs";

const width = 16;
const optimizers = [
  { name: "SGD", optimizer: "sgd", rates: [0.003, 0.03, 0.3] },
  { name: "momentum", optimizer: "momentum", rates: [3e-4, 3e-3, 3e-2] },
  { name: "RMSProp", optimizer: "rmsprop", rates: [1e-4, 1e-3, 1e-2] },
  { name: "Adam", optimizer: "adam", rates: [1e-4, 1e-3, 1e-2] },
];
const shown = [variants[1], variants[2]];
const series = shown.flatMap((variant) =>
  optimizers.flatMap(({ rates, ...optimizer }) => rates.map((rate) => ({ variant, ...optimizer, rate }))),
);
const rows = series.flatMap((one, s) =>
  depths.map((depth, d) => ({ ...one, name: rowName(one, depth), depth, seed: 30_000 + 100 * s + d })),
);

/** Failure against depth at one learning rate for all depths. */
export const rates = {
  title: "Failure at one learning rate for all depths",
  share: 0.4,
  rows,
  async run({ variant, optimizer, rate, depth, seed }, networks) {
    const { outcomes } = await train(
      mlp(`2-${width}x${depth}-1`, variant.options),
      onCorners({ optimizer, learningRate: rate, runs: networks, seed }),
    );
    return { seed, outcomes: happened(outcomes) };
  },
  report(found) {
    const lines = series.map((one) => [
      one.variant.name,
      one.optimizer,
      one.rate,
      ...depths.map((depth) => {
        const row = found.get(rowName(one, depth));
        return (failed(row) / row.networks).toFixed(2);
      }),
    ]);
    return `Width ${width}, ${rows.length} cells of ${found.get(rows[0].name).networks} networks, ${steps} steps: the failed share by depth. Where failure sets in moves with the rate.

${markdownTable(["networks", "optimiser", "learning rate", ...depths.map((depth) => `L = ${depth}`)], lines)}`;
  },
  async draw(found) {
    draw("vanishing-nodes-rates", figure(found), { width: 1500 });
  },
};

/** The shares that failed at the shallowest and the deepest, and with the best rate at the deepest. */
export function failuresByRate(found, variant) {
  return series
    .filter((one) => one.variant === variant)
    .map((one) => ({
      ...one,
      at: depths.map((depth) => failed(found.get(rowName(one, depth))) / found.get(rowName(one, depth)).networks),
    }));
}

function rowName({ variant, name, optimizer, rate }, depth) {
  return `rates: ${variant.name}, ${optimizer ?? name}, ${rate}: ${width} x ${depth}`;
}

function figure(found) {
  return {
    title: "Failure against depth at one learning rate for all depths",
    subtitle: `exclusive or, width ${width}, ${steps} steps · 95 % intervals`,
    description:
      "The share of networks that do not learn against depth, a line for each of three learning rates, for four optimisers and two kinds of networks.",
    columns: 4,
    panels: shown.flatMap((variant) =>
      optimizers.map(({ name, optimizer, rates: tried }) => ({
        title: `${variant.name}, ${name}`,
        x: { label: "hidden layers", scale: "log", names: depths.map((at) => ({ at, name: String(at) })) },
        y: { label: "failed share", domain: [0, 1] },
        height: 220,
        marks: tried.flatMap((rate, tone) => {
          const shares = depths.map((depth) => {
            const row = found.get(rowName({ variant, optimizer, rate }, depth));
            return proportion(failed(row), row.networks);
          });
          return [
            { kind: "line", tone, x: depths, y: shares.map(({ value }) => value) },
            {
              kind: "dots",
              tone,
              name: `rate ${rate}`,
              x: depths,
              y: shares.map(({ value }) => value),
              low: shares.map(({ low }) => low),
              high: shares.map(({ high }) => high),
            },
          ];
        }),
      })),
    ),
  };
}
