import { proportion, quantiles } from "@sonde/core";
import { joinFigures } from "@sonde/plots";
import type { Claim } from "../claim.js";
import { above, below, type Comparison } from "../comparison.js";
import { type CornerPart, type CornerResult, type CornerSettings, isHealthy, learnCorners, learnedOf } from "./corners.js";

const examples = [
  { name: "both healthy", model: "2-16x16-1", options: { activation: "tanh", init: "orthogonal", weightVariance: 1 } },
  { name: "nodes vanished", model: "2-8x32-1", options: { activation: "relu", init: "normal", weightVariance: 2.8 } },
  { name: "gradients vanish", model: "2-16x16-1", options: { activation: "tanh", init: "orthogonal", weightVariance: 0.25 } },
  { name: "both vanish", model: "2-4x32-1", options: { activation: "tanh", init: "normal", weightVariance: 0.5 } },
] as const;

export const twoTroubles: Claim<CornerSettings, CornerResult> = {
  id: "vanishing-nodes/two-troubles",
  number: "5.4",
  sentence: "Vanishing or exploding gradients and vanishing nodes are two different troubles.",
  figureOf: "vanishing nodes and vanishing gradients apart",
  runs: "an example of each combination of healthy and vanishing gradients and nodes on exclusive or: VNI and gradient at initialisation, and the share that learns by Adam at a pilot's rate",
  seconds: { quick: 3, standard: 30, full: 300 },
  parts: ({ scale }) =>
    examples.map(({ name, ...example }, k) => ({
      name,
      settings: {
        ...example,
        optimizer: "adam",
        steps: 500,
        networks: { quick: 40, standard: 100, full: 1000 }[scale],
        seed: 2600 + k,
      },
    })),
  measure: learnCorners,
  compare(parts) {
    const comparisons: Comparison[] = [];
    for (const part of parts) {
      const nodes = part.name === "nodes vanished" || part.name === "both vanish";
      const gradients = part.name === "gradients vanish" || part.name === "both vanish";
      const vni = median(part, ({ vni: one }) => one);
      const healthy = proportion(part.result.networks.filter(isHealthy).length, part.result.networks.length);
      comparisons.push(
        nodes
          ? above(`median VNI, ${part.name}`, vni, { value: 0.95 }, { origin: "claim" })
          : below(`median VNI, ${part.name}`, vni, { value: 0.6 }, { origin: "claim" }),
        gradients
          ? below(
              `share with a gradient within a factor 10 of a shallow network's, ${part.name}`,
              healthy,
              { value: 0.15 },
              { origin: "claim" },
            )
          : above(
              `share with a gradient within a factor 10 of a shallow network's, ${part.name}`,
              healthy,
              { value: 0.15 },
              { origin: "claim" },
            ),
      );
    }
    const learned = (name: string) => {
      const { count, networks } = learnedOf((parts.find((part) => part.name === name) as CornerPart).result.networks);
      return proportion(count, networks);
    };
    comparisons.push(
      below("share that learned, nodes vanished, below both healthy", learned("nodes vanished"), learned("both healthy")),
      below("share that learned, gradients vanish, below both healthy", learned("gradients vanish"), learned("both healthy")),
    );
    return comparisons;
  },
  figure(parts, { title = "Gradients and nodes are two questions", subtitle }) {
    const at = parts.map((_, k) => parts.length - 1 - k);
    const y = {
      label: "",
      names: parts.map(({ name }, k) => ({ at: at[k], name })),
      domain: [-0.6, parts.length - 0.4] as const,
    };
    const spread = (of: Quantity) => parts.map((part) => quantiles(known(part, of), [0.25, 0.5, 0.75]));
    const panel = (label: string, rows: readonly (readonly number[])[], axis: object) => ({
      title: label,
      description: `${label} of each example.`,
      panels: [
        {
          x: { label, ...axis },
          y,
          height: 180,
          marks: [
            {
              kind: "dots" as const,
              tone: 0,
              errors: "x" as const,
              x: rows.map(([, middle]) => middle),
              low: rows.map(([low]) => low),
              high: rows.map(([, , high]) => high),
              y: at,
            },
          ],
        },
      ],
    });
    const shares = parts.map(({ result }) => {
      const { count, networks } = learnedOf(result.networks);
      const { low, value, high } = proportion(count, networks);
      return [low, value, high];
    });
    return joinFigures(
      [
        panel(
          "VNI before (median, quartiles)",
          spread(({ vni }) => vni),
          { domain: [0.3, 1.02] },
        ),
        panel(
          "gradient before, over a shallow network's",
          spread(({ gradient }) => gradient),
          { scale: "log" },
        ),
        panel("share that learned, 95 % interval", shares, { domain: [0, 1] }),
      ],
      { title, subtitle },
    );
  },
};

type Quantity = (network: CornerResult["networks"][number]) => number | null;

function known({ result }: CornerPart, of: Quantity): number[] {
  const values = result.networks.flatMap((network) => of(network) ?? []);
  return values.length > 0 ? values : [Number.NaN];
}

/** With half the width of its 95 % interval by order statistics, over 1.96. */
function median(part: CornerPart, of: Quantity) {
  const values = known(part, of);
  const reach = 0.98 / Math.sqrt(values.length);
  const [low, value, high] = quantiles(values, [Math.max(0, 0.5 - reach), 0.5, Math.min(1, 0.5 + reach)]);
  return { value, standardError: (high - low) / 3.92, networks: values.length };
}
