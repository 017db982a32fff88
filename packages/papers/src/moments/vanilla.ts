import type { Claim } from "../claim.js";
import { below, type Comparison, equal } from "../comparison.js";
import { unique } from "./batch-norm.js";
import { type MomentsResult, type MomentsSettings, measuredMoments } from "./measured.js";
import { meanAt, momentsFigure, momentsParts, type Published, publishedComparisons, type Row, rowOf } from "./rows.js";

const published: Readonly<Record<string, Published>> = {
  "fully connected": { deltaChi: [0.9989, 0.026], chi: [5.39, 3.2], effectiveRank: [1.01, 0.0075] },
};

const rows: Readonly<Record<"quick" | "standard" | "full", readonly Row[]>> = {
  quick: [
    { name: "fully connected, width 32", kind: "vanilla", kernel: 1, width: 32, depth: 60, batch: 64, networks: 8 },
    { name: "convolutional", kind: "vanilla", kernel: 3, width: 8, depth: 200, batch: 16, networks: 8 },
  ],
  standard: [
    { name: "fully connected", kind: "vanilla", kernel: 1, width: 512, depth: 200, batch: 64, networks: 16 },
    { name: "convolutional", kind: "vanilla", kernel: 3, width: 64, depth: 200, batch: 16, networks: 4 },
  ],
  full: [
    { name: "fully connected", kind: "vanilla", kernel: 1, width: 512, depth: 200, batch: 64, networks: 1000, shard: 50 },
    { name: "convolutional", kind: "vanilla", kernel: 3, width: 512, depth: 200, batch: 64, networks: 1000, shard: 4 },
  ],
};

export const vanilla: Claim<MomentsSettings, MomentsResult> = {
  id: "moments/vanilla",
  number: "3.2",
  sentence:
    "In plain feed-forward networks layer composition is multiplicative and pathologies are inevitable: the signal becomes one-dimensional.",
  figureOf: "figure 3, fully connected and convolutional",
  runs: "signal and noise through plain networks: the effective rank of the signal, and the increment of the sensitivity, which goes to 1 as every channel keeps one sign",
  needsImages: true,
  substitute:
    "the paper's CIFAR-10: --data cifar10:FOLDER; by default Fashion-MNIST (convolutions: as 14 x 14, width 64 and batches of 16 instead of 512 and 64), at quick scale digits",
  seconds: { quick: 1, standard: 60, full: 500_000 },
  parts: ({ scale, images }) => momentsParts(rows[scale], images, 940),
  measure: measuredMoments,
  compare(parts) {
    const comparisons: Comparison[] = [];
    for (const { name } of unique(parts)) {
      const own = rowOf(parts, name);
      comparisons.push(
        // In narrow convolutions chance keeps several channels apart.
        below(
          `r_eff(x), ${name}, last layer`,
          meanAt(own, "effectiveRank"),
          { value: 1.5 },
          {
            origin: "claim",
            bears: own[0].settings.kernel === 3 && own[0].settings.width < 128 ? "context" : "claim",
          },
        ),
        equal(
          `increment of chi, ${name}, last layer`,
          meanAt(own, "deltaChi"),
          { value: 1 },
          { origin: "claim", tolerance: 0.01 },
        ),
      );
      comparisons.push(
        ...publishedComparisons(parts, name, published[name] ?? {}, (quantity) =>
          quantity === "deltaChi" ? "value" : "context",
        ),
      );
    }
    return comparisons;
  },
  figure: (parts, text) =>
    momentsFigure(
      parts,
      [
        { quantity: "effectiveRank", label: "effective rank of the signal", scale: "log" },
        { quantity: "deltaChi", label: "increment of chi a layer" },
      ],
      parts.some(({ settings }) => settings.width === 512)
        ? {
            "fully connected": {
              tone: 0,
              points: [
                { quantity: "effectiveRank", x: 200, y: 1.01 },
                { quantity: "deltaChi", x: 200, y: 0.9989 },
              ],
            },
          }
        : {},
      { title: "Plain networks: the signal becomes one-dimensional", ...text },
    ),
};
