import { ConfigError, quote, type Stream, split } from "@sonde/core";
import type { Tensor } from "@sonde/nets";
import { type Arrangement, arrangement, joined } from "../graph/arrangement.js";
import { apart, type RecordedModel, type RecordedPlace } from "../graph/record-model.js";
import type { ForeignNetwork } from "./foreign-network.js";
import { type ForeignAxes, type ForeignProbe, foreignInputs, withOwnAxis } from "./probe-foreign.js";
import type { ForeignSession } from "./session.js";

export interface RecordForeignOptions {
  /** Points of a run: those of the file where it fixes them. */
  readonly together: number;
  /** Values that are kept in all; of layers that are larger only some positions are, drawn by the stream. Default 2^24. */
  readonly kept?: number;
  readonly random: Stream;
  readonly signal?: { readonly throwIfAborted: () => void };
  readonly progress?: (done: number, all: number) => void;
}

interface Kept extends ForeignAxes {
  readonly name: string;
  readonly value: string;
  readonly before?: string;
  readonly activation?: string;
  readonly beside: boolean;
  readonly layout: Arrangement;
  readonly data: Float32Array[];
  readonly preActivations: Float32Array[];
}

/**
 * Has a model run on `points` points and keeps what its hidden layers and outputs put out, as single-precision numbers: what the other program computes with.
 *
 * Throws what the session throws, and `ConfigError` where a layer puts out another number of values from run to run.
 */
export async function recordForeign(
  network: ForeignNetwork,
  session: ForeignSession,
  probe: ForeignProbe,
  inputs: Readonly<Record<string, Tensor>>,
  points: number,
  { together, kept = 2 ** 24, random, signal, progress }: RecordForeignOptions,
): Promise<RecordedModel<Float32Array>> {
  const values = probe.values * points;
  const given = new Set(session.outputs);
  const withBefore = 2 * values <= kept;
  const keep = (axes: ForeignAxes, k: number) => ({
    ...axes,
    layout: arrangement(atPoints(axes, together), axes, kept / Math.max(1, values), split(random, k)),
    data: [],
    preActivations: [],
  });
  const hidden = probe.hidden.map(({ module, main, activation, value, ...axes }, k): Kept => {
    const before = withBefore && activation && given.has(activation.before) ? activation : undefined;
    return {
      ...keep(axes, k),
      name: module,
      value,
      beside: !main,
      ...(before && { before: before.before, activation: before.name }),
    };
  });
  const outputs = probe.outputs.map(
    ({ value, ...axes }, k): Kept => ({ ...keep(axes, hidden.length + k), name: "output", value, beside: false }),
  );
  const all = [...hidden, ...outputs];
  const wanted = [...new Set(all.flatMap(({ value, before }) => [value, ...(before === undefined ? [] : [before])]))];
  for (let start = 0; start < points; start += together) {
    signal?.throwIfAborted();
    const some = Math.min(together, points - start);
    const made = new Map(
      (await session.run(foreignInputs(network, inputs, start, some), wanted)).map((tensor) => [tensor.name, tensor]),
    );
    for (const place of all) {
      const take = (name: string) => {
        const tensor = withOwnAxis(made.get(name) ?? { shape: [], data: new Float32Array(0) }, place);
        if (String(tensor.shape) !== String(atPoints(place, some)))
          throw new ConfigError(
            `what ${quote(name)} puts out has another shape from run to run, so its points cannot be compared`,
          );
        return Float32Array.from(place.layout.arranged(tensor));
      };
      place.data.push(take(place.value));
      if (place.before !== undefined) place.preActivations.push(take(place.before));
    }
    progress?.(start + some, points);
  }
  const recorded = all.map((place): RecordedPlace<Float32Array> => {
    const { name, beside, activation, layout, data, preActivations } = place;
    return {
      name,
      shape: [points, ...layout.shape.slice(1)],
      data: joined(data),
      ...(beside && { beside: true }),
      ...(activation !== undefined && { activation, preActivations: joined(preActivations) }),
    };
  });
  const named = apart(recorded);
  return {
    hidden: named.slice(0, hidden.length),
    outputs: named.slice(hidden.length),
    leftOut: Math.max(0, ...all.map(({ layout }) => layout.leftOut)),
  };
}

/** The shape of a value, with the axis of its own, at so many points. */
function atPoints({ shape, pointAxis }: ForeignAxes, points: number): number[] {
  return shape.map((length, axis) => (axis === pointAxis ? points : length));
}
