import { mlp } from "@sonde/nets";
import { measureVni } from "@sonde/vni";
import { draw } from "../lib/draw.mjs";
import { markdownTable } from "../lib/markdown-table.mjs";
import { short, variants } from "./networks.mjs";

export const widths = [32, 64, 128];
const deepest = 32;
/** Where the formula describes the local VNI. */
export const domain = 0.35;
const told = [1, 4, 8, 16, 32];
const rows = variants.flatMap((variant, v) =>
  widths.map((width, w) => ({ name: rowName(variant, width), variant, width, seed: 100 + 10 * v + w })),
);

/** The VNI of random networks of as many inputs as units, so that nothing but depth keeps it up, beside the formula. */
export const initialisation = {
  title: "The VNI at initialisation",
  share: 0.24,
  rows,
  async run({ variant, width, seed }, networks) {
    const { layers } = await measureVni(mlp(`${width}-${width}x${deepest}-1`, variant.options), {
      networks,
      seed,
      points: 500,
      local: true,
    });
    const both = ({ value, standardError }) => [short(value), short(standardError, 2)];
    return {
      seed,
      points: 500,
      formula: layers.map(({ formula }) => short(formula)),
      local: layers.map(({ local }) => both(local)),
      vni: layers.map(({ vni }) => both(vni)),
      weighted: layers.map(({ weighted }) => both(weighted)),
    };
  },
  report(found) {
    const lines = rows.flatMap(({ name, variant, width }) => {
      const row = found.get(name);
      return told.map((layer) => [
        variant.name,
        width,
        layer,
        row.formula[layer - 1].toFixed(4),
        ...["local", "vni", "weighted"]
          .map((key) => row[key][layer - 1])
          .map(([value, error]) => `${value.toFixed(4)} ± ${error.toFixed(4)}`),
      ]);
    });
    return `Of ${found.get(rows[0].name).networks} networks N-NxL-1 for each variant and width, at 500 standard normal inputs: what the formula says, the local VNI that it is about, and the VNI over the inputs.

${markdownTable(["networks", "N", "L", "formula", "local VNI", "VNI", "weighted VNI"], lines)}`;
  },
  async draw(found) {
    draw("vanishing-nodes-initialisation", figure(found), { width: 1200 });
  },
};

/** Measured over formula in every layer where the formula is in its domain. */
export function againstFormula(found, quantity) {
  return rows.flatMap(({ name, variant, width }) => {
    const row = found.get(name);
    return row.formula.flatMap((formula, l) =>
      formula < domain
        ? [{ variant, width, layer: l + 1, ratio: row[quantity][l][0] / formula, error: row[quantity][l][1] / formula }]
        : [],
    );
  });
}

export function rowOf(found, variant, width) {
  return found.get(rowName(variant, width));
}

function rowName(variant, width) {
  return `initialisation: ${variant.name}, ${width}`;
}

function figure(found) {
  const x = Array.from({ length: deepest }, (_, l) => l + 1);
  const inside = (formula) => formula.map((value) => (value <= 1 ? value : null));
  return {
    title: "The VNI at initialisation against depth and width",
    subtitle: "N inputs, width N · solid: local VNI, dashed: VNI over 500 inputs, dotted: the formula, up to 1",
    description:
      "Local VNI, VNI over inputs and formula against depth for three widths, in four panels by activation and weights.",
    columns: 2,
    panels: variants.map((variant) => ({
      title: variant.name,
      x: { label: "hidden layers", scale: "log" },
      y: { label: "VNI", scale: "log", domain: [0.005, 1] },
      height: 260,
      marks: widths.flatMap((width, tone) => {
        const row = rowOf(found, variant, width);
        return [
          { kind: "line", tone, dash: "dotted", x, y: inside(row.formula) },
          { kind: "line", tone, dash: "dashed", x, y: row.vni.map(([value]) => value) },
          { kind: "line", tone, name: `N = ${width}`, x, y: row.local.map(([value]) => value) },
        ];
      }),
    })),
  };
}
