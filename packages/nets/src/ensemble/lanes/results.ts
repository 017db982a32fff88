import { NumericalError } from "@sonde/core";
import { type Address, livingFlags, rescaleFlags } from "@sonde/kernels";
import type { Living } from "../metric.js";
import { type LaneMachine, lanes } from "./machine.js";

/** Where the kernels leave what they find of four networks, hidden layer by hidden layer. */
export interface Results {
  /** Int32 [layers][4]: a `rescaleFlags` value. */
  readonly range: Address;
  /** Int32 [4], counts up where values fell below the machine's range. */
  readonly fallen: Address;
  /** Bytes [points][4], the shares float64 [points] or 0, float64 [layers][4] and int32 [layers][4], see `living` of the kernels; absent if nobody asks. */
  readonly living?: {
    readonly through: Address;
    readonly shares: Address | 0;
    readonly ratios: Address;
    readonly flags: Address;
  };
}

export interface ResultOptions {
  readonly layers: number;
  readonly points: number;
  readonly living: boolean;
  readonly shares?: readonly number[];
}

/** Room for the results. */
export function allocateResults(machine: LaneMachine, { layers, points, living, shares }: ResultOptions): Results {
  const range = machine.allocate(16 * layers);
  const fallen = machine.allocate(16);
  if (!living) return { range, fallen };
  const through = machine.allocate(lanes * points);
  const weights = shares ? machine.allocate(8 * points) : 0;
  const [ratios, flags] = [machine.allocate(32 * layers), machine.allocate(16 * layers)];
  if (shares) machine.doubles(weights, points).set(shares);
  return { range, fallen, living: { through, shares: weights, ratios, flags } };
}

/** Before a group of networks: all points live, nothing has left the range. */
export function clearResults(machine: LaneMachine, { range, fallen, living }: Results, { layers, points }: ResultOptions): void {
  machine.ints(range, lanes * layers).fill(0);
  machine.ints(fallen, lanes).fill(0);
  if (living) machine.bytes(living.through, lanes * points).fill(1);
}

/** Throws `NumericalError` with the layer where values of one of the first `members` networks left the range of the machine's numbers. */
export function checkRange(machine: LaneMachine, { range, fallen }: Results, layers: number, members: number): void {
  const flags = machine.ints(range, lanes * layers);
  const precision = machine.valueBytes === 16 ? "float32" : "float64";
  for (let k = 0; k < flags.length; k++)
    if (flags[k] === rescaleFlags.notFinite && k % lanes < members)
      throw new NumericalError(
        `the activations of layer ${Math.floor(k / lanes) + 1} overflow ${precision}: take a smaller weight variance or fewer layers`,
      );
  if (machine.ints(fallen, members).some((exponent) => exponent !== 0))
    throw new NumericalError(`activations fall below the range of ${precision}: take a larger weight variance or fewer layers`);
}

/** The living points of each of four networks; the records are filled anew for every group. */
export function livingRecords(machine: LaneMachine, { living }: Results, vanishes: readonly boolean[]): (slot: number) => Living {
  const layers = vanishes.length;
  const records = Array.from({ length: lanes }, () => ({
    ratio: new Float64Array(layers),
    anyHere: new Uint8Array(layers),
    anyThrough: new Uint8Array(layers),
  }));
  return (slot) => {
    const record = records[slot];
    if (!living) return record;
    const ratios = machine.doubles(living.ratios, lanes * layers);
    const flags = machine.ints(living.flags, lanes * layers);
    for (let l = 0; l < layers; l++) {
      if (vanishes[l]) {
        const flag = flags[lanes * l + slot];
        record.ratio[l] = ratios[lanes * l + slot];
        record.anyHere[l] = flag & livingFlags.here ? 1 : 0;
        record.anyThrough[l] = flag & livingFlags.through ? 1 : 0;
      } else {
        // A layer that never vanishes leaves alive what was alive before it.
        record.ratio[l] = l > 0 ? record.ratio[l - 1] : 1;
        record.anyHere[l] = 1;
        record.anyThrough[l] = l > 0 ? record.anyThrough[l - 1] : 1;
      }
    }
    return record;
  };
}
