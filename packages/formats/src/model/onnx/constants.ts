import { elementCount } from "../../array-file.js";
import type { ElementType, NumericArray } from "../../element-type.js";
import { zerosOf } from "../../element-type.js";
import { modelLimits } from "../limits.js";
import type { Dimension, ModelNode, ModelTensor } from "../model-file.js";
import { constantTensor, heldTensor, isElementType, lazyTensor, numbers, sameValues } from "../tensor.js";
import { type Known, knownEntries, knownNumbers } from "./fold.js";
import { elementTypeName } from "./tensor-proto.js";
import { concatenated, sliced, transposed } from "./tensor-views.js";

/** What a node makes, if that is known without running the network: a tensor, or the entries of a shape. */
export type Folded =
  | { readonly tensor: ModelTensor }
  | { readonly entries: readonly Dimension[]; readonly shape: readonly number[] };

/** The value of a node whose inputs are constants or shapes; `undefined` for what depends on the network's input. Large results are described, not computed. */
export function foldable(node: ModelNode, known: Known): Folded | undefined {
  return rules[node.operator]?.(node, known);
}

type Rule = (node: ModelNode, known: Known) => Folded | undefined;

/** A list has values too. */
const isTensor = (value: unknown): value is ModelTensor =>
  typeof value === "object" && value !== null && "values" in value && "shape" in value;

