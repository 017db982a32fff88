import { type Estimate, type Matrix, runningEstimate } from "@sonde/core";
import { hiddenLayers } from "@sonde/nets";
import { measureUnits, observed, type VniState, vniRequest } from "@sonde/vni";
import { cite } from "../bibliography.js";
import type { Finding } from "../finding.js";
import { thresholds } from "../thresholds.js";
import type { Examination } from "./examination.js";

/** What is known of the units of the layers that were looked at. */
export interface NodesRecord {
  readonly layers: readonly {
    /** Counted from 1. */
    readonly layer: number;
    readonly units: number;
    /** Mean squared correlation of the units over the points. */
    readonly vni: Estimate;
    /** 1 / vni. */
    readonly effectiveNodes: number;
  }[];
  /** How many hidden layers there are. */
  readonly hiddenLayers: number;
  /** Fewer effective nodes than these are too few: the thresholds, or less for inputs of few dimensions. */
  readonly fewest: { readonly atRisk: number; readonly degenerate: number };
}

/** Points that tell a few effective nodes apart, and layers that tell where they vanish. */
const looks = { points: 128, layers: 6 };

/** Do hidden units become copies of one another? Not asked of inputs along a line: units cannot have more dimensions than their inputs give them, but for what activations add. */
export const nodesExamination: Examination<VniState, NodesRecord> = {
  name: "nodes",
  request: ({ architecture, domain: { inputs }, options }) => {
    if (inputs.rows < looks.points / 4 || !(fewestNodes(inputs).atRisk > 1)) return undefined;
    const { layers } = observed(architecture, "post");
    return vniRequest({ architecture, layers: layers.filter(({ layer }) => isLookedAt(layer, layers.length)) }, inputs.rows, {
      points: looks.points,
      seed: options.seed,
    });
  },
  record: ({ layers }, { architecture, domain: { inputs } }) => {
    const hidden = hiddenLayers(architecture);
    const seen = hidden.filter(({ layer }) => isLookedAt(layer, hidden.length));
    return {
      layers: layers.map(({ vni }, l) => ({
        layer: seen[l].layer,
        units: seen[l].units,
        vni: runningEstimate(vni),
        effectiveNodes: vni.count / vni.sum,
      })),
      hiddenLayers: hidden.length,
      fewest: fewestNodes(inputs),
    };
  },
  findings: (record) => {
    const last = record.layers.at(-1);
    return last && isVanished(last, record.fewest.atRisk) ? [vanishingNodes(record)] : [];
  },
  vitals: ({ layers }) => ({ vni: layers.at(-1)?.vni }),
};

/** Some layers, evenly spread, and the last. */
function isLookedAt(layer: number, layers: number): boolean {
  const every = Math.ceil(layers / looks.layers);
  return (layers - layer) % every === 0;
}

/** The thresholds, or three quarters of the inputs' own effective dimensions where these are few, and as much less. */
export function fewestNodes(inputs?: Matrix): NodesRecord["fewest"] {
  const { atRisk, degenerate, ofInputs } = thresholds.effectiveNodes;
  if (!inputs) return { atRisk, degenerate };
  const own = ofInputs / measureUnits(inputs).weighted;
  return { atRisk: Math.min(atRisk, own), degenerate: Math.min(degenerate, (own * degenerate) / atRisk) };
}

/** A layer of a few units is narrow, not degenerate. */
function isVanished({ units, effectiveNodes }: NodesRecord["layers"][number], fewest: number): boolean {
  return units >= 2 * thresholds.effectiveNodes.atRisk && effectiveNodes < fewest;
}

function vanishingNodes({ layers, hiddenLayers, fewest }: NodesRecord): Finding {
  const last = layers[layers.length - 1];
  const first = layers.find((layer) => isVanished(layer, fewest.atRisk)) ?? last;
  const among = layers.length < hiddenLayers ? ` (of the layers ${layers.map(({ layer }) => layer).join(", ")})` : "";
  return {
    pathology: "vanishing-nodes",
    severity: isVanished(last, fewest.degenerate) ? "degenerate" : "at-risk",
    layer: first.layer,
    evidence: `the ${last.units} units of the last hidden layer are worth ${last.effectiveNodes.toPrecision(3)} different ones (VNI ${last.vni.value.toPrecision(3)}), fewer than ${Number(fewest.atRisk.toPrecision(2))} from layer ${first.layer} on${among}`,
    explanation:
      "The units vary together over the inputs, as if they were copies of one another, so what follows can use hardly more than one of them, however well gradients flow.",
    source: cite("vanishingNodes"),
  };
}
