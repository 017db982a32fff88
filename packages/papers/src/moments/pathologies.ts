import { type MomentsLayer, pathologyThresholds } from "@sonde/moments";
import type { Claim } from "../claim.js";
import { above, below, type Comparison } from "../comparison.js";
import { unique } from "./batch-norm.js";
import { exponent, type MomentsResult, type MomentsSettings, measuredMoments } from "./measured.js";
import { meanAt, momentsFigure, momentsParts, type Row, rowOf, toLog10 } from "./rows.js";

const small = { width: 64, batch: 64 } as const;
const kinds = [
  { kind: "vanilla", label: "plain" },
  { kind: "batch-norm", label: "batch norm" },
  { kind: "residual", label: "batch norm and residual" },
] as const;

const rows: Readonly<Record<"quick" | "standard" | "full", readonly Row[]>> = {
  quick: kinds.flatMap(({ kind, label }): Row[] => [
    {
      name: `fully connected, ${label}`,
      kind,
      kernel: 1,
      ...small,
      width: 32,
      depth: kind === "vanilla" ? 120 : 60,
      networks: 8,
    },
    {
      name: `convolutional, ${label}`,
      kind,
      kernel: 3,
      ...small,
      width: 8,
      depth: kind === "vanilla" ? 200 : 60,
      batch: 16,
      networks: 4,
    },
  ]),
  standard: kinds.flatMap(({ kind, label }): Row[] => [
    { name: `fully connected, ${label}`, kind, kernel: 1, ...small, depth: 120, networks: 8 },
    {
      name: `convolutional, ${label}`,
      kind,
      kernel: 3,
      ...small,
      width: kind === "vanilla" ? 32 : 16,
      depth: kind === "vanilla" ? 150 : 60,
      batch: 16,
      networks: 8,
    },
  ]),
  full: kinds.flatMap(({ kind, label }): Row[] => [
    { name: `fully connected, ${label}`, kind, kernel: 1, ...small, width: 256, depth: 200, networks: 200, shard: 50 },
    { name: `convolutional, ${label}`, kind, kernel: 3, ...small, width: 64, depth: 200, networks: 100, shard: 10 },
  ]),
};

export const pathologies: Claim<MomentsSettings, MomentsResult> = {
  id: "moments/pathologies",
  number: "3.1",
  sentence:
    "The moments of signal and noise, followed with depth, tell pathologies, for fully connected and convolutional networks alike, with batch norm and skip connections.",
  runs: "plain, batch-normalised and residual networks, dense and convolutional: one-dimensional signal where the effective rank falls below 1.5, exploding sensitivity where ln chi grows by more than 0.03 a layer",
  needsImages: true,
  substitute: "small widths on digits or Fashion-MNIST for the paper's 512 on CIFAR-10",
  seconds: { quick: 4, standard: 40, full: 20_000 },
  parts: ({ scale, images }) => momentsParts(rows[scale], images, 1100),
  measure: measuredMoments,
  compare(parts) {
    const comparisons: Comparison[] = [];
    for (const { name } of unique(parts)) {
      const own = rowOf(parts, name);
      const [rank, gamma] = [meanAt(own, "effectiveRank"), exponent(own, "gamma")];
      const kind = own[0].settings.kind;
      const options = { origin: "claim" } as const;
      const { effectiveRank, gamma: steep } = pathologyThresholds;
      const side = (ill: boolean) => (ill ? above : below);
      // In narrow plain convolutions chance keeps several channels apart, and lets chi grow like 1 / N a layer.
      const narrow = kind === "vanilla" && own[0].settings.kernel === 3 && own[0].settings.width < 128;
      const bears = narrow ? "context" : "claim";
      comparisons.push(
        side(kind !== "vanilla")(`r_eff(x), ${name}, last layer`, rank, { value: effectiveRank }, { ...options, bears }),
        side(kind === "batch-norm")(`growth of ln chi a layer, ${name}`, gamma, { value: steep }, { ...options, bears }),
      );
    }
    return comparisons;
  },
  figure: (parts, text) =>
    momentsFigure(
      parts,
      [
        { quantity: "effectiveRank" satisfies keyof MomentsLayer, label: "effective rank of the signal", scale: "log" },
        { quantity: "logChi", label: "log10 chi", of: toLog10 },
      ],
      {},
      { title: "Moments tell pathologies", ...text },
    ),
};
