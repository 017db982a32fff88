import { type Architecture, inferShapes, type Layer, type ShapedLayer, size } from "@sonde/nets";
import { cite } from "../bibliography.js";
import type { Finding } from "../finding.js";
import type { SeparateExamination } from "./examination.js";

/** What follows from the description alone, layer by layer where something does. */
export interface StructureRecord {
  /** Hidden layers whose units are equal by construction. `frozen`: no gradient ever reaches them; `copies`: the next layer does not tell them apart either, so they stay equal; `start`: they begin equal. */
  readonly equalUnits: readonly { readonly layer: number; readonly path: string; readonly kind: "frozen" | "copies" | "start" }[];
  /** Norms over a single value. */
  readonly normsOverOne: readonly {
    readonly layer: number;
    readonly path: string;
    readonly norm: string;
    readonly why: string;
  }[];
  /** Hidden layers of one unit between more inputs and more outputs. */
  readonly bottlenecks: readonly number[];
}

/** Does the description itself rule training out? No network is asked. */
export const structureExamination: SeparateExamination<StructureRecord> = {
  name: "structure",
  instant: true,
  measure: ({ architecture, domain: { inputs, kind } }) => ({
    equalUnits: equalUnits(architecture),
    normsOverOne: normsOverOne(architecture, kind === "rays" || kind === "interval" ? undefined : inputs.rows),
    bottlenecks: bottlenecks(architecture),
  }),
  findings: ({ equalUnits, normsOverOne, bottlenecks }) => [
    ...worst(equalUnits).map(equalFinding),
    ...normsOverOne.slice(0, 1).map(normFinding),
    ...bottlenecks.slice(0, 1).map(bottleneckFinding),
  ],
  vitals: () => ({}),
};

/** A layer with weights and what follows it, in order, with the hidden layer that it leads to. */
interface Weighted {
  readonly shaped: ShapedLayer;
  readonly layer: number;
  readonly activation?: string;
}

/** The layers with weights outside of blocks. */
function weightedLayers(architecture: Architecture): Weighted[] {
  const shaped = inferShapes(architecture);
  return shaped.flatMap((layer, index): Weighted[] => {
    if (!layer.weights) return [];
    const rest = shaped.slice(index + 1);
    const activated = rest.find(({ layer: { kind } }) => kind === "activation");
    const next = rest.findIndex(({ weights }) => weights);
    const own = activated && (next < 0 || rest.indexOf(activated) < next) ? activated : undefined;
    const hidden = own?.hidden ?? 1 + shaped.slice(0, index).reduce((most, { hidden = 0 }) => Math.max(most, hidden), 0);
    return [{ shaped: layer, layer: hidden, ...(own?.layer.kind === "activation" && { activation: own.layer.activation }) }];
  });
}

/** What all weights of a layer are, if they are equal; `undefined` if they are drawn. */
function commonWeight(layer: Layer): number | undefined {
  if (layer.kind !== "dense" && layer.kind !== "conv") return undefined;
  const { init = "he-normal", weightVariance } = layer;
  if (weightVariance === 0 || init === "zeros" || init.endsWith(":std=0")) return 0;
  if (init === "ones") return 1;
  const constant = /^constant:(.+)$/.exec(init);
  return constant ? Number(constant[1]) : undefined;
}

/** Whether all biases of a layer are equal. */
function hasCommonBias(layer: Layer): boolean {
  return !("bias" in layer) || layer.bias === undefined || !/^(normal|uniform):/.test(layer.bias);
}

function equalUnits(architecture: Architecture): StructureRecord["equalUnits"] {
  const all = weightedLayers(architecture);
  return all.slice(0, -1).flatMap(({ shaped, layer, activation }, k) => {
    const weight = commonWeight(shaped.layer);
    if (weight === undefined || !hasCommonBias(shaped.layer) || shaped.weights?.outputs === 1) return [];
    const nextEqual = commonWeight(all[k + 1].shaped.layer) !== undefined;
    const off = weight === 0 && activation === "relu";
    return [{ layer, path: shaped.path, kind: off ? ("frozen" as const) : nextEqual ? ("copies" as const) : ("start" as const) }];
  });
}

/** One of the layers of each kind is enough to tell. */
function worst(found: StructureRecord["equalUnits"]): StructureRecord["equalUnits"] {
  const first = (["frozen", "copies", "start"] as const).flatMap((kind) => found.find((one) => one.kind === kind) ?? []);
  return first.slice(0, 1);
}

function equalFinding({ layer, path, kind }: StructureRecord["equalUnits"][number]): Finding {
  const says = {
    frozen:
      "every weight is 0, and so is the slope of ReLU at 0: no gradient reaches these weights, whatever the data, and none that come before them.",
    copies:
      "All units of the layer start equal and the next layer gives them equal weights, so that they receive the same gradients for ever: the layer is worth one unit.",
    start: "All units of the layer start equal, and only what the next layer's weights send back tells them apart.",
  };
  return {
    pathology: "copied-units",
    severity: kind === "start" ? "at-risk" : "degenerate",
    layer,
    evidence: `the units of ${path} are equal by construction`,
    explanation: kind === "frozen" ? `In ${path} ${says.frozen}` : says[kind],
    source: "Goodfellow, Bengio, Courville 2016, Deep Learning, section 8.4",
  };
}

function normsOverOne(architecture: Architecture, batch: number | undefined): StructureRecord["normsOverOne"] {
  const found: { layer: number; path: string; norm: string; why: string }[] = [];
  let hidden = 0;
  const visit = (layers: readonly ShapedLayer[]): void => {
    for (const { layer, path, input, branches, hidden: own } of layers) {
      if (layer.kind === "norm") {
        const channels = input[input.length - 1];
        const values = layer.norm === "batch" ? (batch ?? 2) * (size(input) / channels) : channels;
        const why = layer.norm === "batch" ? "a batch of one point" : "one feature";
        if (values === 1) found.push({ layer: hidden + 1, path, norm: layer.norm, why });
      }
      branches.forEach(visit);
      if (own !== undefined) hidden = own;
    }
  };
  visit(inferShapes(architecture));
  return found;
}

function normFinding({ layer, path, norm, why }: StructureRecord["normsOverOne"][number]): Finding {
  const sign = norm === "rms";
  return {
    pathology: "norm-over-one",
    severity: sign ? "at-risk" : "degenerate",
    layer,
    evidence: `${path} is a ${norm} norm over ${why}`,
    explanation: sign
      ? "A single value over its own size is its sign: everything else about it is lost."
      : "A single value less its own mean is 0, whatever the input: nothing passes this layer, forward or back. Leave the norm out, or normalise over more.",
    source: `${cite("layerNorm")}; ${cite("batchNorm")}`,
  };
}

function bottlenecks(architecture: Architecture): number[] {
  const shaped = inferShapes(architecture);
  const outputs = size(shaped.at(-1)?.output ?? architecture.input);
  if (size(architecture.input) < 2 || outputs < 2) return [];
  return shaped.flatMap(({ hidden, output }) => (hidden !== undefined && size(output) === 1 ? [hidden] : []));
}

function bottleneckFinding(layer: number): Finding {
  return {
    pathology: "bottleneck",
    severity: "at-risk",
    layer,
    evidence: `layer ${layer} has one unit, between more inputs and more outputs`,
    explanation:
      "All outputs are functions of that one number, so the network can learn a curve in the space of its outputs and no more.",
    source: cite("minimumWidth"),
  };
}
