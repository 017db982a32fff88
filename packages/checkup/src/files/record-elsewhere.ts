import { ConfigError, count, FormatError, split } from "@sonde/core";
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

/** What a run may cost where nobody says how many points: seconds, and values that go from program to program; and networks like it in all, in seconds. */
const budget = { seconds: 16, values: 2 ** 26, like: 20 };

/** Values that are kept, and what it takes to judge one: a microsecond or less. */
const kept = { all: 2 ** 24, like: 2 ** 21, seconds: 1e-6 };

/** What goes from program to program at a time. */
const batch = { seconds: 5, values: 2 ** 23 };

/** Points of the trial that tells how points run. */
const tried = 3;

/** Sizes of open axes that are no points, one pair after the other until the model runs. */
const sizes = [
  { image: 64, sequence: 16 },
  { image: 224, sequence: 128 },
  { image: 32, sequence: 512 },
  { image: 256, sequence: 4096 },
] as const;

/** Graphs within operators and functions, whose insides are not seen. */
const closed = ["If", "Loop", "Scan"];

/** Has another program run a network that Sonde does not run, on points, and tells what its layers put out. */
export async function recordElsewhere(
  elsewhere: ForeignSource,
  source: Pick<NetworkSource, "notes" | "weights">,
  options: RecordOptions,
  { foreign, readData, signal, progress }: RecordContext,
  { like = false, operators }: Wanted & { readonly operators: readonly string[] },
): Promise<ModelRecording> {
  const program = await foreign?.(operators);
  if (!program) throw new ConfigError("there is no program that runs it");
  signal?.throwIfAborted();
  const started = performance.now();
  const { file, redrawing } = elsewhere;
  const session = await opened(program, elsewhere.network(), file);
  const loading = (performance.now() - started) / 1000;
  const { network, probe } = await probed(elsewhere, session, options);
  const entry = entryOf(network);
  const [{ name: first }] = entry.graph.inputs;
  const { fixedPoints, points: fixed } = network.shapes(1);
  const many = options.points ?? usualPoints(probe);
  const data = await modelData(entry, many, options, readData);
  const rows = data?.rows.rows ?? many;
  const all = fixedPoints ? fixed * Math.max(1, Math.floor(rows / fixed)) : rows;
  if (rows < all)
    throw new ConfigError(`the model takes ${fixed} points at a time, and the data has ${rows}: give as many, or a multiple`);
  const inputs = foreignValues(network, all, data, options);
  const random = split(sharedStream(options.seed), 7);
  const run = (own: Readonly<Record<string, Tensor>>, some: number, values: number, shown: boolean) =>
    recordForeign(network, session, probe, own, some, {
      kept: values,
      together: fixedPoints ? fixed : network.coupled ? some : Math.min(some, togetherAt(probe)),
      random,
      ...(signal && { signal }),
      ...(shown && progress && { progress: (done, most) => progress(done, most, "points") }),
    });
  const recorded = await run(inputs.values, all, kept.all, true);
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
        network,
        redrawing,
        session,
        options,
        all,
        probe,
        loading,
        run: async (some) => {
          const given = some === all ? inputs.values : firstOf(entry, inputs.values, some);
          return arraysOf(await run(given, some, kept.like, false), given[first], entry.inputAxes[first]);
        },
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
      if (!(error instanceof FormatError)) throw error;
      failure = error;
    }
  }
  throw failure;
}

/** How the model runs, with sizes of open axes at which it does. */
async function probed(
  { network: sizedNetwork }: ForeignSource,
  session: ForeignSession,
  options: RecordOptions,
): Promise<{ readonly network: ForeignNetwork; readonly probe: ForeignProbe }> {
  let failure: unknown;
  for (const assumed of sizes) {
    const network = sizedNetwork(assumed);
    const { fixedPoints, points: fixed } = network.shapes(1);
    const { values } = foreignValues(network, fixedPoints ? fixed : tried, undefined, options);
    try {
      return { network, probe: await probeForeign(network, session, values) };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      failure ??= error;
      if (!network.open) break;
    }
  }
  throw failure;
}

/** Values for its inputs; one that chooses what is computed gets the number that it is compared with. */
function foreignValues(
  network: ForeignNetwork,
  all: number,
  data: Parameters<typeof modelInputs>[2],
  options: RecordOptions,
): ReturnType<typeof modelInputs> {
  const inputs = modelInputs(entryOf(network), all, data, options);
  const chosen = network.inputs.flatMap(({ name, compared }) =>
    compared === undefined ? [] : [[name, { shape: [], data: Float64Array.of(compared) }] as const],
  );
  return { ...inputs, values: { ...inputs.values, ...Object.fromEntries(chosen) } };
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
  readonly network: ForeignNetwork;
  readonly redrawing: ForeignSource["redrawing"];
  readonly session: ForeignSession;
  readonly options: RecordOptions;
  readonly all: number;
  readonly probe: ForeignProbe;
  /** Seconds that it takes to load the model. */
  readonly loading: number;
  readonly run: (points: number) => Promise<ReturnType<typeof arraysOf>>;
}

/** How networks like the model are drawn, in the bytes of its file, and recorded at fewer of its points. */
async function likeOf({
  network,
  redrawing,
  session,
  options,
  all,
  probe: { seconds, values },
  loading,
  run,
}: LikeOptions): Promise<LikeRecordings> {
  const { initialiser, recognised, drawn: tensors, draw } = redrawing;
  const fewer = Math.max(points.fewest, Math.min(points.like, Math.floor((8 * kept.like) / Math.max(1, values))));
  const some = network.shapes(1).fixedPoints || network.coupled ? all : Math.min(all, fewer);
  // Drawing the weights takes about as long as loading them.
  const each = 2 * loading + some * seconds + Math.min(some * values, kept.like) * kept.seconds;
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
