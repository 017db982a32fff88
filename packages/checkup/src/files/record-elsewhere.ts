import { ConfigError, count, split } from "@sonde/core";
import {
  exposableValues,
  type ForeignNetwork,
  type ForeignProbe,
  type ForeignProgram,
  type ForeignSession,
  type ModelFile,
  probeForeign,
  recordForeign,
} from "@sonde/formats";
import { sharedStream, type Tensor } from "@sonde/nets";
import { firstOf, modelData, modelInputs, type NetworkInputs } from "./model-inputs.js";
import type { ForeignSource, NetworkSource } from "./network-source.js";
import {
  arraysOf,
  type LikeRecordings,
  type ModelRecording,
  networks,
  points,
  type RecordContext,
  type RecordOptions,
  type Wanted,
} from "./record-model.js";

/** What a run may cost where nobody says how many points: seconds, and values that go from program to program. */
const budget = { seconds: 16, values: 2 ** 28, like: 20 };

/** What goes from program to program at a time. */
const batch = { seconds: 5, values: 2 ** 23 };

/** Points of the trial that tells how points run. */
const tried = 3;

/** Graphs within operators and functions, whose insides are not seen. */
const closed = ["If", "Loop", "Scan"];

/** Has another program run a network that Sonde does not run, on points, and tells what its layers put out. */
export async function recordElsewhere(
  { network, file, redrawing }: ForeignSource,
  source: Pick<NetworkSource, "notes" | "weights">,
  options: RecordOptions,
  { foreign, readData, signal, progress }: RecordContext,
  { like = false, operators }: Wanted & { readonly operators: readonly string[] },
): Promise<ModelRecording> {
  const program = foreign?.(operators);
  if (!program) throw new ConfigError("there is no program that runs it");
  signal?.throwIfAborted();
  const started = performance.now();
  const session = await opened(program, network, file);
  const loading = (performance.now() - started) / 1000;
  const entry = entryOf(network);
  const [{ name: first }] = entry.graph.inputs;
  const { fixedPoints, points: fixed } = network.shapes(1);
  const trial = modelInputs(entry, fixedPoints ? fixed : tried, undefined, options);
  const probe = await probeForeign(network, session, trial.values);
  const many = options.points ?? usualPoints(probe);
  const data = await modelData(entry, many, options, readData);
  const rows = data?.rows.rows ?? many;
  const all = fixedPoints ? fixed * Math.max(1, Math.floor(rows / fixed)) : rows;
  if (rows < all)
    throw new ConfigError(`the model takes ${fixed} points at a time, and the data has ${rows}: give as many, or a multiple`);
  const inputs = modelInputs(entry, all, data, options);
  const random = split(sharedStream(options.seed), 7);
  const run = async (own: Readonly<Record<string, Tensor>>, some: number, shown: boolean) =>
    recordForeign(network, session, probe, own, some, {
      together: fixedPoints ? fixed : network.coupled ? some : Math.min(some, togetherAt(probe)),
      random,
      ...(signal && { signal }),
      ...(shown && progress && { progress: (done, most) => progress(done, most, "points") }),
    });
  const recorded = await run(inputs.values, all, true);
  if (recorded.hidden.length + recorded.outputs.length === 0)
    throw new ConfigError("no layer of it puts out values for each point, so there is nothing to measure");
  const arrays = arraysOf(recorded, inputs.values[first], entry.inputAxes[first]);
  return {
    arrays,
    hidden: recorded.hidden.length > 0 ? recorded.hidden : recorded.outputs,
    inputs: `${inputs.name}, ${count(all, "point")}`,
    settings: inputs.settings,
    warnings: [
      ...source.notes,
      ...network.shapes(all).notes,
      `${program.name} ran it, in single precision, because of ${shortList(operators)}`,
      ...closedNote(operators, file),
      ...(recorded.hidden.length === 0
        ? ["the model has no hidden layer that is seen: its output is reported in place of one"]
        : []),
      ...(recorded.leftOut > 0
        ? ["large layers are looked at in some of their positions, the same for all points, so that they fit into memory"]
        : []),
      ...(fixedPoints && fixed > 1 ? [`the file fixes the batch to ${fixed}: points run in batches of that size`] : []),
      ...(like && redrawing.drawn > 0 && redrawing.kept.length > 0
        ? [
            `networks like it have the weights ${shortList(redrawing.kept)} of this one: they are within operators, computed, or no real numbers`,
          ]
        : []),
    ],
    weights: source.weights,
    sums: network.sums,
    program: program.name,
    ...(like && {
      like: await likeOf({
        source: { network, file, redrawing },
        session,
        options,
        all,
        seconds: { loading, point: probe.seconds },
        run: async (some) =>
          arraysOf(
            await run(some === all ? inputs.values : firstOf(entry, inputs.values, some), some, false),
            inputs.values[first].shape[entry.inputAxes[first]] === some
              ? inputs.values[first]
              : firstOf(entry, inputs.values, some)[first],
            entry.inputAxes[first],
          ),
      }),
    }),
  };
}

