import { residualExponent } from "@sonde/moments";
import type { Claim } from "../claim.js";
import { above, below, type Comparison, equal } from "../comparison.js";
import { unique } from "./batch-norm.js";
import { type MomentsResult, type MomentsSettings, measuredMoments } from "./measured.js";
import { meanAt, momentsFigure, momentsParts, type Published, publishedComparisons, type Row, rowOf, toLog10 } from "./rows.js";

const published: Readonly<Record<string, Published>> = {
  "fully connected": {
    deltaChiNorm: [1.0226],
    deltaChiActivation: [1.2045],
    deltaChi: [1.2317, 0.011],
    chi: [35.11, 2.2],
    effectiveRank: [12.77, 2.4],
    noiseEffectiveRank: [19.6, 3.3],
    kurtosis: [3.4, 0.15],
    meanAbsZ: [0.786],
  },
};

/** At width 512: increment of the first branch layer, and chi. */
const convolutional: readonly (readonly [layer: number, deltaChi: number, chi: number])[] = [
  [10, 1.2259, 4.287],
  [50, 1.2058, 9.705],
  [100, 1.2033, 14.03],
  [200, 1.2021, 20.35],
  [500, 1.2009, 33.32],
];
/** Exponents of the power law. */
const exponents: Readonly<Record<string, number>> = { "fully connected": 0.652, convolutional: 0.549 };

const dense = { kind: "residual", kernel: 1, width: 512, depth: 500, batch: 64 } as const;
const rows: Readonly<Record<"quick" | "standard" | "full", readonly Row[]>> = {
  quick: [
    { name: "fully connected, width 64", ...dense, width: 64, depth: 40, networks: 8 },
    { name: "convolutional", kind: "residual", kernel: 3, width: 8, depth: 50, batch: 32, networks: 8 },
  ],
  standard: [
    { name: "fully connected", ...dense, networks: 8 },
    { name: "convolutional", kind: "residual", kernel: 3, width: 64, depth: 60, batch: 64, networks: 2 },
  ],
  full: [
    { name: "fully connected", ...dense, networks: 1000, shard: 20 },
    { name: "convolutional", ...dense, kernel: 3, networks: 1000, shard: 1 },
  ],
};

export const residual: Claim<MomentsSettings, MomentsResult> = {
  id: "moments/residual",
  number: "3.3",
  sentence:
    "In residual networks with batch norm growth is a power law instead of an exponential, moments stay well-behaved and there is no pathology.",
  figureOf: "figure 5, fully connected",
  runs: "noise through batch-normalised residual networks of units of two layers: growth of the sensitivity against the unit, its exponent, effective ranks and increments",
  needsImages: true,
  substitute:
    "the paper's CIFAR-10: --data cifar10:FOLDER; by default Fashion-MNIST (convolutions: as 14 x 14, width 64 and 60 units instead of 512 and 500), at quick scale digits",
  correction:
    "Increments and exponent differ from the published ones by more than chance; the data may explain it, which residual networks remember.",
  seconds: { quick: 1, standard: 30, full: 10_000 },
  parts: ({ scale, images }) => momentsParts(rows[scale], images, 970).filter(({ settings }) => settings.kernel === 1),
  measure: measuredMoments,
  compare(parts) {
    const comparisons: Comparison[] = [];
    for (const { name } of unique(parts)) {
      const own = rowOf(parts, name);
      const { power, exponential } = own[0].result.misfit;
      comparisons.push(
        above(
          `misfit of an exponential over that of a power law, ${name}`,
          { value: exponential / power },
          { value: 1 },
          { origin: "claim" },
        ),
        below(`growth of chi a unit, ${name}`, meanAt(own, "growth"), { value: 1.03 }, { origin: "claim" }),
        above(`r_eff(x), ${name}, last unit`, meanAt(own, "effectiveRank"), { value: 1.5 }, { origin: "claim" }),
      );
      // Networks of this paper at its width.
      if (own[0].settings.width < 64 || !(name in exponents)) continue;
      comparisons.push(
        equal(
          `exponent tau, ${name}`,
          meanAt(own, "tau"),
          { value: exponents[name] },
          { origin: "published", bears: "context", tolerance: 0.0005 },
        ),
        equal(
          `exponent tau, ${name}, ideal`,
          meanAt(own, "tau"),
          { value: residualExponent(2) },
          { bears: "context", tolerance: 0.1 },
        ),
      );
      comparisons.push(...publishedComparisons(parts, name, published[name] ?? {}, () => "context"));
    }
    const own = rowOf(parts, "convolutional");
    for (const [layer, deltaChi, chi] of convolutional)
      if (own.length > 0 && own[0].settings.width >= 64 && own[0].result.layers.some((one) => one.layer === layer))
        comparisons.push(
          equal(
            `increment of chi, convolutional, unit ${layer}`,
            meanAt(own, "deltaChi", layer),
            { value: deltaChi },
            { origin: "published", bears: "context" },
          ),
          equal(
            `chi, convolutional, unit ${layer}`,
            meanAt(own, "chi", layer),
            { value: chi },
            { origin: "published", bears: "context" },
          ),
        );
    return comparisons;
  },
  figure: (parts, text) => {
    const tone = unique(parts).findIndex(({ name }) => name === "convolutional");
    const points = convolutional.flatMap(([x, deltaChi, chi]) => [
      { quantity: "deltaChi" as const, x, y: deltaChi },
      { quantity: "chi" as const, x, y: chi },
    ]);
    return momentsFigure(
      parts,
      [
        { quantity: "chi", label: "chi", scale: "log", xLog: true },
        { quantity: "deltaChi", label: "increment of the first branch layer", xLog: true },
        { quantity: "effectiveRank", label: "effective rank of the signal", xLog: true },
        { quantity: "logChi", label: "log10 chi, linear in the unit", of: toLog10 },
      ],
      parts.some(({ settings }) => settings.width >= 64 && settings.kernel === 3)
        ? {
            convolutional: { tone, points },
            dense: {
              tone: 0,
              points: [
                { quantity: "chi", x: 500, y: 35.11 },
                { quantity: "deltaChi", x: 500, y: 1.2317 },
                { quantity: "effectiveRank", x: 500, y: 12.77 },
              ],
            },
          }
        : {},
      { title: "Residual networks: a power law", ...text },
    );
  },
};

export const residualConvolutional: Claim<MomentsSettings, MomentsResult> = {
  ...residual,
  id: "moments/residual-convolutional",
  figureOf: "figure 5, convolutional",
  seconds: { quick: 1, standard: 30, full: 3_000_000 },
  parts: ({ scale, images }) => momentsParts(rows[scale], images, 970).filter(({ settings }) => settings.kernel === 3),
};
