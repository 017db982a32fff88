import { isArchitectureFile } from "@sonde/checkup/asked";
import { quote } from "@sonde/core";

/** The notation of widths that are written in another way, such as `784,128,10`, `[784, 128, 10]`, `784x128x10` or `784 128 10`; `undefined` for anything else. */
export function widthsOtherwise(text: string): string | undefined {
  if (text.length > 200) return undefined;
  const inner = /^\s*[[(]?\s*(.*?)\s*[\])]?\s*$/s.exec(text)?.[1] ?? "";
  const widths = inner.split(/\s*(?:[,;/]|->|→|>|\s)\s*/);
  const crossed = inner.split(/[x×*]/);
  const numbers = [widths, crossed.length > 2 ? crossed : []].find((parts) => parts.length > 1 && parts.every(isWidth));
  return numbers?.map((width) => String(Number(width))).join("-");
}

function isWidth(text: string): boolean {
  return /^\d{1,7}$/.test(text) && Number(text) > 0;
}

/** How to write a network down. */
const written =
  'give widths such as 784-128x20-10, or an architecture file (.json) such as {"input": [784], "layers": [{"kind": "dense", "units": 128, "activation": "relu"}, {"kind": "dense", "units": 10}]}';

const kinds: readonly (readonly [ending: RegExp, what: string])[] = [
  [/\.(py|ipynb|m|jl|r|js|ts)$/i, "is a program, which sonde does not run"],
  [
    /\.np[yz]$/i,
    "holds recorded activations, which check, death, angles, vni, moments, kernel and inspect read and this command does not",
  ],
  [/\.(ckpt|bin|pkl|pickle|tflite|pb|mat|toml|prototxt|cfg|txt|xml)$/i, "is no kind of model that sonde reads"],
];

/** Why a file of another program is no model here, and what to give; `undefined` for what is no such file by its name. */
export function foreignFile(model: string): string | undefined {
  const what = kinds.find(([ending]) => ending.test(model))?.[1];
  return what && `${quote(model)} ${what}: ${written}`;
}

/** The same of a JSON file by its contents: a Keras model or one of TensorFlow.js. */
export function foreignJson(path: string, value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const known = "class_name" in value || "keras_version" in value || "modelTopology" in value;
  if (!known || "input" in value) return undefined;
  return `${quote(path)} is a model as Keras writes it, which inspect, check, death, angles, vni and moments read with its weights and this command does not: list its layers in an architecture file, which knows Keras's names, such as {"input": [10], "layers": [{"kind": "Dense", "units": 32, "activation": "relu"}, {"kind": "Dense", "units": 1}]}`;
}

/** Whether an argument is most likely a model and not the name of a command. */
export function looksLikeModel(text: string): boolean {
  return (
    /^\d+(x\d+)?(-\d+(x\d+)?)+$/.test(text) ||
    isArchitectureFile(text) ||
    (foreignFile(text) ?? widthsOtherwise(text)) !== undefined
  );
}
