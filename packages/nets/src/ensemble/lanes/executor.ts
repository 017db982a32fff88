import { type Matrix, split, stream } from "@sonde/core";
import { log2 } from "@sonde/core/math";
import { hiddenLayers } from "../../hidden-layers.js";
import { isHomogeneous } from "../../homogeneous.js";
import { inferShapes, size } from "../../shapes.js";
import type { Execute } from "../executors.js";
import { inputStream } from "../fresh.js";
import type { ObservedLayer } from "../metric.js";
import { canVanish, nonZeroRows, noTangents } from "../observed-layer.js";
import { observedPart } from "../observed-part.js";
import type { Demands, Observer } from "../observer.js";
import type { EnsemblePlan } from "../plan.js";
import { type LaneMachine, lanes } from "./machine.js";
import { compile, type Place } from "./program.js";
import { allocateResults, checkRange, clearResults, livingRecords } from "./results.js";

/** Four networks at a time in WebAssembly: a program compiled once for the plan's architecture and run for every group. */
export function laneExecutor(
  { inputs, fresh, shares, seed, tangents, ...plan }: EnsemblePlan,
  machine: LaneMachine,
  demands: Demands,
): Execute {
  const architecture = observedPart(plan.architecture);
  const homogeneous = isHomogeneous(architecture);
  const hidden = hiddenLayers(architecture);
  const vanishes = hidden.map(({ label }) => canVanish(label));
  const points = inputs.rows;
  const sizes = { layers: hidden.length, points, living: demands.living, shares };
  const results = allocateResults(machine, sizes);
  const roots = machine.allocate(64);
  const exponents = machine.allocate(16);
  const scaled = homogeneous && !fresh ? normalised(inputs.data) : { values: inputs.data, exponent: 0 };
  const tangentExponents = machine.allocate(16);
  const directions = tangents ? normalised(tangents.directions.data) : { values: new Float64Array(0), exponent: 0 };
  const together = new Float64Array(scaled.values.length + directions.values.length);
  together.set(scaled.values);
  together.set(directions.values, scaled.values.length);
  const start = { values: broadcast(machine, together), exponents, tangentExponents };
  const widest = hidden.reduce((most, { shape }) => Math.max(most, size(shape)), 1);
  const separated = demands.watches ? machine.allocate((tangents ? 2 : 1) * machine.valueBytes * points * widest) : 0;
  const living = livingRecords(machine, results, vanishes);
  const networks = split(stream(seed), 0);
  const drawInputs = fresh ? freshLanes(machine, { inputs, copies: fresh.copies, seed, values: start.values }) : () => {};

  let observer: Observer;
  let members = 0;
  const steps = compile(inferShapes(architecture), start, {
    machine,
    points,
    homogeneous,
    tangents,
    roots,
    results,
    vanishes,
    observe: ({ hidden: layer = 0, output }, place) => {
      if (!demands.watches) return undefined;
      const view = laneViews(machine, {
        layer,
        points,
        units: size(output),
        place,
        separated,
        vanishes: vanishes[layer - 1],
        tangents: tangents !== undefined,
      });
      return () => {
        const look = view();
        for (let lane = 0; lane < members; lane++) observer.observe(lane, look(lane));
      };
    },
  });

  return (first, count, currentObserver) => {
    observer = currentObserver;
    for (let group = first; group < first + count; group += lanes) {
      members = Math.min(lanes, first + count - group);
      drawInputs(group);
      machine.roots(networks, group, roots);
      machine.ints(exponents, lanes).fill(scaled.exponent);
      machine.ints(tangentExponents, lanes).fill(directions.exponent);
      clearResults(machine, results, sizes);
      observer.begin(members);
      for (const step of steps) step();
      checkRange(machine, results, hidden.length, members);
      observer.end({ living });
    }
  };
}

/** What metrics see of each lane of a layer; the lanes are taken apart only if one is looked at. Called once for every group. */
function laneViews(
  machine: LaneMachine,
  layer: { layer: number; points: number; units: number; place: Place; separated: number; vanishes: boolean; tangents: boolean },
): () => (lane: number) => ObservedLayer {
  const { points, units, place, separated } = layer;
  const count = points * units;
  const numberBytes = machine.valueBytes / lanes;
  const room = machine.valueBytes * count;
  /** Takes `values` apart into the room at `into`, once for every group. */
  const lanesOf = (values: number, into: number) => {
    let apart = false;
    return (lane: number) => {
      if (!apart) machine.separate(values, count, into);
      apart = true;
      return { rows: points, cols: units, data: machine.reals(into + numberBytes * count * lane, count) };
    };
  };
  return () => {
    const activations = lanesOf(place.values, separated);
    const tangents = lanesOf(place.values + room, separated + room);
    return (lane) => ({
      layer: layer.layer,
      points,
      units,
      exponent: machine.ints(place.exponents, lanes)[lane],
      activations: () => activations(lane),
      alive: () => (layer.vanishes ? nonZeroRows(activations(lane)) : new Uint8Array(points).fill(1)),
      tangentExponent: machine.ints(place.tangentExponents, lanes)[lane],
      tangents: () => (layer.tangents ? tangents(lane) : noTangents()),
    });
  };
}

/** Draws inputs for the four networks from `group` on, each its own, to `values`. */
function freshLanes(
  machine: LaneMachine,
  { inputs, copies = 1, seed, values }: { inputs: Matrix; copies?: number; seed: number; values: number },
): (group: number) => void {
  const streams = machine.allocate(64);
  const parent = inputStream(seed);
  const bytes = machine.valueBytes * inputs.cols;
  return (group) => {
    machine.roots(parent, group, streams);
    for (let p = 0; p < inputs.rows; p += copies) {
      const at = values + bytes * p;
      machine.fillLanes({ streams, scale: 1 }, (p / copies) * inputs.cols, inputs.cols, at);
      const point = machine.bytes(at, bytes);
      for (let copy = 1; copy < copies; copy++) machine.bytes(at + bytes * copy, bytes).set(point);
    }
  };
}

/** Puts values that all networks share into every lane. */
function broadcast(machine: LaneMachine, values: Float64Array): number {
  const out = machine.allocate(machine.valueBytes * values.length);
  const mark = machine.mark();
  const single = machine.allocate((machine.valueBytes / lanes) * values.length);
  machine.reals(single, values.length).set(values);
  machine.broadcast(single, values.length, out);
  machine.release(mark);
  return out;
}

/** The values over a power of two near the largest, exactly. */
function normalised(values: Float64Array): { values: Float64Array; exponent: number } {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return { values, exponent: 0 };
  const exponent = Math.max(-1000, Math.min(1000, Math.round(log2(largest))));
  return { values: values.map((value) => value * 2 ** -exponent), exponent };
}
