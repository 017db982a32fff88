import type { Address, Arrival, TrainerKernels, TrainerOperation } from "@sonde/kernels/trainer";
import type { Program, ProgramLayer } from "./program.js";

/** Operations with everything in its place, and where points go in, outputs come out and their gradient is awaited. */
export interface Placed {
  readonly operations: readonly TrainerOperation[];
  readonly x: Address;
  readonly y: Address;
  readonly dy: Address;
}

/** Bytes that the values of one point take, gradients included, at most. */
export function pointBytes({ values, layers }: Program): number {
  const kept = values.reduce((sum, units) => sum + units, 0);
  const inner = layers.reduce((sum, layer) => sum + (Object.keys(keptOf(layer, () => 0)).length > 0 ? values[layer.y] : 0), 0);
  return 16 * (kept + inner + 3 * widest({ values }));
}

/** The most values of a point at once. */
export function widest({ values }: Pick<Program, "values">): number {
  return values.reduce((most, units) => Math.max(most, units), 1);
}

/** What a layer keeps for the way back beside its output: the slopes of its activation, or what its norm made before a scale and a shift that are trained. */
function keptOf(layer: ProgramLayer, room: () => Address): object {
  if ("activation" in layer && layer.activation !== "linear" && layer.activation !== "relu") return { slopes: room() };
  if (layer.kind === "norm" && "weights" in layer.shift) return { shift: { ...layer.shift, normalised: room() } };
  return {};
}

/** Takes the room that a program needs for so many points at a time. */
export function place(kernels: TrainerKernels, { values, layers, output }: Program, block: number): Placed {
  const room = (units: number) => kernels.allocate(16 * block * units);
  const at = values.map(room);
  const trained = trainedValues({ values, layers });
  const gradients = gradientRooms(values, room);
  const dy = gradients.of(output);

  /** Where the gradient by an operand goes; the later an operand is used, the earlier on the way back it gets one. */
  const arrival = (value: number): Arrival | undefined => {
    if (!trained[value]) return undefined;
    const adds = gradients.has(value);
    return { at: gradients.of(value), adds };
  };
  const operations = [...layers].reverse().map((layer): TrainerOperation => {
    const { x, y } = layer;
    const common = { x: at[x], inputs: values[x], y: at[y], units: values[y], dy: trained[y] ? gradients.of(y) : 0 };
    const dx = arrival(x);
    const second = layer.kind === "add" || layer.kind === "concat" ? { x2: at[layer.x2], dx2: arrival(layer.x2) } : {};
    gradients.free(y);
    const { x: _x, y: _y, ...own } = layer;
    const kept = keptOf(layer, () => room(values[y]));
    return { ...own, ...common, ...(dx && { dx }), ...second, ...kept } as TrainerOperation;
  });
  return { operations: operations.reverse(), x: at[0], y: at[output], dy };
}

/** Which values depend on parameters, so that a gradient by them is of use. */
function trainedValues({ values, layers }: Pick<Program, "values" | "layers">): boolean[] {
  const trained = values.map(() => false);
  for (const layer of layers) {
    const second = layer.kind === "add" || layer.kind === "concat" ? trained[layer.x2] : false;
    const own = layer.kind === "dense" || (layer.kind === "norm" && "weights" in layer.shift);
    trained[layer.y] = own || trained[layer.x] || second;
  }
  return trained;
}

/** Room for the gradients by values, which is used again once a gradient has gone further. */
function gradientRooms(values: readonly number[], room: (units: number) => Address) {
  const owned = new Map<number, Address>();
  const free = new Map<number, Address[]>();
  return {
    has: (value: number) => owned.has(value),
    of(value: number): Address {
      const units = values[value];
      const found = owned.get(value) ?? free.get(units)?.pop() ?? room(units);
      owned.set(value, found);
      return found;
    },
    free(value: number): void {
      const units = values[value];
      const [address] = [owned.get(value)].filter((one) => one !== undefined);
      owned.delete(value);
      if (address !== undefined) free.set(units, [...(free.get(units) ?? []), address]);
    },
  };
}
