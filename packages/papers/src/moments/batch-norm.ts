import type { Claim } from "../claim.js";
import { above, type Comparison, equal } from "../comparison.js";
import { type MomentsResult, type MomentsSettings, measuredMoments } from "./measured.js";
import { meanAt, momentsFigure, momentsParts, type Published, publishedComparisons, type Row, rowOf, toLog10 } from "./rows.js";

const published: Readonly<Record<string, Published>> = {
  "fully connected, batch 64": {
    deltaChiNorm: [1.0248, 0.01],
    deltaChiActivation: [1.1994, 0.014],
    deltaChi: [1.2291, 0.019],
    log10Chi: [17.988, 0.082],
    effectiveRank: [10.17, 2.4],
    noiseEffectiveRank: [6.61, 2.4],
    kurtosis: [3.728, 0.33],
    meanAbsZ: [0.7795],
    growth: [1.2292],
  },
  "fully connected, batch 128": {
    deltaChiNorm: [1.0447, 0.011],
    deltaChiActivation: [1.1622, 0.015],
    deltaChi: [1.214, 0.018],
    log10Chi: [16.865, 0.076],
    effectiveRank: [4.574, 0.48],
    noiseEffectiveRank: [8.56, 3.6],
    kurtosis: [8.044, 0.88],
    meanAbsZ: [0.715],
    growth: [1.21384],
  },
  "fully connected, batch 512": {
    deltaChiNorm: [1.1202, 0.014],
    deltaChiActivation: [1.0687, 0.021],
    deltaChi: [1.197, 0.025],
    log10Chi: [15.55, 0.11],
    effectiveRank: [2.405, 0.097],
    noiseEffectiveRank: [17, 6.4],
    kurtosis: [34.48, 2.5],
    meanAbsZ: [0.4916],
    growth: [1.19506],
  },
};

/** Convolutions at width 512 and batch 64. */
const convolutional: readonly (readonly [
  layer: number,
  deltaChi: number,
  log10Chi: number,
  effectiveRank: number,
  kurtosis: number,
])[] = [
  [2, 1.2872, 0.2985, 5.97, 3.61],
  [10, 1.2007, 0.9565, 14.4, 3.92],
  [50, 1.1701, 3.9007, 2.88, 40.4],
  [100, 1.1623, 7.2085, 2.117, 96.7],
  [200, 1.1642, 13.746, 2.038, 122.6],
];
const convolutionalGrowth = 1.16241;
const conv = "convolutional";

const full = { kind: "batch-norm", kernel: 1, width: 512, depth: 200, batch: 64 } as const;
const rows: Readonly<Record<"quick" | "standard" | "full", readonly Row[]>> = {
  quick: [
    { name: "fully connected, width 64", ...full, width: 64, depth: 30, networks: 8 },
    { name: conv, kind: "batch-norm", kernel: 3, width: 8, depth: 12, batch: 32, networks: 8 },
  ],
  standard: [
    { name: "fully connected, batch 64", ...full, networks: 12 },
    { name: "fully connected, batch 128", ...full, batch: 128, networks: 8 },
    { name: "fully connected, batch 512", ...full, batch: 512, networks: 3 },
    { name: conv, kind: "batch-norm", kernel: 3, width: 128, depth: 100, batch: 64, networks: 2 },
  ],
  full: [
    { name: "fully connected, batch 64", ...full, networks: 1000, shard: 50 },
    { name: "fully connected, batch 128", ...full, batch: 128, networks: 1000, shard: 50 },
    { name: "fully connected, batch 512", ...full, batch: 512, networks: 1000, shard: 20 },
    { name: conv, ...full, kernel: 3, networks: 1000, shard: 4 },
  ],
};

/** What does not depend on the data but through the first layers. */
const asymptotic = new Set<keyof Published>(["growth", "deltaChi", "deltaChiNorm", "deltaChiActivation"]);

