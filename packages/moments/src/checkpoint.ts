import { FormatError } from "@sonde/core";
import type { Columns } from "./columns.js";
import type { MomentsState } from "./metric.js";

/** What is known after some networks, and all that a later run of the same request needs to go on. */
export interface Checkpoint {
  readonly state: MomentsState;
  readonly networks: number;
}

/** A checkpoint as plain data fit for JSON: every number with all its bits. */
export interface EncodedCheckpoint {
  readonly networks: number;
  readonly layers: readonly string[];
  readonly places: readonly string[];
  readonly growth: readonly string[];
  readonly rows: readonly string[];
}

/**
 * A checkpoint as JSON can hold it: arrays of float64 as text, base 16, eight bytes a number, little-endian.
 *
 * @example
 * const checkpoints = [];
 * await measureMoments(mlp("2-4x3-1"), { batch: 8, networks: 4, checkpoint: (known) => checkpoints.push(encodeCheckpoint(known)) });
 * decodeCheckpoint(JSON.parse(JSON.stringify(checkpoints.at(-1)))).networks // 4
 */
export function encodeCheckpoint({ state, networks }: Checkpoint): EncodedCheckpoint {
  const { layers, places, growth, rows } = state;
  return {
    networks,
    layers: columnArrays(layers).map(encode),
    places: columnArrays(places).map(encode),
    growth: columnArrays(growth).map(encode),
    rows: rows.map(encode),
  };
}

/** The checkpoint behind its encoded form. Throws `FormatError` for anything else. */
export function decodeCheckpoint(value: unknown): Checkpoint {
  const { networks, layers, places, growth, rows } = (value ?? {}) as Partial<EncodedCheckpoint>;
  if (!(Number.isSafeInteger(networks) && (networks as number) > 0)) throw broken("its number of networks");
  const state = {
    networks: networks as number,
    layers: columnsOf(layers, "layers"),
    places: columnsOf(places, "places"),
    growth: columnsOf(growth, "growth"),
    rows: listOf(rows, "rows").map((text) => decode(text, "rows")),
  };
  if (state.rows.some(({ length }) => length !== state.layers.counts.length)) throw broken("rows");
  return { state, networks: networks as number };
}

function columnArrays({ counts, sums, deviations }: Columns): Float64Array[] {
  return [counts, sums, deviations];
}

function columnsOf(texts: readonly string[] | undefined, what: string): Columns {
  const [counts, sums, deviations] = listOf(texts, what).map((text) => decode(text, what));
  if (!deviations || sums.length !== counts.length || deviations.length !== counts.length) throw broken(what);
  return { counts, sums, deviations };
}

function listOf(value: unknown, what: string): readonly string[] {
  if (Array.isArray(value) && value.every((text) => typeof text === "string")) return value;
  throw broken(what);
}

function broken(what: string): FormatError {
  return new FormatError(
    `this is no checkpoint of moments (${what} cannot be read): give one that was saved by the same version`,
  );
}

const hexadecimal = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function encode(values: Float64Array): string {
  const bytes = new DataView(new ArrayBuffer(8 * values.length));
  values.forEach((value, i) => {
    bytes.setFloat64(8 * i, value, true);
  });
  let text = "";
  for (let k = 0; k < bytes.byteLength; k++) text += hexadecimal[bytes.getUint8(k)];
  return text;
}

function decode(text: string, what: string): Float64Array {
  if (text.length % 16 !== 0 || !/^[0-9a-f]*$/.test(text)) throw broken(what);
  const bytes = new DataView(new ArrayBuffer(text.length / 2));
  for (let k = 0; k < bytes.byteLength; k++) bytes.setUint8(k, Number.parseInt(text.slice(2 * k, 2 * k + 2), 16));
  return Float64Array.from({ length: text.length / 16 }, (_, i) => bytes.getFloat64(8 * i, true));
}
