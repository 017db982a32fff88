import { FormatError, quote } from "@sonde/core";
import { isRecord } from "../json.js";
import { modelLimits } from "../limits.js";
import type { ModelTensor } from "../model-file.js";
import { sameValues } from "../tensor.js";
import type { Hdf5Group } from "./hdf5.js";

/** The weights of a layer, in Keras's order. */
export interface LayerWeights {
  readonly layer: string;
  readonly tensors: readonly ModelTensor[];
}

/** A list of names in an attribute; long ones are cut into `NAME0`, `NAME1` and so on. */
export function namesOf(attributes: Readonly<Record<string, unknown>>, name: string): string[] | undefined {
  const whole = attributes[name];
  if (Array.isArray(whole)) return whole.map(cleaned);
  const parts: string[] = [];
  for (let k = 0; Array.isArray(attributes[`${name}${k}`]); k++)
    parts.push(...(attributes[`${name}${k}`] as unknown[]).map(cleaned));
  return parts.length > 0 ? parts : undefined;
}

function cleaned(name: unknown): string {
  return String(name).replace(/\0+$/, "");
}

/** Weights as Keras 1 and 2 lay them out: by the lists of names, which are followed and nothing else. */
export function legacyWeights(root: Hdf5Group): LayerWeights[] {
  const layers = namesOf(root.attributes, "layer_names");
  if (!layers) throw new FormatError("it holds no layer_names, so it is no Keras model: expected a file that Keras saved");
  let count = 0;
  return layers.map((layer) => {
    const group = root.group(layer);
    if (!group) throw new FormatError(`the weights of its layer ${quote(layer)} are missing`);
    const names = namesOf(group.attributes, "weight_names") ?? [];
    count += names.length;
    if (count > modelLimits.tensors) throw new FormatError(`it has more than ${modelLimits.tensors} tensors`);
    return { layer, tensors: names.map((name) => along(group, name, layer)) };
  });
}

/** A tensor by its path below the layer's group. */
function along(group: Hdf5Group, path: string, layer: string): ModelTensor {
  const parts = path.split("/").filter(Boolean);
  const last = parts.pop() ?? "";
  let at: Hdf5Group | undefined = group;
  for (const part of parts.slice(0, modelLimits.nesting)) at = at?.group(part);
  const tensor = at?.tensor(last, `${layer}/${last.replace(/:\d+$/, "")}`);
  if (!tensor) throw new FormatError(`the weight ${quote(path)} of its layer ${quote(layer)} is missing`);
  return tensor;
}

/** What the numbered weights of a layer are, by its class. */
const roles: Readonly<Record<string, readonly string[]>> = {
  BatchNormalization: ["gamma", "beta", "moving_mean", "moving_variance"],
  LayerNormalization: ["gamma", "beta"],
  GroupNormalization: ["gamma", "beta"],
  Embedding: ["embeddings"],
  LSTM: ["kernel", "recurrent_kernel", "bias"],
  GRU: ["kernel", "recurrent_kernel", "bias"],
  SimpleRNN: ["kernel", "recurrent_kernel", "bias"],
  PReLU: ["alpha"],
  DepthwiseConv2D: ["depthwise_kernel", "bias"],
  SeparableConv2D: ["depthwise_kernel", "pointwise_kernel", "bias"],
};

/** Weights as Keras 3 lays them out: `layers/CLASS_N/vars/K`, where CLASS_N counts the layers of a class and the layer's own name is an attribute that older files lack. */
export function kerasWeights(root: Hdf5Group, model: unknown): LayerWeights[] {
  const found: LayerWeights[] = [];
  const counted = { tensors: 0 };
  const config = isRecord(model) && isRecord(model.config) ? model.config : undefined;
  collect(root, Array.isArray(config?.layers) ? config.layers : undefined, "", { found, counted }, 0);
  return found;
}

interface Collecting {
  readonly found: LayerWeights[];
  readonly counted: { tensors: number };
}

function collect(group: Hdf5Group, layers: readonly unknown[] | undefined, prefix: string, to: Collecting, depth: number): void {
  if (depth > 8) return;
  const names = layers && namesByGroup(layers);
  const inside = group.group("layers") ?? group.group("_layer_checkpoint_dependencies");
  const parents: [Hdf5Group, boolean][] = inside ? [[inside, true]] : [];
  // A subclassed model has its layers as attributes of their own names.
  if (!layers) parents.push([group, false]);
  for (const [parent, listed] of parents)
    for (const key of inOrder(parent.keys, names)) {
      if (key === "vars" || (!listed && (key === "layers" || key === "optimizer"))) continue;
      const child = parent.group(key);
      if (!child) continue;
      const vars = child.group("vars");
      const layer = names?.get(key);
      const own = vars?.attributes.name;
      const name = `${prefix}${layer?.name ?? (typeof own === "string" && listed ? cleaned(own) : key)}`;
      const tensors = (vars?.keys ?? [])
        .filter((k) => /^\d+$/.test(k))
        .sort((a, b) => Number(a) - Number(b))
        .flatMap((k) => vars?.tensor(k, k) ?? []);
      to.counted.tensors += tensors.length;
      if (to.counted.tensors > modelLimits.tensors) throw new FormatError(`it has more than ${modelLimits.tensors} tensors`);
      const role = roles[layer?.operator ?? classOf(key)] ?? ["kernel", "bias"];
      const kept = partlyThere(layer?.config, role);
      if (tensors.length > 0)
        to.found.push({
          layer: name,
          tensors: tensors.map((tensor, k) => sameValues(tensor, { name: `${name}/${kept[k] ?? k}` })),
        });
      // Layers within a layer: models, cells of recurrent layers, projections of attention.
      if (child.keys.some((k) => k !== "vars")) {
        const nested = layer?.config.layers;
        collect(child, Array.isArray(nested) ? nested : undefined, `${name}/`, to, depth + 1);
      }
    }
}

/** HDF5 sorts names; the configuration has the order of the layers. */
function inOrder(keys: readonly string[], names: ReadonlyMap<string, Listed> | undefined): readonly string[] {
  const there = new Set(keys);
  const listed = [...(names?.keys() ?? [])].filter((key) => there.has(key));
  return [...listed, ...keys.filter((key) => !names?.has(key))];
}

/** A batch norm may lack its scale or shift, and so do its numbers. */
function partlyThere(config: Readonly<Record<string, unknown>> | undefined, role: readonly string[]): readonly string[] {
  return role.filter((name) => !(name === "gamma" && config?.scale === false) && !(name === "beta" && config?.center === false));
}

/** The class of a group by its name: `batch_normalization_3`. */
function classOf(key: string): string {
  const snake = key.replace(/_\d+$/, "");
  return Object.keys(roles).find((name) => snakeCase(name) === snake) ?? "";
}

interface Listed {
  readonly name: string;
  readonly operator: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** The layers of a model by the names of their groups, which count them by class. */
function namesByGroup(layers: readonly unknown[]): Map<string, Listed> {
  const counts = new Map<string, number>();
  const result = new Map<string, Listed>();
  for (const layer of layers) {
    if (!isRecord(layer) || typeof layer.class_name !== "string") continue;
    const config = isRecord(layer.config) ? layer.config : {};
    const snake = snakeCase(layer.class_name);
    const count = counts.get(snake) ?? 0;
    counts.set(snake, count + 1);
    const name = typeof config.name === "string" ? config.name : String(layer.name);
    result.set(count === 0 ? snake : `${snake}_${count}`, { name, operator: layer.class_name, config });
  }
  return result;
}

/** Keras's own: `Conv2DTranspose` is `conv2d_transpose`. */
function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