const rules: Readonly<Record<string, Rule>> = {
  Constant: ({ attributes, outputs }) => {
    const { value, value_float, value_int, value_floats, value_ints } = attributes;
    const name = outputs[0];
    if (isTensor(value)) return { tensor: value };
    if (typeof value_float === "number") return { tensor: heldTensor(name, [], "float32", Float32Array.of(value_float)) };
    if (typeof value_int === "number") return { tensor: heldTensor(name, [], "int64", BigInt64Array.of(integer(value_int))) };
    if (Array.isArray(value_floats))
      return { tensor: heldTensor(name, [value_floats.length], "float32", Float32Array.from(value_floats)) };
    if (Array.isArray(value_ints))
      return { tensor: heldTensor(name, [value_ints.length], "int64", BigInt64Array.from(value_ints, integer)) };
    return undefined;
  },
  ConstantOfShape: ({ inputs, attributes, outputs }, known) => {
    const shape = knownNumbers(known, inputs[0]);
    if (!shape || !possible(shape)) return undefined;
    const value = isTensor(attributes.value) ? attributes.value : undefined;
    const type = value?.type ?? "float32";
    return { tensor: constantTensor(outputs[0], shape, type, value && isElementType(type) ? numbers(value.values())[0] : 0) };
  },
  Shape: ({ inputs, attributes }, known) => {
    const shape = known.shapes.get(inputs[0]);
    if (!shape) return undefined;
    const entries = shape.slice(Number(attributes.start ?? 0), attributes.end === undefined ? undefined : Number(attributes.end));
    return { entries, shape: [entries.length] };
  },
  Size: ({ inputs }, known) => {
    const shape = known.shapes.get(inputs[0]);
    const fixed = shape?.every((size): size is number => typeof size === "number") ? shape : undefined;
    return fixed && { entries: [elementCount(fixed)], shape: [] };
  },
  Gather: ({ inputs, attributes }, known) => {
    const entries = shapeEntries(known, inputs[0]);
    const indices = knownNumbers(known, inputs[1]);
    const shape = known.shapes.get(inputs[1]);
    if (!entries || !indices || !shape || Number(attributes.axis ?? 0) !== 0) return undefined;
    const picked = indices.map((index) => entries[index < 0 ? index + entries.length : index]);
    return picked.includes(undefined as never) ? undefined : { entries: picked, shape: shape as number[] };
  },
  Slice: ({ inputs, attributes }, known) => {
    const entries = knownEntries(known, inputs[0]);
    const shape = known.shapes.get(inputs[0]) as number[] | undefined;
    const field = (name: string, k: number) =>
      inputs.length > 1 ? knownNumbers(known, inputs[k]) : (attributes[name] as number[] | undefined);
    const [starts, ends] = [field("starts", 1), field("ends", 2)];
    const tensor = known.tensors.get(inputs[0]);
    if (!(entries || tensor) || !shape || !starts || !ends) return undefined;
    const axes = field("axes", 3) ?? starts.map((_, k) => k);
    const steps = field("steps", 4) ?? starts.map(() => 1);
    const ranges = rangesOf(shape, { starts, ends, axes, steps });
    if (!ranges) return undefined;
    if (tensor) return { tensor: sliced(tensor, ranges) };
    // Open axes are in lists only.
    const { starts: from, steps: by, shape: left } = ranges;
    if (!entries || shape.length !== 1) return undefined;
    return { entries: Array.from({ length: left[0] }, (_, k) => entries[from[0] + k * by[0]]), shape: left };
  },
  Concat: ({ inputs, attributes }, known) => {
    const parts = inputs.map((name) => shapeEntries(known, name));
    if (!parts.every((part) => part !== undefined)) return joined(inputs, Number(attributes.axis ?? 0), known);
    const entries = parts.flat() as Dimension[];
    return entries.length > modelLimits.folded ? undefined : { entries, shape: [entries.length] };
  },
  Unsqueeze: (node, known) =>
    reshaped(node, known, (shape, axes) => {
      const result = [...shape];
      const rank = shape.length + axes.length;
      for (const axis of axes.map((a) => (a < 0 ? a + rank : a)).sort((a, b) => a - b)) result.splice(axis, 0, 1);
      return result;
    }),
  Squeeze: (node, known) =>
    reshaped(node, known, (shape, axes) => {
      const dropped = axes.map((axis) => (axis < 0 ? axis + shape.length : axis));
      return shape.filter((size, axis) => (axes.length === 0 ? size !== 1 : !dropped.includes(axis)));
    }),
  Reshape: ({ inputs }, known) => {
    const tensor = known.tensors.get(inputs[0]);
    const asked = knownNumbers(known, inputs[1]);
    if (!tensor || !asked) return undefined;
    const count = elementCount(tensor.shape);
    const kept = asked.map((size, k) => (size === 0 ? (tensor.shape[k] ?? 0) : size));
    const rest = kept.reduce((product, size) => (size === -1 ? product : product * size), 1);
    const shape = kept.map((size) => (size === -1 ? count / rest : size));
    return possible(shape) && elementCount(shape) === count ? { tensor: sameValues(tensor, { shape }) } : undefined;
  },
  Cast: ({ inputs, attributes }, known) => {
    const entries = known.symbolic.get(inputs[0]);
    if (entries) return { entries, shape: known.shapes.get(inputs[0]) as number[] };
    const tensor = known.tensors.get(inputs[0]);
    const type = elementTypeName(Number(attributes.to));
    if (!tensor || !isElementType(type) || !isElementType(tensor.type)) return undefined;
    if (tensor.constant !== undefined) return { tensor: constantTensor("", tensor.shape, type, tensor.constant) };
    return { tensor: lazyTensor("", tensor.shape, type, (start, count) => converted(tensor.values(start, count), type)) };
  },
  Transpose: ({ inputs, attributes }, known) => {
    const tensor = known.tensors.get(inputs[0]);
    if (!tensor) return undefined;
    const order = (attributes.perm as number[] | undefined) ?? tensor.shape.map((_, axis) => axis).reverse();
    if (order.length !== tensor.shape.length || new Set(order).size !== order.length) return undefined;
    if (!order.every((axis) => axis in tensor.shape)) return undefined;
    return { tensor: transposed(tensor, order) };
  },
  Expand: ({ inputs }, known) => {
    const tensor = known.tensors.get(inputs[0]);
    const asked = knownNumbers(known, inputs[1]);
    if (!tensor || !asked) return undefined;
    const constant =
      tensor.constant ?? (elementCount(tensor.shape) === 1 && isElementType(tensor.type) ? onlyNumber(tensor) : undefined);
    const shape = broadcast(tensor.shape, asked);
    if (!shape || !possible(shape)) return undefined;
    if (constant !== undefined) return { tensor: constantTensor("", shape, tensor.type, constant) };
    const own = elementCount(shape) <= modelLimits.folded ? knownNumbers(known, inputs[0]) : undefined;
    if (!own || !isElementType(tensor.type)) return undefined;
    const repeated = Float64Array.from(pairsOf(own, tensor.shape, [0], [], shape), ([value]) => Number(value));
    return { tensor: heldTensor("", shape, tensor.type, converted(repeated, tensor.type)) };
  },
  ...Object.fromEntries(
    (
      [
        ["Add", (a, b) => a + b],
        ["Sub", (a, b) => a - b],
        ["Mul", (a, b) => a * b],
        ["Div", (a, b, whole) => (whole ? Math.trunc(a / b) : a / b)],
        ["Mod", (a, b) => a - b * Math.floor(a / b)],
        ["Equal", (a, b) => Number(a === b)],
        ["Less", (a, b) => Number(a < b)],
        ["LessOrEqual", (a, b) => Number(a <= b)],
        ["Greater", (a, b) => Number(a > b)],
        ["GreaterOrEqual", (a, b) => Number(a >= b)],
        ["And", (a, b) => Number(a !== 0 && b !== 0)],
        ["Or", (a, b) => Number(a !== 0 || b !== 0)],
        ["Max", (a, b) => Math.max(a, b)],
        ["Min", (a, b) => Math.min(a, b)],
      ] as const satisfies [string, (a: number, b: number, whole: boolean) => number][]
    ).map(([name, apply]) => [name, binary(apply)]),
  ),
  Where: ({ inputs }, known) => {
    const [which, a, b] = inputs.map((name) => knownEntries(known, name));
    const shapes = inputs.map((name) => known.shapes.get(name) as number[] | undefined);
    const [first, second, third] = shapes;
    if (!which || !a || !b || !first || !second || !third) return undefined;
    const middle = broadcast(second, third);
    const shape = middle && broadcast(first, middle);
    if (!shape || elementCount(shape) > modelLimits.folded) return undefined;
    const chosen = pairsOf(which, first, a, second, shape);
    const otherwise = pairsOf(which, first, b, third, shape);
    const entries = chosen.map(([c, x], k) => (typeof c === "string" ? "?" : c !== 0 ? x : otherwise[k][1]));
    if (entries.includes("?")) return undefined;
    if (!entries.every((entry): entry is number => typeof entry === "number")) return { entries, shape };
    const type = (known.tensors.get(inputs[1])?.type ?? known.tensors.get(inputs[2])?.type ?? "int64") as ElementType;
    return { tensor: heldTensor("", shape, type, converted(Float64Array.from(entries), type)) };
  },
  Range: ({ inputs }, known) => {
    const ends = inputs.slice(0, 3).map((name) => knownNumbers(known, name));
    const type = known.tensors.get(inputs[0])?.type ?? "int64";
    if (ends.length < 3 || !ends.every((values) => values?.length === 1) || !isElementType(type)) return undefined;
    const [start, limit, step] = ends.map((values) => values?.[0] ?? 0);
    const length = Math.max(0, Math.ceil((limit - start) / step));
    if (!(length <= modelLimits.folded)) return undefined;
    const values = Float64Array.from({ length }, (_, k) => start + k * step);
    return { tensor: heldTensor("", [length], type, converted(values, type)) };
  },
  ScatterND: ({ inputs, attributes }, known) => {
    const [data, indices, updates] = inputs.map((name) => known.tensors.get(name));
    const [own, places, values] = inputs.map((name) => knownNumbers(known, name));
    if (!data || !indices || !updates || !own || !places || !values || !isElementType(data.type)) return undefined;
    const depth = indices.shape[indices.shape.length - 1] ?? 0;
    const kept = data.shape.slice(depth);
    const each = elementCount(kept);
    const count = elementCount(indices.shape.slice(0, -1));
    const plain = attributes.reduction === undefined || attributes.reduction === "none";
    if (!plain || depth < 1 || depth > data.shape.length || values.length !== count * each) return undefined;
    const result = Float64Array.from(own);
    for (let k = 0; k < count; k++) {
      let at = 0;
      for (let axis = 0; axis < depth; axis++) {
        const index = places[k * depth + axis];
        const size = data.shape[axis];
        const place = index < 0 ? index + size : index;
        if (!(Number.isInteger(place) && place >= 0 && place < size)) return undefined;
        at = at * size + place;
      }
      for (let j = 0; j < each; j++) result[at * each + j] = values[k * each + j];
    }
    return { tensor: heldTensor("", data.shape, data.type, converted(result, data.type)) };
  },
  Not: unary((x) => Number(x === 0)),
  Sqrt: unary(Math.sqrt),
  Neg: unary((x) => -x),
  Floor: unary(Math.floor),
  Ceil: unary(Math.ceil),
};

