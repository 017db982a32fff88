import type { ModelLayer } from "../layers/layer.js";
import { tensorsByName } from "../layers/layer.js";
import { weightsLayers } from "../layers/weights-layers.js";
import type { ModelFile } from "../model-file.js";
import type { ArchitectureFields } from "./from-architecture.js";

/** An architecture that a file of weights alone can only be of. */
export interface KnownArchitecture {
  /** In words. */
  readonly name: string;
  readonly architecture: ArchitectureFields;
}

type Entry = Readonly<Record<string, unknown>>;

/** The layers of a file with their shapes, taken off one by one: an architecture is known only where all of them are its own. */
interface Modules {
  /** The shape of a convolution's kernel or of a dense layer's weights, which then is taken. */
  readonly take: (name: string, kind: ModelLayer["kind"]) => readonly number[] | undefined;
  readonly has: (name: string) => boolean;
  readonly left: () => number;
}

/**
 * The architecture of weights whose names and shapes are those of a family of torchvision: ResNet, ResNeXt and Wide ResNet of any depth, VGG with and without batch norm, AlexNet. Their strides, paddings and pools are those of torchvision, for images of 224 x 224. Nothing for any other file.
 *
 * Source: torchvision 0.14, `models/resnet.py`, `models/vgg.py`, `models/alexnet.py`.
 */
export function knownArchitecture(model: ModelFile): KnownArchitecture | undefined {
  const layers = weightsLayers(model);
  const tensors = tensorsByName(model);
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  for (const family of [resnet, vgg, alexnet]) {
    const left = new Set(byName.keys());
    const modules: Modules = {
      has: (name) => left.has(name),
      left: () => left.size,
      take(name, kind) {
        const layer = byName.get(name);
        if (!layer || layer.kind !== kind || !left.delete(name)) return undefined;
        return tensors.get(layer.weights.weight ?? layer.weights.scale ?? "")?.shape;
      },
    };
    const found = family(modules);
    if (found && modules.left() === 0) return found;
  }
  return undefined;
}

const conv = (name: string, [channels, , ...kernel]: readonly number[], stride: number, more: Entry = {}): Entry => ({
  name,
  kind: "conv",
  channels,
  kernel,
  strides: kernel.map(() => stride),
  pads: [...kernel, ...kernel].map((size) => (size - 1) / 2),
  ...more,
});
const batchNorm = (name: string): Entry => ({ name, kind: "norm", norm: "batch", epsilon: 1e-5 });
const relu = (name: string): Entry => ({ name, kind: "activation", activation: "relu" });
const isKernel = (shape: readonly number[] | undefined, size: number): shape is readonly number[] =>
  shape?.length === 4 && shape[2] === size && shape[3] === size;

