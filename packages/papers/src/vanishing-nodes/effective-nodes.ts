import { addRunning, normals, running, runningEstimate, split, stream } from "@sonde/core";
import { forward, mlp, randomNetwork } from "@sonde/nets";
import { lineFigure } from "@sonde/plots";
import { measureUnits, spectrum } from "@sonde/vni";
import type { Claim, Settings } from "../claim.js";
import { above, below, type Value } from "../comparison.js";
import { type Variant, variants } from "./variants.js";

interface NodesSettings extends Settings {
  readonly variant: Variant;
  readonly width: number;
  readonly depth: number;
  readonly networks: number;
}

interface NodesResult {
  readonly vni: Required<Value>;
  readonly effectiveNodes: Required<Value>;
  /** exp of the entropy of the covariance's spectrum, which the indicator does not enter. */
  readonly effectiveRank: Required<Value>;
}

const points = 200;

export const effectiveNodes: Claim<NodesSettings, NodesResult> = {
  id: "vanishing-nodes/effective-nodes",
  number: "5.3",
  sentence: "The effective number of nodes goes to one as the indicator goes to one.",
  runs: "networks of 8 units and up to 256 layers on Gaussian points: the indicator of the last layer, 1 / VNI, and beside it the effective rank of the covariance's spectrum, a count of its own",
  seconds: { quick: 1, standard: 6, full: 100 },
  parts({ scale }) {
    const depths = scale === "quick" ? [4, 128] : [4, 16, 64, 256];
    const networks = { quick: 20, standard: 100, full: 2000 }[scale];
    return (["tanh, Gaussian", "ReLU, Gaussian"] as const).flatMap((variant, v) =>
      depths.map((depth) => ({
        name: `${variant}, L = ${depth}`,
        settings: { variant, width: 8, depth, networks, seed: 2000 + 500 * v + depth },
      })),
    );
  },
  async measure({ variant, width, depth, networks, seed }, { signal }) {
    const architecture = mlp(`${width}-${width}x${depth}-1`, variants[variant]);
    const [indicator, nodes, rank] = [running(), running(), running()];
    for (let k = 0; k < networks; k++) {
      signal?.throwIfAborted();
      const random = split(stream(seed), k);
      const inputs = { rows: points, cols: width, data: normals(split(random, 1), new Float64Array(points * width)) };
      forward(randomNetwork(architecture, split(random, 0)), inputs, {
        observe({ layer, activations }) {
          if (layer !== depth) return;
          const { vni, effectiveNodes: count } = measureUnits(activations, { removeBias: false });
          const { effectiveRank } = spectrum(activations);
          // Nothing varies where the network is dead, and one unit alone is one node.
          if (Number.isNaN(vni) || Number.isNaN(effectiveRank)) return;
          addRunning(indicator, vni);
          addRunning(nodes, count);
          addRunning(rank, effectiveRank);
        },
      });
    }
    const plain = (sum: typeof indicator) => {
      const { value, standardError, networks: count } = runningEstimate(sum);
      return { value, standardError, networks: count };
    };
    return { vni: plain(indicator), effectiveNodes: plain(nodes), effectiveRank: plain(rank) };
  },
  compare: (parts) =>
    (["tanh, Gaussian", "ReLU, Gaussian"] as const).flatMap((variant) => {
      const own = parts.filter(({ settings }) => settings.variant === variant);
      const [first, last] = [own[0], own[own.length - 1]];
      return [
        above(`VNI, ${last.name}`, last.result.vni, { value: 0.95 }, { origin: "claim" }),
        below(`effective nodes, ${last.name}`, last.result.effectiveNodes, { value: 1.15 }, { origin: "claim" }),
        below(`effective rank of the spectrum, ${last.name}`, last.result.effectiveRank, { value: 1.3 }, { origin: "claim" }),
        above(
          `effective nodes, ${first.name}, above those at ${last.name}`,
          first.result.effectiveNodes,
          last.result.effectiveNodes,
        ),
      ];
    }),
  figure: (parts, { title = "One effective node", subtitle }) =>
    lineFigure({
      title,
      subtitle,
      x: { label: "VNI of the last layer, mean", domain: [0, 1] },
      y: { label: "number of nodes", domain: [0, 8] },
      series: [{ name: "1 / VNI", tone: "neutral", dash: "dashed", x: curve, y: curve.map((vni) => 1 / vni) }],
      marks: [
        {
          kind: "dots",
          tone: 0,
          name: "effective nodes, ± 2 standard errors",
          x: parts.map(({ result }) => result.vni.value),
          y: parts.map(({ result }) => result.effectiveNodes.value),
          low: parts.map(({ result: { effectiveNodes: n } }) => n.value - 2 * n.standardError),
          high: parts.map(({ result: { effectiveNodes: n } }) => n.value + 2 * n.standardError),
        },
        {
          kind: "dots",
          tone: 1,
          name: "effective rank of the spectrum",
          x: parts.map(({ result }) => result.vni.value),
          y: parts.map(({ result }) => result.effectiveRank.value),
        },
      ],
    }),
};

const curve = Array.from({ length: 88 }, (_, k) => 0.13 + k / 100);
