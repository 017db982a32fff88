import { FormatError, quote } from "@sonde/core";
import type { ByteSource } from "../byte-source.js";
import { type ElementType, elementBytes } from "../element-type.js";
import { isRecord } from "./json.js";
import { modelOf } from "./keras/model-of.js";
import type { LayerWeights } from "./keras/weights.js";
import { modelLimits } from "./limits.js";
import type { ModelFile, ModelTensor } from "./model-file.js";
import { checkedCount, lazyTensor, storedTensor } from "./tensor.js";

/** Whether a JSON object is a model of TensorFlow.js. */
export function looksLikeTfjs(value: Readonly<Record<string, unknown>>): boolean {
  return "modelTopology" in value || "weightsManifest" in value;
}

/**
 * A layers model of TensorFlow.js: a topology like Keras's and weights over shards, quantised or not.
 *
 * Throws `FormatError` for graph models, which hold operators of TensorFlow, and where the weights do not fit the shards.
 *
 * Source: TensorFlow.js, `tfjs-core/src/io/types.ts`.
 */
export function readTfjs(json: Readonly<Record<string, unknown>>, open: (path: string) => ByteSource): ModelFile {
  const { modelTopology, weightsManifest, format, generatedBy, convertedBy } = json;
  if (format === "graph-model" || (isRecord(modelTopology) && ("node" in modelTopology || "library" in modelTopology)))
    throw new FormatError(
      "it is a graph model of TensorFlow.js, made of TensorFlow's operators: convert the Keras model with --output_format=tfjs_layers_model, or export it to ONNX",
    );
  if (!Array.isArray(weightsManifest)) throw new FormatError("its weightsManifest is missing");
  const layers = new Map<string, ModelTensor[]>();
  const counted = { tensors: 0, shards: 0 };
  for (const group of weightsManifest)
    for (const tensor of groupTensors(group, open, counted)) {
      const layer = tensor.name.slice(0, Math.max(0, tensor.name.lastIndexOf("/")));
      layers.set(layer, [...(layers.get(layer) ?? []), tensor]);
    }
  const weights: LayerWeights[] = [...layers].map(([layer, tensors]) => ({ layer, tensors }));
  const topology = isRecord(modelTopology) && isRecord(modelTopology.model_config) ? modelTopology.model_config : modelTopology;
  const producer = [convertedBy, generatedBy].find((entry): entry is string => typeof entry === "string");
  const version = isRecord(modelTopology) ? modelTopology.keras_version : undefined;
  return modelOf(isRecord(topology) ? topology : undefined, weights, {
    format: "tfjs",
    version: "TensorFlow.js layers model",
    producer: producer?.slice(0, 200) ?? null,
    metadata: typeof version === "string" ? { keras_version: version } : {},
  });
}

function groupTensors(
  group: unknown,
  open: (path: string) => ByteSource,
  counted: { tensors: number; shards: number },
): ModelTensor[] {
  const { paths, weights } = (isRecord(group) ? group : {}) as { paths?: unknown; weights?: unknown };
  if (!Array.isArray(paths) || !Array.isArray(weights))
    throw new FormatError("a group of its weightsManifest lacks paths or weights");
  counted.tensors += weights.length;
  counted.shards += paths.length;
  if (counted.tensors > modelLimits.tensors || counted.shards > modelLimits.shards)
    throw new FormatError(`it has more than ${modelLimits.tensors} tensors or ${modelLimits.shards} shards`);
  let at = 0;
  const places = weights.map((entry) => {
    const found = entryOf(entry);
    const start = at;
    at += found.count * found.bytes;
    return { ...found, start };
  });
  const source = joined(paths.map(String), at, open);
  return places.map(({ name, shape, type, stored, scale, min, start }) => {
    const held = storedTensor(name, shape, stored, { source, offset: start });
    if (scale === undefined) return held;
    return lazyTensor(name, shape, type, (from, count) => {
      const result = new Float32Array(count);
      for (const [k, value] of held.values(from, count).entries()) result[k] = Number(value) * scale + min;
      return result;
    });
  });
}

/** An entry of the manifest: how its values are stored, and how they are made from it where they are quantised. */
function entryOf(entry: unknown) {
  const { name, shape, dtype, quantization } = (isRecord(entry) ? entry : {}) as Record<string, unknown>;
  if (typeof name !== "string" || !Array.isArray(shape) || typeof dtype !== "string")
    throw new FormatError("a weight of its weightsManifest lacks name, shape or dtype");
  const count = checkedCount(name, shape as number[]);
  const quantised = isRecord(quantization) ? quantization : undefined;
  const stored = (quantised ? String(quantised.dtype) : dtype) as ElementType;
  if (!["float32", "int32", "bool", "uint8", "uint16", "float16"].includes(stored))
    throw new FormatError(`the weight ${quote(name)} is stored as ${quote(stored)}, which is not read`);
  const half = stored === "float16";
  const scale = quantised && !half ? Number(quantised.scale) : undefined;
  const min = Number(quantised?.min ?? 0);
  if (scale !== undefined && !(Number.isFinite(scale) && Number.isFinite(min)))
    throw new FormatError(`the weight ${quote(name)} is quantised without a scale`);
  return {
    name,
    shape: shape as number[],
    type: half ? stored : (dtype as ElementType),
    stored,
    count,
    bytes: elementBytes(stored),
    scale,
    min,
  };
}

/** The shards one after the other, each opened when bytes of it are wanted for the first time. */
function joined(paths: readonly string[], size: number, open: (path: string) => ByteSource): ByteSource {
  let shards: ByteSource[] | undefined;
  const opened = () => {
    if (shards) return shards;
    const found = paths.map(open);
    const total = found.reduce((sum, shard) => sum + shard.size, 0);
    if (total !== size)
      throw new FormatError(
        `its weights take ${size} bytes, but the shards hold ${total}: ${total < size ? "some are missing" : "that is too many"}`,
      );
    shards = found;
    return shards;
  };
  return {
    size,
    read: (offset, length) => {
      const all = opened();
      const result = new Uint8Array(length);
      let first = 0;
      for (const shard of all) {
        const from = Math.max(offset, first);
        const to = Math.min(offset + length, first + shard.size);
        if (from < to) result.set(shard.read(from - first, to - from), from - offset);
        first += shard.size;
      }
      return result;
    },
  };
}
