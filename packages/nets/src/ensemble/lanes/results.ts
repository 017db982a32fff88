import { NumericalError } from "@sonde/core";
import { type Address, livingFlags, rescaleFlags } from "@sonde/kernels";
import type { Living } from "../metric.js";
import { type LaneMachine, lanes, lasting } from "./machine.js";

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

/** What goes with the results of a group of four networks. */
export interface ResultsInUse extends Results {
  /** Before a group: all points live, nothing has left the range. */
  readonly clear: () => void;
  /** After it: throws `NumericalError` with the layer where values of one of the first `members` networks left the range of the machine's numbers. */
  readonly check: (members: number) => void;
  /** The living points of each of the four networks; the records are filled anew for every group. */
  readonly livingOf: (slot: number) => Living;
}

export interface ResultOptions {
  readonly points: number;
  readonly living: boolean;
  readonly shares?: readonly number[];
  /** Of every hidden layer whether it may leave points dead. */
  readonly vanishes: readonly boolean[];
}

/** Room for the results. */
export function allocateResults(machine: LaneMachine, options: ResultOptions): ResultsInUse {
  const layers = options.vanishes.length;
  const range = machine.allocate(16 * layers);
  const fallen = machine.allocate(16);
  const living = options.living ? allocateLiving(machine, options) : undefined;
  const flags = lasting(() => machine.ints(range, lanes * layers));
  const exponents = lasting(() => machine.ints(fallen, lanes));
  const through = lasting(() => machine.bytes(living?.through ?? 0, living ? lanes * options.points : 0));
  return {
    range,
    fallen,
    living,
    clear() {
      flags().fill(0);
      exponents().fill(0);
      if (living) through().fill(1);
    },
    check: (members) => checkRange(flags(), exponents(), members, machine.valueBytes === 16 ? "float32" : "float64"),
    livingOf: livingRecords(machine, living, options.vanishes),
  };
}

function allocateLiving(machine: LaneMachine, { points, shares, vanishes }: ResultOptions): Results["living"] {
  const through = machine.allocate(lanes * points);
  const weights = shares ? machine.allocate(8 * points) : 0;
  const [ratios, flags] = [machine.allocate(32 * vanishes.length), machine.allocate(16 * vanishes.length)];
  if (shares) machine.doubles(weights, points).set(shares);
  return { through, shares: weights, ratios, flags };
}

function checkRange(flags: Int32Array, fallen: Int32Array, members: number, precision: string): void {
  for (let k = 0; k < flags.length; k++)
    if (flags[k] === rescaleFlags.notFinite && k % lanes < members)
      throw new NumericalError(
        `the activations of layer ${Math.floor(k / lanes) + 1} overflow ${precision}: take a smaller weight variance or fewer layers`,
      );
  for (let lane = 0; lane < members; lane++)
    if (fallen[lane] !== 0)
      throw new NumericalError(`activations fall below the range of ${precision}: take a larger weight variance or fewer layers`);
}

function livingRecords(machine: LaneMachine, living: Results["living"], vanishes: readonly boolean[]): (slot: number) => Living {
  const layers = vanishes.length;
  const records = Array.from({ length: lanes }, () => ({
    ratio: new Float64Array(layers),
    anyHere: new Uint8Array(layers),
    anyThrough: new Uint8Array(layers),
  }));
  if (!living) return (slot) => records[slot];
  const ratiosOf = lasting(() => machine.doubles(living.ratios, lanes * layers));
  const flagsOf = lasting(() => machine.ints(living.flags, lanes * layers));
  return (slot) => {
    const record = records[slot];
    const [ratios, flags] = [ratiosOf(), flagsOf()];
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