/** A session that shows all that is looked at. What a program cannot show keeps it from loading the model: then less is asked for. */
async function opened(program: ForeignProgram, network: ForeignNetwork, file: ModelFile): Promise<ForeignSession> {
  const may = new Set(exposableValues(file));
  const known = network.places.filter(({ activation }) => activation);
  const wanted = [network.places, known, []].map((places) =>
    [...new Set(places.flatMap(({ value, activation }) => [value, ...(activation ? [activation.before] : [])]))].filter((name) =>
      may.has(name),
    ),
  );
  let failure: unknown;
  for (const [k, exposed] of wanted.entries()) {
    if (k > 0 && exposed.length === wanted[k - 1].length) continue;
    try {
      return await program.open(exposed);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      failure = error;
    }
  }
  throw failure;
}

/** What the network takes, for one point. */
function entryOf({ inputs, shapes }: ForeignNetwork): NetworkInputs {
  const { shapes: sizes, axes } = shapes(1);
  return {
    graph: {
      inputs: inputs.map(({ name, entries }) => ({ name, shape: sizes[name], ...(entries !== undefined && { entries }) })),
    },
    inputAxes: axes,
  };
}

/** As many points as the budget allows. */
function usualPoints({ seconds, values }: ForeignProbe): number {
  const affordable = Math.min(budget.seconds / Math.max(1e-6, seconds), budget.values / Math.max(1, values));
  return Math.max(points.fewest, Math.min(points.most, Math.floor(affordable)));
}

function togetherAt({ seconds, values }: ForeignProbe): number {
  return Math.max(1, Math.floor(Math.min(batch.seconds / Math.max(1e-6, seconds), batch.values / Math.max(1, 2 * values))));
}

/** What of the file is not seen, since it is computed within operators. */
function closedNote(operators: readonly string[], { nodes }: ModelFile): string[] {
  const inner = closed.filter((name) => operators.includes(name));
  const own = (nodes ?? []).some(({ domain }) => domain !== "");
  const hidden = [...inner, ...(own ? ["operators that are not of the standard"] : [])];
  return hidden.length > 0 ? [`of ${hidden.join(", ")} the outputs are looked at, not what is computed within`] : [];
}

function shortList(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => name.slice(0, 60));
  return `${shown.join(", ")}${names.length > 3 ? ` and ${names.length - 3} more` : ""}`;
}

interface LikeOptions {
  readonly source: ForeignSource;
  readonly session: ForeignSession;
  readonly options: RecordOptions;
  readonly all: number;
  readonly seconds: { readonly loading: number; readonly point: number };
  readonly run: (points: number) => Promise<ReturnType<typeof arraysOf>>;
}

/** How networks like the model are drawn, in the bytes of its file, and recorded at fewer of its points. */
async function likeOf({ source, session, options, all, seconds, run }: LikeOptions): Promise<LikeRecordings> {
  const { network, redrawing } = source;
  const { initialiser, recognised, drawn: tensors, draw } = redrawing;
  const some = network.shapes(1).fixedPoints || network.coupled ? all : Math.min(all, points.like);
  const each = seconds.loading + some * seconds.point;
  const affordable = Math.floor(budget.like / Math.max(1e-3, each)) - 1;
  const drawn = options.networks ?? Math.min(networks.most, affordable);
  const enough = tensors > 0 && drawn >= (options.networks === undefined ? networks.fewest : 2);
  const random = split(sharedStream(options.seed), 7);
  return {
    initialiser,
    recognised,
    points: some,
    networks: enough ? drawn : 0,
    own: enough ? await run(some) : [],
    ...(!enough && {
      reason:
        tensors === 0
          ? "none of its weights lie in the file as real numbers of a layer that is known"
          : `${networks.fewest} of them would take long: add --networks ${networks.fewest} to draw them all the same`,
    }),
    record: async (k) => {
      await session.rewrite(draw(split(split(random, 1), k)));
      return run(some);
    },
  };
}
