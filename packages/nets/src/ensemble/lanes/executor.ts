import { split, stream } from "@sonde/core";
import type { Address, EnsembleKernels } from "@sonde/kernels";
import { hiddenLayers } from "../../hidden-layers.js";
import { isHomogeneousPart } from "../../homogeneous.js";
import { type ShapedLayer, size } from "../../shapes.js";
import type { Execute } from "../executors.js";
import type { ChannelSums, ObservedPlace } from "../metric.js";
import { canVanish, nonZeroRows, noTangents } from "../observed-layer.js";
import { observedLayers, observedPaths } from "../observed-part.js";
import type { Demands, Observer } from "../observer.js";
import type { EnsemblePlan } from "../plan.js";
import { backwardPass } from "./backward-pass.js";
import { allocateChannelRoom, type ChannelRoom, channelSumsOf } from "./channel-sums.js";
import { keepWeights } from "./kept-weights.js";
import { type LaneMachine, lanes } from "./machine.js";
import { compile, type Place } from "./program.js";
import { allocateResults } from "./results.js";
import { allocateStart } from "./start.js";
import type { Step } from "./weighted.js";

/** Four networks at a time in WebAssembly: a program compiled once for the plan's architecture and run for every group. */
export function laneExecutor(plan: EnsemblePlan, machine: LaneMachine, demands: Demands): Execute {
  const { shares, seed, tangents } = plan;
  const shaped = observedLayers(plan.architecture, demands.outputs || demands.backward);
  const homogeneous = isHomogeneousPart(shaped);
  const hidden = hiddenLayers(plan.architecture);
  const vanishes = hidden.map(({ label }) => canVanish(label));
  const points = plan.inputs.rows;
  const results = allocateResults(machine, { vanishes, points, living: demands.living, shares });
  const roots = machine.allocate(64);
  const start = allocateStart(plan, machine, homogeneous);
  const everywhere = demands.visits || demands.backward;
  const seen = everywhere ? [plan.inputs.cols, ...outputSizes(shaped)] : hidden.map(({ shape }) => size(shape));
  const widest = seen.reduce((most, units) => Math.max(most, units), 1);
  const parts = tangents ? 2 : 1;
  const looks = demands.watches || everywhere;
  const separated = looks ? machine.allocate(parts * machine.valueBytes * points * widest) : 0;
  const views = (units: number, place: Place) =>
    laneViews(machine, { points, units, place, separated, tangents: tangents !== undefined });
  const sums =
    demands.visits && machine.draws === "weights"
      ? placeSums(machine.kernels, points, allocateChannelRoom(machine.kernels, points * widest, widest))
      : undefined;
  const networks = split(stream(seed), 0);

  let observer: Observer;
  let members = 0;
  const visit = (path: string, units: number, place: Place): Step => {
    const view = views(units, place);
    return () => {
      const look = view();
      const sum = sums?.(units, place);
      for (let lane = 0; lane < members; lane++)
        observer.visit(lane, { path, ...look(lane), ...(sum && { channelSums: (...what) => sum(lane, ...what) }) });
    };
  };
  const goesBack = demands.backward && machine.draws === "weights" ? machine.kernels : undefined;
  const kept = goesBack && keepWeights(shaped, goesBack, seed);
  const observed = observedPaths(plan.architecture, demands.outputs);
  const { steps, records } = compile(shaped, start.place, {
    kept,
    records: demands.backward,
    machine,
    points,
    homogeneous,
    tangents,
    roots,
    results,
    vanishes,
    observe: ({ hidden: layer = 0, output }, place) => {
      if (!demands.watches) return undefined;
      const view = views(size(output), place);
      return () => {
        const look = view();
        for (let lane = 0; lane < members; lane++) {
          const values = look(lane);
          const alive = () => (vanishes[layer - 1] ? nonZeroRows(values.activations()) : new Uint8Array(points).fill(1));
          observer.observe(lane, { layer, alive, ...values });
        }
      };
    },
    ...(demands.visits && {
      visit: ({ path, output }, place) => (observed.has(path) ? visit(path, size(output), place) : undefined),
    }),
  });
  if (demands.visits) steps.unshift(visit("input", plan.inputs.cols, start.place));
  const back =
    goesBack &&
    kept &&
    backwardPass(plan, goesBack, {
      records,
      roots,
      kept,
      separated,
      members: () => members,
      show: (lane, gradient) => observer.backward(lane, gradient),
    });

  return (first, count, currentObserver) => {
    observer = currentObserver;
    for (let group = first; group < first + count; group += lanes) {
      members = Math.min(lanes, first + count - group);
      machine.roots(networks, group, roots);
      start.fill(group);
      kept?.fill(group);
      results.clear();
      observer.begin(members);
      for (const step of steps) step();
      results.check(members);
      back?.(group);
      observer.end({ living: results.livingOf });
    }
  };
}

/** What sums a place up for four networks at once, called once for every group; the sums of one part are kept until those of the next place are asked for. */
function placeSums(kernels: EnsembleKernels, points: number, room: ChannelRoom) {
  const rooms = new Map<string, Float64Array>();
  return (units: number, place: Place) => {
    const known = new Map<string, ChannelSums[]>();
    return (lane: number, part: "activations" | "tangents", channels: number, spectrum: boolean): ChannelSums => {
      const key = `${part} ${channels} ${spectrum}`;
      let sums = known.get(key);
      if (!sums) {
        const x = place.values + (part === "tangents" ? 16 * points * units : 0);
        const out = rooms.get(key) ?? new Float64Array(6 * channels * lanes);
        rooms.set(key, out);
        sums = channelSumsOf(kernels, room, { x, samples: (points * units) / channels, channels, spectrum }, out);
        known.set(key, sums);
      }
      return sums[lane];
    };
  };
}

/** The values of every layer's output for one point, blocks included. */
function outputSizes(layers: readonly ShapedLayer[]): number[] {
  return layers.flatMap(({ output, branches }) => [size(output), ...branches.flatMap(outputSizes)]);
}

/** What metrics see of each lane at one place; the lanes are taken apart only if one is looked at. Called once for every group. */
function laneViews(
  machine: LaneMachine,
  where: { points: number; units: number; place: Place; separated: Address; tangents: boolean },
): () => (lane: number) => Omit<ObservedPlace, "path"> {
  const { points, units, place, separated } = where;
  const count = points * units;
  const numberBytes = machine.valueBytes / lanes;
  const room = machine.valueBytes * count;
  /** Takes `values` apart into the room at `into`, once for every group. */
  const lanesOf = (values: Address, into: Address) => {
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
      points,
      units,
      exponent: machine.ints(place.exponents, lanes)[lane],
      activations: () => activations(lane),
      tangentExponent: machine.ints(place.tangentExponents, lanes)[lane],
      tangents: () => (where.tangents ? tangents(lane) : noTangents()),
    });
  };
}
