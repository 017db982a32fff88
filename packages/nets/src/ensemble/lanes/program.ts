import { log2 } from "@sonde/core/math";
import type { Address, WindowSizes } from "@sonde/kernels";
import { layerInitialiser } from "../../layer-initialiser.js";
import { windows } from "../../layers/windows.js";
import { type ShapedLayer, size } from "../../shapes.js";
import type { KeptWeights } from "./kept-weights.js";
import type { LaneMachine } from "./machine.js";
import { powerOfTwo } from "./power-of-two.js";
import type { Results } from "./results.js";
import { softmaxLanes } from "./softmax.js";
import { knownActivation } from "./support.js";
import { chainSteps, type Step, type StepOrLayer, type WeightedOptions, weightedStep, windowSizes } from "./weighted.js";

/** Where the values of four networks lie, with tangents behind them if there are any, and (int32 [4]) the powers of two taken out of both. */
export interface Place {
  readonly values: Address;
  readonly exponents: Address;
  readonly tangentExponents: Address;
}

export interface ProgramOptions {
  readonly machine: LaneMachine;
  readonly points: number;
  /** Whether powers of two may be taken out of the values, because all layers are positively homogeneous. */
  readonly homogeneous: boolean;
  /** Whether tangents are carried along, `[2 points][...][4]` in all; batch norm's statistics are constants to them or not. */
  readonly tangents?: { readonly batchNorm: "frozen" | "full" };
  /** Four streams, one for each network. */
  readonly roots: Address;
  readonly results: Results;
  /** Whether hidden layer l (from 1) can be zero other than by underflow. */
  readonly vanishes: readonly boolean[];
  /** What else is done at every hidden layer. */
  readonly observe: (shaped: ShapedLayer, place: Place) => Step | undefined;
  /** What else is done after every layer, before that; then nothing is fused that would hide a layer's output. */
  readonly visit?: (shaped: ShapedLayer, place: Place) => Step | undefined;
  /** Weights that were made beforehand, see `keepWeights`. */
  readonly kept?: KeptWeights;
  /** Whether what goes into and comes out of every layer stays where it is, for the way back. Default false. */
  readonly records?: boolean;
}

/** A layer on the way forward, where its values stay. */
export interface RecordedLayer {
  readonly shaped: ShapedLayer;
  /** Its input with (int32 [4]) the powers of two taken out of it, and its output, of a norm before scale and shift. */
  readonly x: Address;
  readonly exponents: Address;
  readonly y: Address;
  /** Windows of convolutions and pooling. */
  readonly windows?: WindowSizes;
  readonly branches: readonly (readonly RecordedLayer[])[];
}

/** What four networks do on the way forward, and what stays of it if it is recorded. */
export interface Program {
  readonly steps: Step[];
  readonly records: readonly RecordedLayer[];
}

/** Powers of two by which a lane's largest value may leave 1 before it is brought back. */
const slack = 30;

/** Powers of two that a layer's largest value is taken to change by besides its variance. */
const driftPerLayer = 15;

/**
 * Powers of two that values may drift before they are looked at. With the slack that leaves 2^-36 to float32's smallest numbers: to fall through it within these few layers has a probability of about 2^-96 even at width 1.
 */
const mostDrift = 60;

/** Beyond every number: rescaling with it changes nothing and only says what is not finite. */
const noSlack = 1100;

/**
 * The steps that carry four networks' values from `start` through these layers, blocks included. Values alternate between two buffers for every depth of nesting, so
 * memory does not grow with the number of layers, unless they are recorded; what lies at `start` stays as it is.
 */
