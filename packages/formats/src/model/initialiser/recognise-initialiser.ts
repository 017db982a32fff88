import { SondeError } from "@sonde/core";
import { isRecord } from "../json.js";
import type { ModelLayer } from "../layers/layer.js";
import { tensorsByName } from "../layers/layer.js";
import type { ModelFile, ModelTensor } from "../model-file.js";
import { type Fans, laws, mayBe, orthogonalGain } from "./laws.js";
import { type Sample, sampleOf } from "./sample.js";

/** Weights that pass on less than this share of a signal's size pass on nothing but the biases: networks whose weights decay and whose units died end so. */
const negligible = 1e-3;

/** Numbers of which the law can be told. */
const fewest = 12;

/** What is known of how the weights of a layer were drawn. */
export interface RecognisedInitialiser {
  readonly layer: string;
  /** Inputs that one unit sums over. */
  readonly fanIn: number;
  /** Outputs that one input goes to. */
  readonly fanOut: number;
  /** Names of the laws that the weights fit, such as `he-normal`; empty where they fit none, null where they are too few to tell. */
  readonly candidates: readonly string[] | null;
  /** What the configuration in the file says, in Sonde's words. */
  readonly configured?: string;
  /** What the biases are. */
  readonly bias: "none" | "zeros" | "constant" | "pytorch" | "other";
  /** Root mean square of the weights. */
  readonly rms: number;
  /** The numbers behind it, in a sentence. */
  readonly evidence: string;
}

/** What is known of how a model's weights were drawn. */
export interface RecognisedModel {
  /** The fewest laws that all layers fit, that of most layers first, such as `he-normal` or `he-normal by fan-out, pytorch`; null where there are no weights, or some fit none. */
  readonly initialiser: string | null;
  /** Whether the weights are no longer as they were drawn; null where that cannot be told. */
  readonly trained: boolean | null;
  /** Why, in sentences. */
  readonly evidence: readonly string[];
  /** Layers whose weights have shrunk to next to nothing, so that nothing but their biases goes on; absent without any. */
  readonly negligible?: readonly string[];
  readonly layers: readonly RecognisedInitialiser[];
}

/**
 * The initialiser of a model, from its configuration and its weights: he, glorot, lecun (normal, uniform, truncated), PyTorch's default, orthogonal, constant. A law fits a layer if mean, variance, kurtosis and largest value of the weights are within 4.5 standard errors of its own. Trained weights fit none, or have biases where the law has none.
 *
 * The first 2^16 weights of each layer are looked at. Where they lie in a file that is missing, nothing is said of the layer.
 *
 * @example
 * const weight = { name: "fc.weight", shape: [3, 2], type: "float32", values: () => new Float32Array(6) };
 * const file = { format: "safetensors", version: "", producer: null, inputs: [], outputs: [], tensors: [weight], nodes: null, shapes: {}, metadata: {}, notes: [] } as const;
 * recogniseInitialiser(file, modelLayers(file)).initialiser // "zeros"
 */
export function recogniseInitialiser(model: ModelFile, layers: readonly ModelLayer[]): RecognisedModel {
  const tensors = tensorsByName(model);
  const seen = new Set<string>();
  const found = layers.flatMap((layer) => {
    const weight = layer.weights.weight;
    if (!layer.fans || weight === undefined || seen.has(weight)) return [];
    seen.add(weight);
    const recognised = ofLayer(layer, tensors.get(weight), tensors.get(layer.weights.bias), layer.fans);
    return recognised ? [recognised] : [];
  });
  return { ...together(found), layers: found };
}

function ofLayer(
  layer: ModelLayer,
  weight: ModelTensor | undefined,
  bias: ModelTensor | undefined,
  fans: Fans,
): RecognisedInitialiser | undefined {
  const sample = weight && readable(weight);
  if (!weight || !sample) return undefined;
  const candidates = withPytorch(candidatesOf(sample, weight, fans), sample, layer, fans);
  const configured = configuredName(layer.options.initialisers);
  return {
    layer: layer.name,
    fanIn: fans.in,
    fanOut: fans.out,
    candidates,
    ...(configured !== undefined && { configured }),
    bias: biasOf(bias, layer.kind === "recurrent" ? { in: fans.out, out: fans.out } : fans),
    rms: Math.sqrt(sample.meanSquare),
    evidence: sentence(sample, fans),
  };
}

