import { type Estimate, proportion } from "@sonde/core";
import { lineFigure } from "@sonde/plots";
import type { Claim } from "../claim.js";
import { above, below, type Comparison } from "../comparison.js";
import { type CornerPart, type CornerResult, type CornerSettings, isHealthy, learnCorners, learnedOf } from "./corners.js";
import { variants } from "./variants.js";

const edges = [0, 0.6, 0.8, 0.95, 0.999, 1.0001];

export const walkingDead: Claim<CornerSettings, CornerResult> = {
  id: "vanishing-nodes/walking-dead",
  number: "5.6",
  sentence:
    "With the indicator at one a network cannot learn exclusive or although gradients neither vanish nor explode (walking dead gradients).",
  figureOf: "exclusive or and walking dead gradients",
  runs: "networks of depth 8 and 32 on exclusive or, by the VNI of each at initialisation, of those whose gradient is within a factor 10 of a shallow network's",
  correction: "Such networks learn less often, but many of them do.",
  seconds: { quick: 4, standard: 90, full: 1500 },
  parts({ scale }) {
    const depths = scale === "full" ? [8, 32, 64] : [8, 32];
    const networks = { quick: 24, standard: 30, full: 400 }[scale];
    const cells = (["ReLU, Gaussian", "tanh, Gaussian"] as const).flatMap((variant) =>
      [8, 16].flatMap((width) =>
        depths.map((depth) => ({
          name: `${variant}, 2-${width}x${depth}-1`,
          model: `2-${width}x${depth}-1`,
          options: variants[variant],
        })),
      ),
    );
    // Nodes that vanish while gradients do not.
    const steep = {
      name: "ReLU, variance 2.8, 2-8x32-1",
      model: "2-8x32-1",
      options: { activation: "relu", init: "normal", weightVariance: 2.8 },
    };
    return [steep, ...cells].map(({ name, ...cell }, k) => ({
      name,
      settings: { ...cell, optimizer: "adam", steps: 500, networks: k === 0 ? 4 * networks : networks, seed: 3000 + k },
    }));
  },
  measure: learnCorners,
  compare(parts) {
    const comparisons: Comparison[] = [];
    const gone = learned(parts, 0.999, 1.0001);
    const fine = learned(parts, 0, 0.6);
    comparisons.push(
      below("share that learned, VNI from 0.999 on and healthy gradients", gone, { value: 0.05 }, { origin: "claim" }),
      below("the same, below that of networks with a VNI below 0.6", gone, fine, { bears: "context" }),
    );
    const failures = parts.flatMap(({ result }) => result.networks).filter(({ outcome }) => outcome !== "learned");
    comparisons.push(
      above(
        "walking dead among all that failed, by the package's rule",
        proportion(failures.filter(({ outcome }) => outcome === "walkingDead").length, Math.max(1, failures.length)),
        { value: 0.5 },
        { origin: "claim", bears: "context" },
      ),
    );
    return comparisons;
  },
  figure(parts, { title = "Exclusive or, by the indicator before training", subtitle }) {
    const bins = edges
      .slice(0, -1)
      .map((low, k) => ({ name: `${low} to ${Math.min(1, edges[k + 1])}`, share: learned(parts, low, edges[k + 1]) }));
    return lineFigure({
      title,
      subtitle,
      x: {
        label: "VNI at initialisation, healthy gradients",
        names: bins.map(({ name }, k) => ({ at: k, name })),
        domain: [-0.5, bins.length - 0.5],
      },
      y: { label: "share that learned, 95 % interval", domain: [0, 1] },
      series: [],
      marks: [
        {
          kind: "dots",
          tone: 0,
          x: bins.map((_, k) => k),
          y: bins.map(({ share }) => share.value),
          low: bins.map(({ share }) => share.low),
          high: bins.map(({ share }) => share.high),
        },
      ],
      description:
        "The share of networks that learn exclusive or against their VNI at initialisation, of those with healthy gradients.",
    });
  },
};

/** Of networks with healthy gradients whose VNI lies in a range; without any the whole of [0, 1]. */
function learned(parts: readonly CornerPart[], from: number, to: number): Estimate {
  const chosen = parts
    .flatMap(({ result }) => result.networks)
    .filter((network) => isHealthy(network) && network.vni !== null && network.vni >= from && network.vni < to);
  const { count, networks } = learnedOf(chosen);
  return networks === 0
    ? { value: Number.NaN, standardError: Number.NaN, low: 0, high: 1, networks }
    : proportion(count, networks);
}