function integer(value: number): bigint {
  return BigInt(Math.trunc(value));
}

function possible(shape: readonly number[]): boolean {
  return (
    shape.length <= modelLimits.axes &&
    shape.every((size) => Number.isSafeInteger(size) && size >= 0) &&
    Number.isSafeInteger(elementCount(shape) * 16)
  );
}

/** Entries of a list of integers, as shape computations use them. */
function shapeEntries(known: Known, name: string): readonly Dimension[] | undefined {
  const tensor = known.tensors.get(name);
  if (tensor && tensor.type !== "int64" && tensor.type !== "int32") return undefined;
  if ((known.shapes.get(name)?.length ?? 1) > 1) return undefined;
  return knownEntries(known, name);
}

function onlyNumber(tensor: ModelTensor): number | undefined {
  try {
    return numbers(tensor.values())[0];
  } catch {
    return undefined;
  }
}

function reshaped(
  { inputs, attributes }: ModelNode,
  known: Known,
  change: (shape: readonly number[], axes: readonly number[]) => number[],
): Folded | undefined {
  const axes = (attributes.axes as number[] | undefined) ?? (inputs[1] ? knownNumbers(known, inputs[1]) : []);
  const shape = known.shapes.get(inputs[0]) as number[] | undefined;
  const entries = known.symbolic.get(inputs[0]);
  if (!axes || !shape || shape.length + axes.length > modelLimits.axes) return undefined;
  if (entries) return { entries, shape: change(shape, axes) };
  const tensor = known.tensors.get(inputs[0]);
  return tensor && { tensor: sameValues(tensor, { shape: change(tensor.shape, axes) }) };
}