/** Weights may lie in a file that is missing. */
function readable(tensor: ModelTensor): Sample | undefined {
  try {
    return sampleOf(tensor);
  } catch (error) {
    if (error instanceof SondeError) return undefined;
    throw error;
  }
}

function candidatesOf(sample: Sample, { shape }: ModelTensor, fans: Fans): string[] | null {
  if (sample.constant !== undefined) return [sample.constant === 0 ? "zeros" : "constant"];
  if (!sample.finite || sample.meanSquare === 0) return [];
  // PyTorch's kernels are [out, in, ...], Keras's [..., in, out]: orthogonal as a matrix of the outputs and the rest.
  const size = shape.reduce((product, length) => product * length, 1);
  const orthogonal = [shape[0], size / shape[shape.length - 1]].some(
    (rows) => orthogonalGain(sample, rows, size / rows) !== undefined,
  );
  if (orthogonal) return ["orthogonal"];
  if (sample.count < fewest) return null;
  return [...new Set(laws.filter((law) => mayBe(sample, law, fans)).map(({ name }) => name))];
}

/** PyTorch's default in two layers that have one of their own: Glorot for the joint projection of attention, and the number of hidden units as the fan of recurrent layers. */
function withPytorch(candidates: string[] | null, sample: Sample, { kind }: ModelLayer, fans: Fans): string[] | null {
  if (candidates === null || candidates.includes("pytorch")) return candidates;
  const joint = fans.out === 3 * fans.in && candidates.includes("glorot-uniform");
  const recurrent =
    kind === "recurrent" && laws.some((law) => law.name === "pytorch" && mayBe(sample, law, { in: fans.out, out: fans.out }));
  return joint || recurrent ? ["pytorch", ...candidates] : candidates;
}

function biasOf(bias: ModelTensor | undefined, fans: Fans): RecognisedInitialiser["bias"] {
  const sample = bias && readable(bias);
  if (!sample) return "none";
  if (sample.constant !== undefined && sample.count > 1) return sample.constant === 0 ? "zeros" : "constant";
  // Vision transformers draw theirs around zero, a millionth wide.
  if (sample.largest < 1e-5) return "zeros";
  const edge = 1 / Math.sqrt(fans.in);
  const few = sample.count < fewest;
  const spread =
    few || Math.abs(sample.meanSquare / (edge * edge) - 1 / 3) <= (4.5 * Math.sqrt(4 / 45)) / Math.sqrt(sample.count);
  return sample.largest <= edge * (1 + 1 / 256) && spread ? "pytorch" : "other";
}

function sentence({ count, meanSquare, kurtosis, largest, constant }: Sample, fans: Fans): string {
  if (constant !== undefined) return `all weights are ${constant}`;
  return `variance times fan-in ${short(meanSquare * fans.in)}, times fan-out ${short(meanSquare * fans.out)}, kurtosis ${short(kurtosis)}, largest ${short(largest / Math.sqrt(meanSquare))} standard deviations, of ${count} weights`;
}

function short(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : "not finite";
}

