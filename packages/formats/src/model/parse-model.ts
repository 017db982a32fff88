import { FormatError, quote } from "@sonde/core";
import { type ByteSource, bytesSource } from "../byte-source.js";
import { looksLikeNpy } from "../npy.js";
import { looksLikeZip, zipMembers } from "../zip.js";
import { parsedText } from "./json.js";
import { modelLimits } from "./limits.js";
import type { ModelFile } from "./model-file.js";
import { readOnnx } from "./onnx/read-onnx.js";
import { readPytorch, refusedPytorch } from "./pytorch/read-pytorch.js";
import { looksLikeSafetensors, readSafetensors } from "./safetensors.js";
import { looksLikeTfjs, readTfjs } from "./tfjs.js";

export interface ParseModelOptions {
  /** The files beside the model by their paths from its folder: shards of a `model.json`, external data of an ONNX model. Without it there are none. */
  readonly files?: Readonly<Record<string, Uint8Array>> | ((path: string) => ByteSource);
}

/** Bytes that are enough to tell the formats apart. */
const headBytes = 512;

/**
 * What a model file holds: ONNX, safetensors, PyTorch state dicts, Keras (`.keras`, `.h5`) and layers models of TensorFlow.js, told apart by content, never by name. Nothing in a file is run. Works in the browser.
 *
 * `bytes -> model`. Throws `FormatError` with one sentence for bytes that are none of these, are damaged, or go beyond `modelLimits`.
 *
 * @example
 * const text = '{"modelTopology": {"class_name": "Sequential", "config": []}, "weightsManifest": []}';
 * (await parseModel(new TextEncoder().encode(text))).format // "tfjs"
 */
export async function parseModel(model: Uint8Array | ByteSource, { files }: ParseModelOptions = {}): Promise<ModelFile> {
  const source = model instanceof Uint8Array ? bytesSource(model) : model;
  const open = typeof files === "function" ? files : fromMemory(files ?? {});
  const head = source.read(0, Math.min(headBytes, source.size));
  if (head.length === 0)
    throw new FormatError("it is empty: expected a model as ONNX, safetensors, PyTorch, Keras or TensorFlow.js write them");
  if (looksLikeZip(head)) return fromZip(source);
  if (looksLikeHdf5(head)) return (await keras()).readKerasH5(source);
  if (looksLikeSafetensors(head)) return readSafetensors(source);
  if (looksLikeNpy(head))
    throw new FormatError(
      "it holds recorded activations, not a model: check, death, angles, vni, moments, kernel and inspect read them",
    );
  const refused = refusedPytorch(head);
  if (refused !== undefined) throw new FormatError(refused);
  if (/^\s*[{[]/.test(new TextDecoder().decode(head))) return fromJson(source, open);
  if (head[0] === 0x1f && head[1] === 0x8b) throw new FormatError("it is packed by gzip: unpack it first");
  if (/^(input|layers): *\S*/m.test(latin(head))) throw new FormatError(anArchitecture);
  if (/^\s*[\w<!#"'-]+[ \t\w:.,="'<>/-]*[\r\n]/.test(latin(head)) && !head.subarray(0, 4).includes(8))
    throw new FormatError("it is text, not a model: expected ONNX, safetensors, PyTorch, Keras or TensorFlow.js");
  return readOnnx(source, open);
}

const anArchitecture = "it is an architecture file, which describes a network and holds none: sonde check tells what it says";

/** Reading HDF5 takes a library of its own, which is loaded where there is something to read. */
function keras(): Promise<typeof import("./keras/read-keras.js")> {
  return import("./keras/read-keras.js");
}

/** Whether the bytes begin as an HDF5 file. */
function looksLikeHdf5(head: Uint8Array): boolean {
  return [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, k) => head[k] === byte);
}

function latin(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 200));
}

async function fromZip(source: ByteSource): Promise<ModelFile> {
  const members = zipMembers(source);
  const has = (ending: RegExp) => members.some(({ name }) => ending.test(name));
  if (has(/(^|\/)data\.pkl$/)) return readPytorch(source, members);
  if (has(/^config\.json$/) || has(/^model\.weights\.h5$/)) return (await keras()).readKeras(source, members);
  if (has(/\.npy$/))
    throw new FormatError(
      "it holds recorded activations, not a model: check, death, angles, vni, moments, kernel and inspect read them",
    );
  throw new FormatError("it is a zip archive, but neither of PyTorch (data.pkl) nor of Keras (config.json)");
}

function fromJson(source: ByteSource, open: (path: string) => ByteSource): ModelFile {
  if (source.size > modelLimits.json) throw new FormatError(`it is JSON of more than ${modelLimits.json} bytes`);
  const value = parsedText(source.read(0, source.size), "it");
  // A manifest without topology, as some packages ship weights.
  const json = Array.isArray(value) ? { weightsManifest: value } : (value as Readonly<Record<string, unknown>>);
  if (looksLikeTfjs(json)) return readTfjs(json, open);
  if ("class_name" in json)
    throw new FormatError(
      'it is the configuration of a Keras model without weights: save the whole model, with model.save("model.keras")',
    );
  if ("input" in json && "layers" in json) throw new FormatError(anArchitecture);
  throw new FormatError("it is JSON, but no model of TensorFlow.js: its modelTopology is missing");
}

function fromMemory(files: Readonly<Record<string, Uint8Array>>): (path: string) => ByteSource {
  return (path) => {
    if (!Object.hasOwn(files, path))
      throw new FormatError(`the file ${quote(path)} beside the model is missing: give it together with the model`);
    return bytesSource(files[path]);
  };
}