/** Tensors of the file one after the other, such as the weights of a recurrent layer's gates. */
function joined(inputs: readonly string[], axis: number, { tensors }: Known): Folded | undefined {
  const parts = inputs.map((name) => tensors.get(name));
  if (!parts.every((part) => part !== undefined)) return undefined;
  const [{ shape, type }] = parts;
  const at = axis < 0 ? axis + shape.length : axis;
  const fit = parts.every(
    (part) =>
      part.type === type &&
      isElementType(type) &&
      part.shape.length === shape.length &&
      part.shape.every((size, k) => k === at || size === shape[k]),
  );
  if (!fit || !(at in shape)) return undefined;
  const tensor = concatenated(parts, at);
  return possible(tensor.shape) ? { tensor } : undefined;
}

/** Where a slice by starts, ends and steps along axes begins on each axis, how it goes on, and how many indices it takes. */
function rangesOf(
  shape: readonly number[],
  { starts, ends, axes, steps }: Readonly<Record<"starts" | "ends" | "axes" | "steps", readonly number[]>>,
): Readonly<Record<"starts" | "steps" | "shape", readonly number[]>> | undefined {
  const [from, by, left] = [shape.map(() => 0), shape.map(() => 1), [...shape]];
  for (const [k, axis] of axes.entries()) {
    const at = axis < 0 ? axis + shape.length : axis;
    const step = steps[k];
    if (!(at in shape) || !step) return undefined;
    const size = shape[at];
    const place = (value: number) => {
      const own = value < 0 ? value + size : value;
      return step > 0 ? Math.max(0, Math.min(size, own)) : Math.max(-1, Math.min(size - 1, own));
    };
    const [start, end] = [place(starts[k]), place(ends[k])];
    [from[at], by[at], left[at]] = [start, step, Math.max(0, Math.ceil((end - start) / step))];
  }
  return { starts: from, steps: by, shape: left };
}