/** One answer for the model. */
function together(all: readonly RecognisedInitialiser[]): Omit<RecognisedModel, "layers"> {
  const layers = all.flatMap(({ candidates, ...layer }) => (candidates ? [{ ...layer, candidates }] : []));
  if (layers.length === 0)
    return { initialiser: null, trained: null, evidence: ["there are no layers of enough weights to tell how they were drawn"] };
  const configured = [...new Set(layers.flatMap((layer) => layer.configured ?? []))];
  const said = configured.length > 0 ? [`the configuration says ${configured.join(", ")}`] : [];
  if (layers.every(({ candidates }) => ["zeros", "constant"].includes(candidates[0])))
    return {
      initialiser: layers[0].candidates[0],
      trained: null,
      evidence: [...said, "all weights of a layer are one number: nothing was drawn"],
    };
  const unlike = layers.filter(({ candidates }) => candidates.length === 0);
  const contradicted = layers.filter(
    ({ configured: name, candidates }) => name !== undefined && knownLaw(name) && !candidates.includes(name),
  );
  // PyTorch's own biases stay where programs draw the weights alone anew.
  const odd = all.filter(({ bias }) => bias === "other");
  const found = cover(
    layers.map((layer) =>
      layer.configured !== undefined && layer.candidates.includes(layer.configured)
        ? { ...layer, candidates: [layer.configured] }
        : layer,
    ),
  );
  const weights =
    unlike.length > 0
      ? `the weights of ${count(unlike.length, layers.length)} fit no initialiser (first ${unlike[0].layer})`
      : contradicted.length > 0
        ? `the weights of ${count(contradicted.length, layers.length)} do not fit what the configuration says (first ${contradicted[0].layer})`
        : `the weights fit ${found.map(({ name, layers: fitting }) => `${name} (${count(fitting, layers.length)})`).join(", ")}`;
  const biases =
    odd.length > 0
      ? `the biases of ${count(odd.length, all.length)} are not as drawn (first ${odd[0].layer})`
      : `biases: ${[...new Set(all.map(({ bias }) => bias))].join(", ")}`;
  const tiny = layers.filter(
    ({ rms, fanIn, candidates }) => rms > 0 && rms * Math.sqrt(fanIn) < negligible && !candidates.includes("constant"),
  );
  const shrunk =
    tiny.length > 0
      ? [
          `the weights of ${count(tiny.length, all.length)} are next to nothing (first ${tiny[0].layer}, root mean square ${short(tiny[0].rms)})`,
        ]
      : [];
  const trained = unlike.length > 0 || contradicted.length > 0 || odd.length > 0;
  return {
    initialiser: trained ? null : found.map(({ name }) => name).join(", "),
    trained,
    evidence: [...said, weights, biases, ...shrunk],
    ...(tiny.length > 0 && { negligible: tiny.map(({ layer }) => layer) }),
  };
}

/** The fewest laws that the layers fit, greedily, PyTorch's default first where biases are drawn as it draws them. */
function cover(
  layers: readonly { readonly candidates: readonly string[]; readonly bias: string }[],
): { name: string; layers: number }[] {
  const found: { name: string; layers: number }[] = [];
  let left = layers.filter(({ candidates }) => candidates.length > 0);
  while (left.length > 0) {
    const drawn = left.some(({ bias }) => bias === "pytorch");
    const score = (name: string) =>
      left.filter(({ candidates }) => candidates.includes(name)).length + (drawn && name === "pytorch" ? 0.5 : 0);
    const names = [...new Set(left.flatMap(({ candidates }) => candidates))];
    const best = names.reduce((a, b) => (score(b) > score(a) ? b : a));
    found.push({ name: best, layers: left.filter(({ candidates }) => candidates.includes(best)).length });
    left = left.filter(({ candidates }) => !candidates.includes(best));
  }
  return found;
}

function count(some: number, all: number): string {
  return `${some} of ${all} ${all === 1 ? "layer" : "layers"}`;
}

function knownLaw(name: string): boolean {
  return name === "orthogonal" || name === "zeros" || laws.some((law) => law.name === name);
}

/** The kernel's initialiser in a Keras configuration, in Sonde's words: Keras's normal laws are cut at two standard deviations. */
function configuredName(initialisers: unknown): string | undefined {
  const kernel = isRecord(initialisers) ? (initialisers.kernel ?? initialisers.depthwise) : undefined;
  if (!isRecord(kernel) || typeof kernel.name !== "string") return undefined;
  const { name, scale, mode, distribution } = kernel;
  if (name === "VarianceScaling" || name === "variance_scaling") {
    const law = `${String(distribution) === "uniform" ? "uniform" : String(distribution) === "untruncated_normal" ? "normal" : "truncated-normal"}`;
    if (scale === 2 && mode === "fan_in") return `he-${law}`;
    if (scale === 2 && mode === "fan_out") return `he-${law} by fan-out`;
    if (scale === 1 && mode === "fan_avg") return `glorot-${law}`;
    if (scale === 1 && mode === "fan_in") return `lecun-${law}`;
    return `variance scaling ${String(scale)} by ${String(mode)}`.slice(0, 80);
  }
  const snake = name.replace(/(.)([A-Z][a-z]+)/g, "$1_$2").toLowerCase();
  const known: Readonly<Record<string, string>> = {
    he_normal: "he-truncated-normal",
    he_uniform: "he-uniform",
    glorot_normal: "glorot-truncated-normal",
    glorot_uniform: "glorot-uniform",
    lecun_normal: "lecun-truncated-normal",
    lecun_uniform: "lecun-uniform",
    le_cun_normal: "lecun-truncated-normal",
    orthogonal: "orthogonal",
    zeros: "zeros",
  };
  return known[snake] ?? snake.slice(0, 80);
}