export function compile(layers: readonly ShapedLayer[], start: Place, options: ProgramOptions): Program {
  const { machine, points, homogeneous, tangents, results, vanishes, observe, visit, records = false } = options;
  /** Values and tangents. */
  const parts = tangents ? 2 : 1;
  const withTangents = tangents !== undefined;
  const steps: StepOrLayer[] = [];
  const dummy = machine.allocate(16);
  const weighted: WeightedOptions = { ...options, ...rooms(layers, machine, parts * points) };

  const largest = largestOutputs(layers);
  /** Blocks at one depth use the same buffers: what one leaves there is added or joined to before the next begins. */
  const buffersAt: Address[][] = [];

  /** Compiles one list of layers and returns where its result lies, and its records. */
  const list = (shapedLayers: readonly ShapedLayer[], input: Place, depth: number): Place & { recorded: RecordedLayer[] } => {
    const recorded: RecordedLayer[] = [];
    const [exponents, tangentExponents] =
      depth === 0 ? [input.exponents, input.tangentExponents] : [machine.allocate(16), machine.allocate(16)];
    if (depth > 0)
      steps.push(() => {
        machine.ints(exponents, 4).set(machine.ints(input.exponents, 4));
        machine.ints(tangentExponents, 4).set(machine.ints(input.tangentExponents, 4));
      });
    if (!records) buffersAt[depth] ??= [0, 1].map(() => room(points * largest[depth]));
    const buffers = buffersAt[depth] ?? [];
    let values = input.values;
    /** Room for so many values that the current ones do not lie in. */
    const other = (count: number): Address => (records ? room(count) : values === buffers[0] ? buffers[1] : buffers[0]);
    /** Moves values that belong to somebody else, or stay, so that they may be changed. */
    const own = (count: number): void => {
      if (buffers.includes(values)) return;
      const [from, to, bytes] = [values, other(count), machine.valueBytes * parts * count];
      steps.push(() => machine.bytes(to, bytes).set(machine.bytes(from, bytes)));
      values = to;
    };

    for (let index = 0; index < shapedLayers.length; index++) {
      let shaped = shapedLayers[index];
      const { layer, input: from, output: to } = shaped;
      const count = points * size(to);
      const channels = from[from.length - 1];
      const positions = size(from) / channels;
      const x = values;
      const arriving = records ? { ...snapshot(exponents), shaped, x } : undefined;
      let seen: WindowSizes | undefined;
      let inside: RecordedLayer["branches"] = [];
      let standard: Address | undefined;
      let fused = false;
      switch (layer.kind) {
        case "dense":
        case "embedding":
        case "conv": {
          const next = shapedLayers[index + 1];
          // An activation right after the weights is part of their step, unless what lies between is looked at.
          const activation = !visit && !records && next?.layer.kind === "activation" ? next.layer.activation : undefined;
          const done = activation === undefined ? shaped : next;
          values = other(count);
          const also = {
            rescale: homogeneous && isDue(shaped, done) ? { exponents, flags: rangeOf(done), slack } : undefined,
            living: livingOf(done),
            tangents: tangents && { exponents: tangentExponents, flags: dummy, slack },
          };
          const made = weightedStep({ shaped, activation: activation ?? "linear", x, out: values, ...also }, weighted);
          steps.push(made.step);
          fused = made.fused;
          seen = made.windows;
          if (activation !== undefined) index++;
          shaped = done;
          break;
        }
        case "activation": {
          own(count);
          const at = values;
          const { activation, parameter } = knownActivation(layer.activation);
          if (withTangents) steps.push(() => machine.activateTangent(at, behind(at, count), count, activation, parameter));
          else steps.push(() => machine.activate(at, count, activation, parameter));
          break;
        }
        case "norm": {
          const out = other(count);
          const { norm, epsilon, gamma = 1, beta = 0 } = layer;
          const how = { epsilon, tangents: withTangents, frozen: tangents?.batchNorm !== "full" };
          steps.push(() => machine.norm(x, norm, { points, positions, channels }, out, how));
          values = out;
          if (gamma === 1 && beta === 0) break;
          // The way back needs what was normalised as it was.
          if (records) {
            values = other(count);
            copy(out, values, count);
          }
          const at = values;
          steps.push(() => machine.affine(at, count, gamma, beta));
          if (withTangents) steps.push(() => machine.affine(behind(at, count), count, gamma, 0));
          standard = out;
          break;
        }
        case "pool": {
          if (machine.draws === "law") throw new TypeError("the float64 kernels do not pool");
          const { kernels } = machine;
          const window = from.slice(0, -1).map((length) => (layer.window === "global" ? length : layer.window));
          // Windows do not overlap, and may differ along the axes only if there is one of them.
          const sizes = windowSizes(
            kernels,
            shaped,
            points,
            windows(from, window, layer.window === "global" ? 1 : layer.window, "valid"),
          );
          seen = sizes;
          const out = other(count);
          steps.push(() => kernels.pool(x, layer.pool, sizes, out, { tangents: withTangents }));
          values = out;
          break;
        }
        case "residual":
        case "concat": {
          const start = { values: x, exponents, tangentExponents };
          values = other(count);
          inside = block(shaped, start, values, depth);
          break;
        }
        case "softmax": {
          own(count);
          const at = values;
          steps.push(() => {
            const tangent = withTangents ? machine.reals(behind(at, count), 4 * count) : undefined;
            softmaxLanes(machine.reals(at, 4 * count), channels, tangent);
          });
          break;
        }
        case "flatten":
          fused = shaped.hidden === undefined;
          break;
      }
      finish(shaped, { values, exponents, tangentExponents }, fused);
      if (arriving) recorded.push({ ...arriving, y: standard ?? values, branches: inside, ...(seen && { windows: seen }) });
    }
    return { values, exponents, tangentExponents, recorded };
  };

  /** A copy of the exponents as they are at this point of the program; of values that are never rescaled they are 0 throughout. */
  const snapshot = (exponents: Address): { exponents: Address } => {
    if (!homogeneous) return { exponents };
    const copy = machine.allocate(16);
    steps.push(() => machine.ints(copy, 4).set(machine.ints(exponents, 4)));
    return { exponents: copy };
  };

  /** Room for so many values with their tangents. */
  const room = (count: number): Address => machine.allocate(machine.valueBytes * parts * count);

  /** Room for ends of branches, and for some of them joined, while further branches are run: one of two at every depth that is not `taken`, or new where everything stays. */
  const asideAt: Address[][] = [];
  const aside = (depth: number, count: number, taken?: Address): Address => {
    if (records) return room(count);
    asideAt[depth] ??= [0, 1].map(() => room(points * largest[depth]));
    return asideAt[depth][taken === asideAt[depth][0] ? 1 : 0];
  };

  /**
   * Compiles a block: runs its branches one after the other and joins each end to those before it, the last time into `out`. The exponents at `start` become the block's. Returns the records of the
   * branches.
   */
  const block = (shaped: ShapedLayer, start: Place, out: Address, depth: number): RecordedLayer["branches"] => {
    const { join, branches, output } = shaped;
    if (!join) throw new TypeError(`${shaped.path} is no block`);
    const places = points * (size(output) / output[output.length - 1]);
    const total = { values: 0, exponents: machine.allocate(16), tangentExponents: machine.allocate(16) };
    let channels = 0;
    const recorded = branches.map((branch, k) => {
      const run = list(branch, start, depth + 1);
      let end: Place = run;
      const own = join.kind === "sum" ? output[output.length - 1] : join.channels[k];
      const count = places * own;
      const last = k === branches.length - 1;
      const factor = join.kind === "sum" ? join.factors[k] : 1;
      // What lies at the block's input is not changed, nor what stays for the way back; a later summand may be, where it is added.
      const lent = end.values === start.values;
      if (join.kind === "sum" && ((lent && k > 0) || ((lent || records) && factor !== 1))) {
        end = { ...end, values: aside(depth, count) };
        copy(run.values, end.values, count);
      }
      if (factor !== 1) multiply(end, count, factor);
      if (k === 0) {
        // What lies at the block's input stays there, other ends only until the next branch is run.
        const stays = end.values === start.values && join.kind === "concat" && !last;
        total.values = stays ? end.values : join.kind === "sum" || last ? out : aside(depth, count);
        if (!stays) copy(end.values, total.values, count);
        copyExponents(end, total);
      } else if (join.kind === "sum") {
        add(total, end, count);
      } else {
        const to = last ? out : aside(depth, places * (channels + own), total.values);
        beside({ ...total, channels }, { ...end, channels: own }, places, to);
        total.values = to;
      }
      channels += own;
      return run.recorded;
    });
    copyExponents(total, start);
    return recorded;
  };

  /** Copies so many values with their tangents. */
  const copy = (from: Address, to: Address, count: number): void => {
    const bytes = machine.valueBytes * parts * count;
    steps.push(() => machine.bytes(to, bytes).set(machine.bytes(from, bytes)));
  };

  const copyExponents = (from: Place, to: Place): void => {
    steps.push(() => {
      machine.ints(to.exponents, 4).set(machine.ints(from.exponents, 4));
      machine.ints(to.tangentExponents, 4).set(machine.ints(from.tangentExponents, 4));
    });
  };

  /** Values, and tangents, times a factor, whose power of two goes to the exponents where there are any. */
  const multiply = ({ values, exponents, tangentExponents }: Place, count: number, factor: number): void => {
    const { rest, shift } = powerOfTwo(factor);
    const times = (at: Address, to: Address): void => {
      steps.push(() => {
        machine.affine(at, count, rest, 0);
        const own = machine.ints(to, 4);
        for (let lane = 0; lane < 4; lane++) own[lane] += shift;
      });
    };
    if (homogeneous) times(values, exponents);
    else steps.push(() => machine.affine(values, count, factor, 0));
    if (withTangents) times(behind(values, count), tangentExponents);
  };

  /** to += end; only homogeneous networks have exponents of their values. */
  const add = (to: Place, end: Place, count: number): void => {
    const { values } = to;
    const [a, b] = homogeneous ? [to.exponents, end.exponents] : [0, 0];
    steps.push(() => machine.add(values, end.values, count, a, b));
    if (withTangents)
      steps.push(() =>
        machine.add(behind(values, count), behind(end.values, count), count, to.tangentExponents, end.tangentExponents),
      );
  };

  /** a and b beside each other at `out`, and their exponents at those of a. */
  const beside = (
    a: Place & { readonly channels: number },
    b: Place & { readonly channels: number },
    places: number,
    out: Address,
  ): void => {
    const [p, q] = [a.channels, b.channels];
    const [ea, eb] = homogeneous ? [a.exponents, b.exponents] : [0, 0];
    steps.push(() => machine.concat(a.values, p, b.values, q, places, out, ea, eb));
    if (!withTangents) return;
    const [dx, dy, to] = [behind(a.values, places * p), behind(b.values, places * q), behind(out, places * (p + q))];
    steps.push(() => machine.concat(dx, p, dy, q, places, to, a.tangentExponents, b.tangentExponents));
  };

  /** Powers of two that values may have grown or shrunk by since they were last brought back. */
  let drift = 0;
  /** Whether the values have to be looked at after a layer with weights: several layers go by before they can have left float32. */
  const isDue = ({ layer, weights }: ShapedLayer, { hidden }: ShapedLayer): boolean => {
    const law = weights && layerInitialiser(layer).law?.(weights);
    drift += law ? driftPerLayer + Math.abs(log2(law.weightVariance)) / 2 : mostDrift;
    if (drift < mostDrift && hidden !== vanishes.length) return false;
    drift = 0;
    return true;
  };

  /** What follows every layer: living points, the range of the values, and whoever watches. */
  const finish = (shaped: ShapedLayer, place: Place, fused: boolean): void => {
    const { values, exponents, tangentExponents } = place;
    const units = size(shaped.output);
    const count = points * units;
    const living = livingOf(shaped);
    if (living && !fused)
      steps.push(() => machine.living(values, points, units, living.through, living.shares, living.ratios, living.flags));
    const flags = rangeOf(shaped);
    if (homogeneous && !fused) steps.push(() => machine.rescale(values, count, exponents, flags, slack));
    // Tangents are linear in the directions, so powers of two can always be taken out of them.
    if (withTangents && !fused) steps.push(() => machine.rescale(behind(values, count), count, tangentExponents, dummy, slack));
    const look = visit?.(shaped, place);
    if (look) steps.push(look);
    if (shaped.hidden === undefined) return;
    if (!homogeneous) steps.push(() => machine.rescale(values, count, results.fallen, flags, noSlack));
    const step = observe(shaped, place);
    if (step) steps.push(step);
  };

  /** Where the tangents of so many values lie. */
  const behind = (values: Address, count: number): Address => values + machine.valueBytes * count;

  const rangeOf = ({ hidden }: ShapedLayer): Address => (hidden === undefined ? dummy : results.range + 16 * (hidden - 1));

  const livingOf = ({ hidden }: ShapedLayer) => {
    const { living } = results;
    if (!living || hidden === undefined || !vanishes[hidden - 1]) return undefined;
    const { through, shares, ratios, flags } = living;
    return { through, shares, ratios: ratios + 32 * (hidden - 1), flags: flags + 16 * (hidden - 1) };
  };

  const { recorded } = list(layers, start, 0);
  return { steps: chainSteps(steps, machine), records: recorded };
}