/** An operation of small constants, with NumPy's broadcasting; on names of open axes only what leaves them. */
function binary(apply: (a: number, b: number, whole: boolean) => number): Rule {
  return ({ inputs, operator }, known) => {
    const [a, b] = inputs.map((name) => knownEntries(known, name));
    const [left, right] = inputs.map((name) => known.shapes.get(name) as number[] | undefined);
    if (!a || !b || !left || !right) return undefined;
    const shape = broadcast(left, right);
    if (!shape || elementCount(shape) > modelLimits.folded) return undefined;
    const pairs = pairsOf(a, left, b, right, shape);
    if (pairs.some((pair) => pair.some((entry) => typeof entry === "string"))) {
      const entries = pairs.map(([x, y]) =>
        y === 1 && (operator === "Mul" || operator === "Div")
          ? x
          : typeof x === "number" && typeof y === "number"
            ? apply(x, y, true)
            : // The size of an open axis is none of the numbers that it is compared with, such as -1.
              operator === "Equal"
              ? Number(x === y)
              : `(${x} ${operator} ${y})`.slice(0, 80),
      );
      return { entries, shape };
    }
    const type = (known.tensors.get(inputs[0])?.type ?? "int64") as ElementType;
    const whole = type.includes("int");
    const values = pairs.map(([x, y]) => apply(x as number, y as number, whole));
    return { tensor: heldTensor("", shape, type, converted(Float64Array.from(values), type)) };
  };
}

function pairsOf(
  a: readonly Dimension[],
  left: readonly number[],
  b: readonly Dimension[],
  right: readonly number[],
  shape: readonly number[],
): [Dimension, Dimension][] {
  const strides = (from: readonly number[]) => {
    const padded = [...Array(shape.length - from.length).fill(1), ...from];
    let stride = 1;
    return padded
      .map((_, k) => padded.length - 1 - k)
      .map((axis) => {
        const own = padded[axis] === 1 ? 0 : stride;
        stride *= padded[axis];
        return own;
      })
      .reverse();
  };
  const [first, second] = [strides(left), strides(right)];
  return Array.from({ length: elementCount(shape) }, (_, k) => {
    let [i, j, rest] = [0, 0, k];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      i += (rest % shape[axis]) * first[axis];
      j += (rest % shape[axis]) * second[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    return [a[i], b[j]];
  });
}

function unary(apply: (x: number) => number): Rule {
  return ({ inputs }, known) => {
    const tensor = known.tensors.get(inputs[0]);
    const values = tensor && knownNumbers(known, inputs[0]);
    if (!tensor || !values) return undefined;
    const type = tensor.type as ElementType;
    return { tensor: heldTensor("", tensor.shape, type, converted(Float64Array.from(values, apply), type)) };
  };
}

/** Values in another type. */
function converted(values: NumericArray, type: ElementType): NumericArray {
  const result = zerosOf(type, values.length);
  for (let k = 0; k < values.length; k++) {
    const value = Number(values[k]);
    if (result instanceof BigInt64Array || result instanceof BigUint64Array)
      result[k] = Number.isFinite(value) ? integer(value) : 0n;
    else result[k] = type === "bool" ? Number(value !== 0) : value;
  }
  return result;
}

/** NumPy's common shape of two; `undefined` where there is none. */
export function broadcast<Size extends Dimension>(a: readonly Size[], b: readonly Size[]): Size[] | undefined {
  const rank = Math.max(a.length, b.length);
  const result: Size[] = [];
  for (let k = 0; k < rank; k++) {
    const x = a[k - rank + a.length];
    const y = b[k - rank + b.length];
    if (x === undefined || x === 1) result.push(y ?? x);
    else if (y === undefined || y === 1 || x === y || typeof y === "string") result.push(x);
    else if (typeof x === "string") result.push(y);
    else return undefined;
  }
  return result;
}