export const batchNorm: Claim<MomentsSettings, MomentsResult> = {
  id: "moments/batch-norm",
  number: "3.2",
  sentence:
    "In feed-forward networks with batch norm composition is multiplicative too: the sensitivity explodes exponentially with depth.",
  figureOf: "figure 4, fully connected at three batch sizes",
  runs: "noise through batch-normalised networks: the increment of the normalised sensitivity by norm and activation, its growth, effective ranks and the kurtosis of the pre-activations",
  needsImages: true,
  substitute:
    "the paper's CIFAR-10: --data cifar10:FOLDER; by default Fashion-MNIST (convolutions: as 14 x 14, width 128 and depth 100 instead of 512 and 200), at quick scale digits",
  correction: "The growth a layer differs from the published one.",
  seconds: { quick: 1, standard: 60, full: 10_000 },
  parts: ({ scale, images }) => momentsParts(rows[scale], images, 900).filter(({ settings }) => settings.kernel === 1),
  measure: measuredMoments,
  compare(parts) {
    const comparisons: Comparison[] = [];
    for (const { name } of unique(parts)) {
      const own = rowOf(parts, name);
      comparisons.push(above(`growth of chi a layer, ${name}`, meanAt(own, "growth"), { value: 1.03 }, { origin: "claim" }));
      comparisons.push(
        above(
          `misfit of a power law over that of an exponential, ${name}`,
          { value: own[0].result.misfit.power / own[0].result.misfit.exponential },
          { value: 1 },
          { origin: "claim" },
        ),
      );
      comparisons.push(
        ...publishedComparisons(parts, name, published[name] ?? {}, (quantity) =>
          asymptotic.has(quantity) ? "value" : "context",
        ),
      );
    }
    const own = rowOf(parts, conv);
    if (own.length > 0 && own[0].settings.width >= 128) {
      comparisons.push(
        equal(
          `growth of chi a layer, ${conv}, width ${own[0].settings.width}`,
          meanAt(own, "growth"),
          { value: convolutionalGrowth },
          { origin: "published", bears: "value" },
        ),
      );
      for (const [layer, ...values] of convolutional)
        if (own[0].result.layers.some((one) => one.layer === layer))
          for (const [k, quantity] of (["deltaChi", "log10Chi", "effectiveRank", "kurtosis"] as const).entries())
            comparisons.push(
              equal(
                `${quantity}, ${conv}, l = ${layer}`,
                meanAt(own, quantity, layer),
                { value: values[k] },
                { origin: "published", bears: "context" },
              ),
            );
    }
    return comparisons;
  },
  figure: (parts, text) => {
    const dense = Object.entries(published).map(
      ([name, { deltaChi, log10Chi, effectiveRank, kurtosis }]) =>
        [
          name,
          {
            tone: [...unique(parts)].findIndex((part) => part.name === name),
            points: (
              [
                ["deltaChi", deltaChi],
                ["logChi", log10Chi],
                ["effectiveRank", effectiveRank],
                ["kurtosis", kurtosis],
              ] as const
            ).flatMap(([quantity, value]) => (value ? [{ quantity, x: 200, y: value[0] }] : [])),
          },
        ] as const,
    );
    const tone = unique(parts).findIndex(({ name }) => name === conv);
    const table = convolutional.flatMap(([x, a, b, c, d]) => [
      { quantity: "deltaChi" as const, x, y: a },
      { quantity: "logChi" as const, x, y: b },
      { quantity: "effectiveRank" as const, x, y: c },
      { quantity: "kurtosis" as const, x, y: d },
    ]);
    const known = parts.some(({ settings }) => settings.width >= 128)
      ? {
          ...Object.fromEntries(dense.filter(([, { tone: at }]) => at >= 0)),
          ...(tone >= 0 && { [conv]: { tone, points: table } }),
        }
      : {};
    return momentsFigure(
      parts,
      [
        { quantity: "deltaChi", label: "increment of chi a layer" },
        { quantity: "logChi", label: "log10 chi", of: toLog10 },
        { quantity: "effectiveRank", label: "effective rank of the signal" },
        { quantity: "kurtosis", label: "mu4 of the normalised pre-activation", scale: "log" },
      ],
      known,
      { title: "Batch norm: the sensitivity explodes", ...text },
    );
  },
};

export const batchNormConvolutional: Claim<MomentsSettings, MomentsResult> = {
  ...batchNorm,
  id: "moments/batch-norm-convolutional",
  figureOf: "figure 4, convolutional",
  seconds: { quick: 1, standard: 60, full: 900_000 },
  parts: ({ scale, images }) => momentsParts(rows[scale], images, 900).filter(({ settings }) => settings.kernel === 3),
};

export function unique<P extends { readonly name: string }>(parts: readonly P[]): { name: string }[] {
  return [...new Set(parts.map(({ name }) => name.split(" #")[0]))].map((name) => ({ name }));
}