function resnet(modules: Modules): KnownArchitecture | undefined {
  const stem = modules.take("conv1", "conv");
  if (!isKernel(stem, 7) || !modules.take("bn1", "norm")) return undefined;
  const layers: Entry[] = [
    conv("conv1", stem, 2),
    batchNorm("bn1"),
    relu("relu"),
    { name: "maxpool", kind: "pool", pool: "max", window: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
  ];
  let [channels] = stem;
  let from = "maxpool";
  let weighted = 2;
  for (let stage = 1; stage <= 4; stage++)
    for (let k = 0; k === 0 || modules.has(`layer${stage}.${k}.conv1`); k++) {
      const block = `layer${stage}.${k}`;
      const made = blockOf(modules, { block, from, channels, stride: stage > 1 && k === 0 ? 2 : 1 });
      if (!made) return undefined;
      layers.push(...made.layers);
      ({ channels } = made);
      weighted += made.depth;
      from = `${block}.relu`;
    }
  const end = modules.take("fc", "dense");
  if (end?.length !== 2 || end[1] !== channels) return undefined;
  layers.push({ name: "avgpool", kind: "pool", pool: "average", window: "global" }, { name: "fc", kind: "dense", units: end[0] });
  return {
    name: `a ResNet of torchvision of ${weighted} layers`,
    architecture: { input: [224, 224, stem[1]], layers: layers, output: "fc" },
  };
}

/** A block of two convolutions of 3 x 3, or one of 3 x 3 between two of 1 x 1, which takes the stride; the shortcut has a projection where the shape changes. */
function blockOf(
  modules: Modules,
  { block, from, channels, stride }: { block: string; from: string; channels: number; stride: number },
): { layers: Entry[]; channels: number; depth: number } | undefined {
  const shapes = [1, 2, 3].map((k) => modules.take(`${block}.conv${k}`, "conv"));
  const depth = shapes[2] ? 3 : 2;
  const norms = Array.from({ length: depth }, (_, k) => modules.take(`${block}.bn${k + 1}`, "norm"));
  const sizes = depth === 3 ? [1, 3, 1] : [3, 3];
  const kernels = shapes.slice(0, depth);
  if (!norms.every(Boolean) || !kernels.every((shape, k) => isKernel(shape, sizes[k]))) return undefined;
  const own = kernels as (readonly number[])[];
  let before = channels;
  const layers: Entry[] = [];
  for (const [k, shape] of own.entries()) {
    const groups = before / shape[1];
    if (!Number.isInteger(groups) || (groups > 1 && (depth === 2 || k !== 1))) return undefined;
    const strided = k === (depth === 3 ? 1 : 0);
    const first = k === 0 ? { inputs: [from] } : {};
    layers.push(
      conv(`${block}.conv${k + 1}`, shape, strided ? stride : 1, { ...first, ...(groups > 1 && { groups }) }),
      batchNorm(`${block}.bn${k + 1}`),
    );
    if (k < depth - 1) layers.push(relu(`${block}.relu${k + 1}`));
    [before] = shape;
  }
  const projection = modules.take(`${block}.downsample.0`, "conv");
  const changes = before !== channels || stride !== 1;
  if (Boolean(projection) !== changes) return undefined;
  if (projection) {
    if (!isKernel(projection, 1) || projection[1] !== channels || projection[0] !== before) return undefined;
    if (!modules.take(`${block}.downsample.1`, "norm")) return undefined;
    layers.push(conv(`${block}.downsample.0`, projection, stride, { inputs: [from] }), batchNorm(`${block}.downsample.1`));
  }
  layers.push(
    { name: block, kind: "add", inputs: [projection ? `${block}.downsample.1` : from, `${block}.bn${depth}`] },
    relu(`${block}.relu`),
  );
  return { layers, channels: before, depth };
}

/** VGG: gaps in the numbers of its modules are where ReLUs and pools are. */
function vgg(modules: Modules): KnownArchitecture | undefined {
  const layers: Entry[] = [];
  let at = 0;
  let pools = 0;
  let inputs = 0;
  let channels = 0;
  let convolutions = 0;
  while (pools < 5) {
    const shape = modules.take(`features.${at}`, "conv");
    if (shape) {
      if (!isKernel(shape, 3) || (channels > 0 && shape[1] !== channels)) return undefined;
      if (channels === 0) [, inputs] = shape;
      [channels] = shape;
      convolutions++;
      layers.push(conv(`features.${at}`, shape, 1));
      const normed = modules.take(`features.${at + 1}`, "norm");
      if (normed) layers.push(batchNorm(`features.${++at}`));
      layers.push(relu(`features.${++at}`));
      at++;
      continue;
    }
    if (modules.has(`features.${at}`) || channels === 0 || layers[layers.length - 1].kind === "pool") return undefined;
    layers.push({ name: `features.${at++}`, kind: "pool", pool: "max", window: 2 });
    pools++;
  }
  const ends = classifier(modules, [0, 3, 6], 49 * channels);
  return (
    ends && {
      name: `VGG-${convolutions + 3} of torchvision`,
      architecture: {
        input: [224, 224, inputs],
        layers: [...layers, { name: "flatten", kind: "flatten" }, ...ends],
        output: ends[ends.length - 1].name,
      },
    }
  );
}

function alexnet(modules: Modules): KnownArchitecture | undefined {
  const layers: Entry[] = [];
  let channels: number | undefined;
  let inputs = 0;
  for (const [at, size, stride, pad, pooled] of [
    [0, 11, 4, 2, true],
    [3, 5, 1, 2, true],
    [6, 3, 1, 1, false],
    [8, 3, 1, 1, false],
    [10, 3, 1, 1, true],
  ] as const) {
    const shape = modules.take(`features.${at}`, "conv");
    if (!isKernel(shape, size) || (channels !== undefined && shape[1] !== channels)) return undefined;
    if (channels === undefined) [, inputs] = shape;
    [channels] = shape;
    layers.push(conv(`features.${at}`, shape, stride, { pads: [pad, pad, pad, pad] }), relu(`features.${at + 1}`));
    if (pooled) layers.push({ name: `features.${at + 2}`, kind: "pool", pool: "max", window: [3, 3], strides: [2, 2] });
  }
  const ends = classifier(modules, [1, 4, 6], 36 * (channels ?? 0));
  return (
    ends && {
      name: "AlexNet of torchvision",
      architecture: {
        input: [224, 224, inputs],
        layers: [...layers, { name: "flatten", kind: "flatten" }, ...ends],
        output: ends[ends.length - 1].name,
      },
    }
  );
}

/** Three dense layers with ReLUs between them. */
function classifier(modules: Modules, places: readonly number[], inputs: number): Entry[] | undefined {
  let before = inputs;
  const layers: Entry[] = [];
  for (const [k, at] of places.entries()) {
    const shape = modules.take(`classifier.${at}`, "dense");
    if (shape?.length !== 2 || shape[1] !== before) return undefined;
    [before] = shape;
    layers.push({ name: `classifier.${at}`, kind: "dense", units: before });
    if (k < places.length - 1) layers.push(relu(`classifier.${at + 1}`));
  }
  return layers;
}
