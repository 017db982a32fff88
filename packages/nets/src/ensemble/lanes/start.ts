import { log2 } from "@sonde/core/math";
import type { Address } from "@sonde/kernels";
import { inputStream, inputsOf } from "../fresh.js";
import { directionsOf } from "../network-inputs.js";
import type { EnsemblePlan } from "../plan.js";
import { type LaneMachine, lanes, lasting } from "./machine.js";
import type { Place } from "./program.js";

/** Where four networks begin. */
export interface Start {
  readonly place: Place;
  /** Puts there what goes into the networks from number `group` on. */
  readonly fill: (group: number) => void;
}

/** Room for the inputs of four networks with the tangents' directions behind them, and what fills it: what networks share is put there once. */
export function allocateStart(plan: EnsemblePlan, machine: LaneMachine, homogeneous: boolean): Start {
  const { fresh, tangents } = plan;
  const count = plan.inputs.data.length;
  const values = machine.allocate(machine.valueBytes * (tangents ? 2 : 1) * count);
  const behind = values + machine.valueBytes * count;
  const place = { values, exponents: machine.allocate(16), tangentExponents: machine.allocate(16) };
  const parts = [
    fresh
      ? {
          exponent: 0,
          fill: fresh.standardised ? drawnApart(plan, machine, inputsOf, values) : drawnInputs(plan, machine, values),
        }
      : shared(machine, homogeneous ? normalised(plan.inputs.data) : { values: plan.inputs.data, exponent: 0 }, values),
    tangents?.directions
      ? shared(machine, normalised(tangents.directions.data), behind)
      : { exponent: 0, fill: tangents ? drawnApart(plan, machine, directionsOf, behind) : nothing },
  ];
  const exponents = [place.exponents, place.tangentExponents].map((at) => lasting(() => machine.ints(at, lanes)));
  const fill = (group: number): void =>
    parts.forEach((part, k) => {
      part.fill(group);
      exponents[k]().fill(part.exponent);
    });
  return { place, fill };
}

const nothing = () => {};

/** Values that all networks share, in every lane. */
function shared(machine: LaneMachine, { values, exponent }: { values: Float64Array; exponent: number }, out: Address) {
  const mark = machine.mark();
  const single = machine.allocate((machine.valueBytes / lanes) * values.length);
  machine.reals(single, values.length).set(values);
  machine.broadcast(single, values.length, out);
  machine.release(mark);
  return { exponent, fill: nothing };
}

/** Draws standard normal inputs for the four networks from `group` on, each its own. */
function drawnInputs({ inputs, fresh, seed }: EnsemblePlan, machine: LaneMachine, out: Address): (group: number) => void {
  const copies = fresh?.copies ?? 1;
  const streams = machine.allocate(64);
  const parent = inputStream(seed);
  const bytes = machine.valueBytes * inputs.cols;
  return (group) => {
    machine.roots(parent, group, streams);
    for (let p = 0; p < inputs.rows; p += copies) {
      const at = out + bytes * p;
      machine.fillLanes({ streams, scale: 1 }, (p / copies) * inputs.cols, inputs.cols, at);
      const point = machine.bytes(at, bytes);
      for (let copy = 1; copy < copies; copy++) machine.bytes(at + bytes * copy, bytes).set(point);
    }
  };
}

/** The same for what is drawn in float64, network by network. */
function drawnApart(
  plan: EnsemblePlan,
  machine: LaneMachine,
  drawn: typeof inputsOf | typeof directionsOf,
  out: Address,
): (group: number) => void {
  const count = plan.inputs.data.length;
  const room = new Float64Array(count);
  return (group) => {
    const interleaved = machine.reals(out, lanes * count);
    for (let lane = 0; lane < lanes; lane++) {
      const { data } = drawn(plan, group + lane, room) ?? plan.inputs;
      for (let i = 0; i < count; i++) interleaved[lanes * i + lane] = data[i];
    }
  };
}

/** The values over a power of two near the largest, exactly. */
function normalised(values: Float64Array): { values: Float64Array; exponent: number } {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return { values, exponent: 0 };
  const exponent = Math.max(-1000, Math.min(1000, Math.round(log2(largest))));
  return { values: values.map((value) => value * 2 ** -exponent), exponent };
}
