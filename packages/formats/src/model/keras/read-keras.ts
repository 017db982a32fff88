import { FormatError } from "@sonde/core";
import { type ByteSource, bytesSource } from "../../byte-source.js";
import { byteCount } from "../../limits.js";
import type { ZipMember } from "../../zip.js";
import { parsedJson } from "../json.js";
import { modelLimits } from "../limits.js";
import type { ModelFile } from "../model-file.js";
import { openHdf5 } from "./hdf5.js";
import { modelOf } from "./model-of.js";
import { kerasWeights, legacyWeights, namesOf } from "./weights.js";

/**
 * A Keras 3 file (`.keras`): a zip archive of a configuration and weights in HDF5. A subclassed model has no graph in its configuration; its weights are read all the same.
 *
 * Source: Keras, `keras/src/saving/saving_lib.py`.
 */
export async function readKeras(source: ByteSource, members: readonly ZipMember[]): Promise<ModelFile> {
  const bytesOf = async (name: string, most: number): Promise<Uint8Array | undefined> => {
    const member = members.find((candidate) => candidate.name === name);
    if (!member) return undefined;
    if (member.size > most)
      throw new FormatError(`its ${name} has ${byteCount(member.size)}, more than the ${byteCount(most)} that are read`);
    return member.read();
  };
  const config = await bytesOf("config.json", modelLimits.json);
  if (!config) throw new FormatError("it is a zip archive without config.json, so no Keras model");
  const model = parsedJson(config, "its config.json");
  const meta = await bytesOf("metadata.json", modelLimits.json);
  const { keras_version: version, date_saved: saved } = meta ? parsedJson(meta, "its metadata.json") : {};
  const file = members.find(({ name }) => name === "model.weights.h5");
  if (!file) throw new FormatError("it holds no model.weights.h5: weights in shards or in other forms are not read");
  const place = file.stored;
  const root = openHdf5(
    place === undefined
      ? bytesSource((await bytesOf(file.name, modelLimits.unpacked)) as Uint8Array)
      : { size: file.size, read: (offset, length) => source.read(place + offset, length) },
  );
  return modelOf(model, kerasWeights(root, model), {
    format: "keras",
    version: `Keras ${text(version) ?? "3"}`,
    producer: `Keras ${text(version) ?? ""}`.trim(),
    metadata: saved === undefined ? {} : { date_saved: String(saved) },
  });
}

/**
 * A Keras file in HDF5 (`.h5`), of Keras 1 to 3, with or without the configuration of the model.
 *
 * Source: Keras, `keras/src/legacy/saving/legacy_h5_format.py`.
 */
export function readKerasH5(source: ByteSource): ModelFile {
  const root = openHdf5(source);
  const { attributes } = root;
  const version = text(attributes.keras_version);
  const about = {
    format: "keras-h5",
    version: `Keras ${version ?? "of no stated version"}, HDF5`,
    producer: version ? `Keras ${version}` : null,
    metadata: (typeof attributes.backend === "string" ? { backend: attributes.backend } : {}) as Record<string, string>,
  } as const;
  const config = text(attributes.model_config);
  const weights = root.group("model_weights") ?? root;
  // Keras 3 writes weights alone by layers and numbers.
  if (config === undefined && namesOf(weights.attributes, "layer_names") === undefined && root.group("layers"))
    return modelOf(undefined, kerasWeights(root, undefined), about);
  const model = config === undefined ? undefined : parsedJson(new TextEncoder().encode(config), "its model_config");
  return modelOf(model, legacyWeights(weights), about);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value.replace(/\0+$/, "") : undefined;
}