/** The most values that a point has in a layer, at every depth of nesting. */
function largestOutputs(layers: readonly ShapedLayer[]): number[] {
  const largest: number[] = [];
  const visit = (shapedLayers: readonly ShapedLayer[], depth: number): void => {
    largest[depth] ??= 1;
    for (const { output, branches } of shapedLayers) {
      largest[depth] = Math.max(largest[depth], size(output));
      for (const branch of branches) visit(branch, depth + 1);
    }
  };
  visit(layers, 0);
  return largest;
}

/** Room that layers with weights use one after the other. */
function rooms(layers: readonly ShapedLayer[], machine: LaneMachine, points: number) {
  let scratch = 0;
  let widest = 1;
  const visit = (shapedLayers: readonly ShapedLayer[]): void => {
    for (const { weights, output, branches } of shapedLayers) {
      if (weights) {
        const rows = (points * size(output)) / weights.outputs;
        scratch = Math.max(scratch, machine.kernels.layerScratch(weights.inputs, weights.outputs, rows));
        widest = Math.max(widest, weights.outputs);
      }
      branches.forEach(visit);
    }
  };
  visit(layers);
  return {
    scratch: machine.allocate(scratch),
    streams: machine.allocate(64),
    bias: machine.allocate(machine.valueBytes * widest),
  };
}
