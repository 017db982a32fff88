import { proportion } from "@sonde/core";
import { markdownTable } from "../lib/markdown-table.mjs";
import { examplesOf, quadrants } from "./combinations.mjs";
import { changes } from "./during.mjs";
import { againstFormula, rowOf, widths as startWidths } from "./initialisation.mjs";
import { all, atDepth, cellsOf, depths, edges, kindsOf, pooled, widths } from "./maps.mjs";
import { failed, variants } from "./networks.mjs";
import { failuresByRate } from "./rates.mjs";

/** What Chang and Lin say, what we find, and whether that is the same; verdicts follow from the numbers by the rules written here. */
export function claims(found) {
  const lines = [proportional, oneNode, rises, walkingDead, deeper, separate].map((claim) => claim(found));
  return `${markdownTable(
    ["", "claim", "here", "verdict", "figure"],
    lines.map((line, k) => [k + 1, ...line]),
  )}

Published: Chang, Lin 2019 (arXiv 1910.09745), from its abstract; its own numbers were not available to us. Intervals are of 95 %, errors standard errors over networks.`;
}

function proportional(found) {
  const local = againstFormula(found, "local");
  const overInputs = againstFormula(found, "vni");
  const within = local.filter(({ ratio }) => Math.abs(ratio - 1) <= 0.1).length;
  const flat = startWidths.map((width) => rowOf(found, variants[1], width).vni[31][0] * width);
  const holds = within >= 0.9 * local.length;
  return [
    "the VNI at initialisation is proportional to depth and inversely to width",
    `local VNI over the formula: ${spanOf(local)}, ${within} of ${local.length} layers within 10 % of it (where it is below 0.35); VNI over inputs over the formula: ${spanOf(overInputs)}. tanh with orthogonal weights has N VNI = ${flat.map((value) => value.toFixed(2)).join(", ")} at L = 32 for N = ${startWidths.join(", ")}`,
    `${holds ? "holds" : "does not hold"} for the local VNI, up to the 1 in (1 + c L) / N; does not for the VNI over inputs`,
    "initialisation",
  ];
}

function oneNode(found) {
  const deepest = depths.at(-1);
  const at = variants.map((variant) => {
    const cells = all
      .filter((map) => map.variant === variant)
      .flatMap((map) => cellsOf(found, map))
      .filter(({ depth, vni }) => depth === deepest && vni[0] !== null);
    const values = cells.map(({ vni }) => vni[0]);
    return { variant, low: Math.min(...values), high: Math.max(...values) };
  });
  const yes = at.filter(({ low }) => low >= 0.9).map(({ variant }) => variant.name);
  const no = at.filter(({ high }) => high < 0.9).map(({ variant }) => variant.name);
  return [
    "with depth the VNI goes to 1, one effective node",
    `mean VNI at L = ${deepest}, least and largest over widths of ${widths[0]} to ${widths.at(-1)}: ${at.map(({ variant, low, high }) => `${variant.name} ${low.toFixed(3)} to ${high.toFixed(3)}`).join("; ")}`,
    `${yes.length > 0 ? `holds for ${yes.join("; ")} at all widths` : "holds for none at all widths"}${no.length > 0 ? `; does not for ${no.join("; ")}` : ""}`,
    "maps",
  ];
}

function rises(found) {
  const rows = changes(found);
  const up = rows.filter(({ change: [mean, error] }) => mean > 2 * error);
  const down = rows.filter(({ change: [mean, error] }) => mean < -2 * error);
  const least = rows.reduce((low, row) => (row.change[0] < low.change[0] ? row : low));
  const most = rows.reduce((high, row) => (row.change[0] > high.change[0] ? row : high));
  const text = ({ change: [mean, error], task, variant, recipe }) =>
    `${mean.toFixed(3)} ± ${error.toFixed(3)} (${task.name}, ${variant.name}, ${recipe.name})`;
  return [
    "the VNI rises during training",
    `in ${up.length} of ${rows.length} settings it is higher after training by more than two errors, in ${down.length} lower; from ${text(least)} to ${text(most)}`,
    verdictOf(up.length, down.length, rows.length),
    "during",
  ];
}

function verdictOf(yes, no, of) {
  if (yes === of) return "holds";
  if (yes === 0) return "does not hold";
  return no > 0 ? "holds in some settings, the opposite in others" : "holds in some settings";
}

