import type { ModelFile } from "./model-file.js";

/** Endings of the names of weights and of what training keeps beside them. */
const weightNames =
  /(^|[._/])(weights?|bias(es)?|kernel|gamma|beta|embeddings?|running_(mean|var)|num_batches_tracked|weight_[gvu]|(weight|bias)_(ih|hh)_l\d+(_reverse)?|(in_proj|out_proj)_(weight|bias))$/i;

/**
 * Whether the tensors of a file without a graph are recorded activations and not weights: all have a first axis of the same length, the points, and none has the name of a weight.
 *
 * @example
 * const file = (...names: string[]) => ({ nodes: null, tensors: names.map((name) => ({ name, shape: [8, 4] })) });
 * holdsRecording(file("input", "fc1")) // true
 * holdsRecording(file("fc1.weight", "fc2.weight")) // false
 */
export function holdsRecording({
  nodes,
  tensors,
}: { readonly tensors: readonly Pick<ModelFile["tensors"][number], "name" | "shape">[] } & Pick<ModelFile, "nodes">): boolean {
  const points = tensors[0]?.shape[0];
  return (
    nodes === null &&
    tensors.length > 0 &&
    tensors.every(
      ({ name, shape }) => name.endsWith(".weight_grad") || (shape.length >= 2 && shape[0] === points && !weightNames.test(name)),
    )
  );
}

const naturally = new Intl.Collator("en", { numeric: true });

/**
 * The names of recorded tensors in the order of their layers, which a safetensors file does not keep: that of the list of names under `order` in its metadata (JSON), otherwise by name, numbers in names by size, an input first and an output last.
 *
 * @example
 * recordedOrder(["fc10", "fc2", "logits", "input"], {}) // ["input", "fc2", "fc10", "logits"]
 * recordedOrder(["a", "b"], { order: '["b", "a"]' }) // ["b", "a"]
 */
export function recordedOrder(names: readonly string[], { order }: Readonly<Record<string, string>>): string[] {
  const given = order === undefined ? [] : listOf(order);
  const place = new Map(given.map((name, k) => [name, k]));
  const at = (name: string) =>
    place.get(name) ?? given.length + (/input|^x$/i.test(name) ? 0 : /output|logits/i.test(name) ? 2 : 1);
  return [...names].sort((a, b) => at(a) - at(b) || naturally.compare(a, b));
}

function listOf(json: string): string[] {
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) ? list.map(String) : [];
  } catch {
    return [];
  }
}