function walkingDead(found) {
  const healthy = { gradientFits: (name) => name === "healthy" };
  const gone = pooled(found, { ...healthy, vniFits: (bin) => bin === edges.length });
  const fine = pooled(found, { ...healthy, vniFits: (bin) => bin !== null && bin <= 2 });
  const share = proportion(gone.learned, gone.networks);
  const other = proportion(fine.learned, fine.networks);
  const worse = share.high < other.low;
  const everywhere = pooled(found, {});
  const stuck = pooled(found, healthy).outcomes.stuck ?? 0;
  const never = gone.learned === 0;
  return [
    "with the VNI at its largest a network cannot learn exclusive or although gradients neither vanish nor explode (walking dead gradients)",
    `VNI above ${edges.at(-1)} and gradients within a factor 10 of a shallow network's: ${shareText(share)} of ${gone.networks} networks learn; VNI below 0.6: ${shareText(other)} of ${fine.networks}. The others of the former: ${kindsOf(gone.outcomes)}. Of all ${everywhere.networks - everywhere.learned} failures of the maps ${everywhere.outcomes.walkingDead ?? 0} are walking dead by the package's rule, and ${stuck} more are stuck whose gradients were healthy at initialisation`,
    never
      ? "holds"
      : `does not hold as said: ${gone.learned} networks learn${worse ? ", though fewer than with healthy nodes" : ", no fewer than with healthy nodes"}`,
    "learned",
  ];
}

function deeper(found) {
  const shown = [1, 8, 32, 128];
  const deepest = depths.at(-1);
  const shares = all.map((map) => {
    const widest = cellsOf(found, map).find(({ width, depth }) => width === widths.at(-1) && depth === deepest);
    return {
      map,
      at: shown.map((depth) => {
        const { networks, outcomes } = atDepth(found, map, depth);
        return proportion(networks - (outcomes.learned ?? 0), networks);
      }),
      widest: failed(widest) / widest.networks,
    };
  });
  const deepWorse = shares.filter(({ at }) => at.at(-1).low > at[0].high).map(({ map }) => map.name);
  const not = shares.filter(({ at }) => at.at(-1).low <= at[0].high).map(({ map }) => map.name);
  const spared = shares.filter(({ widest }) => widest < 0.1).map(({ map, widest }) => `${map.name} (${widest.toFixed(2)})`);
  const single = variants.slice(1, 3).map((variant) => {
    const series = failuresByRate(found, variant);
    const worse = series.filter(({ at }) => at.at(-1) > at[0]).length;
    const best = Math.min(...series.map(({ at }) => at.at(-1)));
    return `${variant.name}: more failures at L = ${deepest} than at 1 for ${worse} of ${series.length} rates, the best of which fails with ${best.toFixed(2)} at ${deepest}`;
  });
  const holds = not.length === 0 ? "holds" : `holds for ${deepWorse.join("; ")}, not for ${not.join("; ")}`;
  return [
    "training fails more often with depth",
    `failed shares of all widths at L = ${shown.join(", ")}, each cell at its own rate: ${shares.map(({ map, at }) => `${map.name} ${at.map(({ value }) => value.toFixed(2)).join(", ")}`).join("; ")}. At one rate for all depths, width 16: ${single.join("; ")}`,
    `${holds} over all widths${spared.length > 0 ? `; at width ${widths.at(-1)} below 0.1 fail even at L = ${deepest} for ${spared.join("; ")}` : ""}`,
    "maps, failures, rates",
  ];
}

function separate(found) {
  const parts = quadrants(found);
  const told = parts.map(
    ({ name, group }) => `${name} ${shareText(proportion(group.learned, group.networks))} of ${group.networks}`,
  );
  const examples = examplesOf(found).filter(({ recipe }) => recipe.name === "Adam");
  const shares = examples.map(
    ({ example, outcomes, networks }) => `${example.name} ${((outcomes.learned ?? 0) / networks).toFixed(2)}`,
  );
  return [
    "vanishing gradients and vanishing nodes are two different troubles",
    `all four combinations exist; shares that learned, of all networks of the maps: ${told.join("; ")}; of the examples with Adam: ${shares.join("; ")}`,
    parts.every(({ group }) => group.networks >= 100) ? "holds" : "open: a combination has fewer than 100 networks",
    "combinations",
  ];
}

/** Least, mean and largest of measured over formula. */
function spanOf(ratios) {
  const values = ratios.map(({ ratio }) => ratio);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return `${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}, on average ${mean.toFixed(2)}`;
}

function shareText({ value, low, high }) {
  return `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}
